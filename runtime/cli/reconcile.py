"""`baton reconcile`: the ledger compared with the vendors' own lists now, and what that came to."""

import json
import time
import uuid
from pathlib import Path
from typing import Annotated

import typer

from domain.errors import Unavailable
from domain.reconciling import Reconciled, Sweep
from runtime.cli import words
from runtime.cli.http import Json, answer_of, client, read
from runtime.cli.options import AsJson, Data
from runtime.embedded.state import DEFAULT_DATA

LIMIT = 900
"""Seconds that the command waits; the comparison goes on without it."""

EVERY = 2


def reconcile(
    since: Annotated[str, typer.Option("--since", metavar="TIME", help="How far back: 48h, 7d.")] = "48h",
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Look for touches of unknown outcome at the vendors, and read back what arrived and what it cost."""
    found = _waited_for(data, since)
    typer.echo(json.dumps(found) if as_json else words.lines(told(read(Reconciled, found).sweep)))


def _waited_for(data: Path, since: str) -> Json:
    until, headers = time.monotonic() + LIMIT, {"Idempotency-Key": uuid.uuid4().hex}
    with client(data) as http:
        while time.monotonic() < until:
            found = answer_of(http.post("/v1/reconcile", json={"since": since}, headers=headers))
            if found.get("status") == "done":
                return found
            time.sleep(EVERY)
    raise Unavailable("The comparison is still going on; the Temporal UI shows it under reconcile/.")


def told(sweep: Sweep | None) -> list[str]:
    """What a comparison came to, a line each."""
    if sweep is None:
        return ["Nothing is known of it."]
    counts = {
        "found at the vendor": sweep.found,
        "still unknown": sweep.unknown,
        "could not be asked about": sweep.unasked,
        "delivered without our hearing of it": sweep.delivered,
        "failed without our hearing of it": sweep.failed,
        "waiting for over an hour": sweep.waiting,
        "the vendor's, and none of ours": sweep.strangers,
        "prices read": sweep.priced,
    }
    settle = "baton lead settle {} --as sent|failed|again --by NAME"
    named = [f"  unknown: {settle.format(touch)}" for touch in sweep.named_unknown]
    strange = [f"  none of ours: {message}" for message in sweep.named_strangers]
    return [f"{count:>6}  {what}" for what, count in counts.items()] + named + strange
