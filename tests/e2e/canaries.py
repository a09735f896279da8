"""Looks for people where none may be: Temporal's histories and database, and logs. Knows how a value may be spelled."""

import base64
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import Client, WorkflowHandle, WorkflowQueryFailedError
from temporalio.service import RPCError

from bench.people import Someone
from domain.lead import Lead

EXEMPT = ("simulator.log",)
"""The phone network has numbers and words; it isn't Baton."""

QUERY_LIMIT = timedelta(seconds=5)

SURE = 11
"""Characters from which on a piece of base64 doesn't turn up by chance in megabytes."""


@dataclass(frozen=True, slots=True)
class Hit:
    """What was found where."""

    place: str
    canary: str


def of_person(who: Someone) -> list[str]:
    """What a person could be told by."""
    return [who.first, who.last, who.phone, who.email, who.email.partition("@")[2], who.company.split(" ")[0]]


def spellings(values: Iterable[str]) -> dict[bytes, str]:
    """Every way in which each value could be written -> the value. In lower case, as `found` compares."""
    spelled: dict[bytes, str] = {}
    for value in values:
        for form in {value, *_forms(value)}:
            raw = form.encode()
            for written in (raw, raw.hex().encode(), *_in_base64(raw)):
                spelled[written.lower()] = value
    return spelled


def plainly(people: Sequence[Someone]) -> dict[bytes, str]:
    """Just the number and the address, as anything would write them: quick to look for, for many people."""
    return {each.phone[2:].encode(): each.phone for each in people} | {
        each.email.encode(): each.email for each in people
    }


def found(place: str, content: bytes, spelled: dict[bytes, str]) -> list[Hit]:
    """Canaries in `content`, whatever their case."""
    low = content.lower()
    return [Hit(place, value) for written, value in spelled.items() if written in low]


def _forms(value: str) -> Iterator[str]:
    """Numbers without their country, in groups, as part of a URL; addresses in two parts and as part of a URL."""
    if re.fullmatch(r"\+1\d{10}", value):
        area, middle, last = value[2:5], value[5:8], value[8:]
        yield from (value[1:], value[2:], f"%2B{value[1:]}", f"({area}) {middle}-{last}")
        yield from (f"{area}{sign}{middle}{sign}{last}" for sign in "-. ")
    elif "@" in value:
        yield from (value.partition("@")[0], value.replace("@", "%40"))
    else:
        yield value.replace(" ", "%20")
        yield value.replace(" ", "+")


def _in_base64(raw: bytes) -> Iterator[bytes]:
    """The part of its base64 that doesn't depend on what stands around it, for each of the three alignments."""
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + raw)
        whole = coded[(before * 8 + 5) // 6 : (before + len(raw)) * 8 // 6]
        if len(whole) >= SURE:
            yield whole


async def in_temporal(client: Client, spelled: dict[bytes, str]) -> tuple[int, list[Hit]]:
    """All that Temporal answers about every run: events, memo, search attributes, summaries, state, current details.

    Returns how many runs there are, and the hits.
    """
    hits, runs = [], 0
    async for execution in client.list_workflows():
        runs += 1
        handle: WorkflowHandle[object, object] = client.get_workflow_handle(execution.id, run_id=execution.run_id)
        async for place, content in _parts(handle):
            hits += found(f"{execution.id} {place}", content, spelled)
    return runs, hits


async def _parts(handle: WorkflowHandle[object, object]) -> AsyncIterator[tuple[str, bytes]]:
    # A serialised event holds its payloads' own bytes: nothing in it is coded a second time.
    for event in (await handle.fetch_history()).events:
        yield f"event {event.event_id}", event.SerializeToString()
    yield "description", (await handle.describe()).raw_description.SerializeToString()
    try:
        told = await handle.query("__temporal_workflow_metadata", result_type=WorkflowMetadata, rpc_timeout=QUERY_LIMIT)
        state = await handle.query("lead", result_type=Lead, rpc_timeout=QUERY_LIMIT)
    except (RPCError, WorkflowQueryFailedError):  # no workflow of ours
        return
    yield "current details", told.SerializeToString()
    yield "state", state.model_dump_json().encode()


def in_files(files: Iterable[Path], spelled: dict[bytes, str]) -> list[Hit]:
    """Whole files, byte by byte."""
    return [hit for file in files for hit in found(file.name, file.read_bytes(), spelled)]


def files_of(folder: Path) -> list[Path]:
    """Temporal's database and every log of a stack, earlier runs' included."""
    logs = [file for file in folder.rglob("*.log*") if not file.name.startswith(EXEMPT) and "pg" not in file.parts]
    return [*folder.glob("temporal.db*"), *logs]
