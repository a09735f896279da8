"""A stored decision put to policy again: where it would come out otherwise today. Pure; decision 0019 has the rules.

Bytes are compared in one canonical form, for the database keeps no order of keys.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from domain.adoption import read_question
from domain.decisions import DecisionKind
from domain.facts import Facts
from domain.views import KeptDecision
from policy import judgements
from policy.loaded import LoadedPolicy

ABSENT = "absent"
OF_THE_POLICY = ("decision.policy_hash", "decision.contact_rules")
"""Places that differ by themselves when a decision is put to another policy than its own."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place of a decision or its trace, as JSON: what was stored, and what comes out now. `absent` on either side
    is a place that only the other has."""

    place: str  # decision.agenda[0].at
    stored: str
    now: str


def is_askable(kept: KeptDecision) -> bool:
    """Whether its question is known: a later decision kept before questions were can't be put again."""
    return kept.kind == DecisionKind.TRIAGE or kept.asked is not None


def differences(kept: KeptDecision, loaded: LoadedPolicy, besides: tuple[str, ...] = ()) -> list[Difference]:
    """Every place that comes out otherwise by this policy, `besides` some; empty when all is the same, byte for byte.

    Inputs that can't be read, or that policy stumbles over, are a difference too: nothing is raised.
    """
    try:
        facts = Facts.model_validate_json(kept.facts)
        asked = read_question(kept.asked) if kept.asked is not None else None
    except ValidationError as error:
        places = ", ".join(".".join(map(str, row["loc"])) for row in error.errors(include_input=False)[:3])
        return [Difference("inputs", "as stored", f"can't be read: {places or 'no JSON'}")]
    try:
        again = judgements.of(facts, asked, loaded, kept.at, kept.decision_id)
    except Exception as error:  # noqa: BLE001 - whatever the fault is, it is what comes of this decision now
        return [Difference("judgement", "made", f"fails: {type(error).__name__}")]
    found: list[Difference] = []
    for name, stored, now in (
        ("decision", kept.decision, again.decision.model_dump_json()),
        ("trace", kept.trace, again.trace.model_dump_json()),
    ):
        if canonical(stored) != canonical(now):
            found += compared(name, json.loads(stored), json.loads(now))
    return [each for each in found if each.place not in besides]


def canonical(text: str) -> bytes:
    """The bytes that are compared: keys sorted, no blanks, text as it is. JSON in, JSON out."""
    whole = json.loads(text)
    return json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def compared(place: str, stored: Any, now: Any) -> Iterator[Difference]:  # noqa: ANN401 - any JSON value
    """The places where two JSON values differ, the innermost ones."""
    if isinstance(stored, dict) and isinstance(now, dict):
        for key in sorted(stored.keys() | now.keys()):
            yield from _of_one(f"{place}.{key}", (stored, now), key)
    elif isinstance(stored, list) and isinstance(now, list):
        for index in range(max(len(stored), len(now))):
            pair = (dict(enumerate(stored)), dict(enumerate(now)))
            yield from _of_one(f"{place}[{index}]", pair, index)
    elif _shown(stored) != _shown(now):
        yield Difference(place, _shown(stored), _shown(now))


def _of_one(
    place: str,
    pair: tuple[dict[Any, Any], dict[Any, Any]],
    key: object,  # any JSON value under any key
) -> Iterator[Difference]:
    stored, now = pair
    if key not in stored:
        yield Difference(place, ABSENT, _shown(now[key]))
    elif key not in now:
        yield Difference(place, _shown(stored[key]), ABSENT)
    else:
        yield from compared(place, stored[key], now[key])


def _shown(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
