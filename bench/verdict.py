"""What really reached people, judged by the simulator's log alone: lost, doubled, after an opt-out."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bench.outside import Reached

ON_ITS_WAY = timedelta(seconds=3)
"""A text already on its way when the opt-out was acknowledged may still arrive, at most this much later."""

_NOTE = re.compile(r"\[baton ([0-9a-f]{32})]")
_BLOCK = re.compile(r"'block_id': 'baton:([0-9a-f]{32})'")


def untexted(log: Iterable[Reached], phones: Iterable[str]) -> set[str]:
    """Phones that received no text."""
    return set(phones) - {str(entry.to) for entry in log if is_text(entry)}


def doubled(log: Iterable[Reached]) -> list[str]:
    """What was done twice: the same words to one phone, a message or a CRM entry with the same touch id."""
    seen = Counter(key for entry in log if (key := _key(entry)) is not None)
    return [key for key, times in seen.items() if times > 1]


def after_opt_out(log: Iterable[Reached], opted_out: Mapping[str, datetime]) -> list[str]:
    """Phones texted after the opt-out was acknowledged (real time), but for a text then on its way."""
    found = []
    for entry in log:
        acked = opted_out.get(str(entry.to)) if is_text(entry) else None
        if acked is not None and entry.real_at > acked + ON_ITS_WAY:
            found.append(str(entry.to))
    return found


def is_text(entry: Reached) -> bool:
    """Whether a person received a text of Baton's."""
    return entry.kind == "sms" and entry.accepted


def touch_of(entry: Reached) -> str | None:
    """The touch id that a chat message, note or task carries."""
    found = _BLOCK.search(str(entry.blocks)) or _NOTE.search(entry.body or "")
    return found[1] if found else None


def _key(entry: Reached) -> str | None:
    if not entry.accepted:
        return None
    if is_text(entry):
        return f"text to {entry.to}: {entry.body}"
    made = entry.kind in ("message", "note", "task")
    touch = touch_of(entry) if made else None
    return f"{entry.kind} of touch {touch}" if touch else None
