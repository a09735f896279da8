"""What became of touches whose worker was killed: made once, twice or never, by the simulator's log alone.

The ledger is asked only what it claims: a touch that it calls sent and that reached nobody is lost, and one that it
calls unknown must be shown to a person.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from bench import verdict
from bench.arms import Cell
from bench.kill_cast import Comer
from bench.outside import Json, Reached
from runtime.failpoints import Boundary

OPEN = ("planned", "claimed", "sending")
GIVEN_UP = ("cancelled", "failed")


class Round(BaseModel):
    """One death. `hit`: for each cell what became of its touch: made, unknown, given_up, twice or lost."""

    model_config = ConfigDict(frozen=True)

    seed: int
    leads: int
    hit: dict[str, str]
    doubled: list[str]
    lost: list[str]
    unknown: int
    unshown: list[str]
    given_up: list[str]
    next_touch_s: float | None  # from when the worker works again
    from_death_s: float | None  # from its death
    took_s: float

    @property
    def in_words(self) -> str:
        return (
            f"{len(self.hit)} touches hit among {self.leads} leads, doubled {len(self.doubled)}, "
            f"lost {len(self.lost)}, unknown {self.unknown}, given up {len(self.given_up)}, "
            f"next touch {self.next_touch_s or 0:.1f} s after the restart, "
            f"{self.from_death_s or 0:.1f} s after the death; {self.took_s:g} s"
        )


@dataclass(frozen=True, slots=True)
class Case:
    """All that is known of a round. `touches` by lead, as GET /v1/leads/{id}/touches shows them."""

    seed: int
    log: list[Reached]
    touches: dict[str, list[Json]]
    leads: dict[str, Comer]
    taken: dict[Cell, str]
    died: datetime
    back: datetime  # when the worker worked again

    @property
    def all_touches(self) -> list[Json]:
        return [touch for made in self.touches.values() for touch in made]


def judged(case: Case, took: float) -> Round:
    """The round, told by its log."""
    lost = [what for lead, made in case.touches.items() for touch in made if (what := _lost(touch, case, lead))]
    lost += [f"{lead}: {what}" for lead, comer in case.leads.items() for what in _missing(case, lead, comer)]
    unknown = [touch for touch in case.all_touches if touch["state"] == "unknown"]
    return Round(
        seed=case.seed,
        leads=len(case.leads),
        hit={str(cell): _fate(touch, case) for cell, touch in sorted(case.taken.items())},
        doubled=[*verdict.doubled(case.log), *_rung_too_often(case)],
        lost=lost,
        unknown=len(unknown),
        unshown=[_named(touch) for touch in unknown if not _is_shown(touch, case)],
        given_up=[f"{_named(each)}: {_why(each)}" for each in case.all_touches if each["state"] in GIVEN_UP],
        next_touch_s=_next_touch(case, case.back),
        from_death_s=_next_touch(case, case.died),
        took_s=took,
    )


def _fate(touch_id: str, case: Case) -> str:
    touch = next((each for each in case.all_touches if each["touch_id"] == touch_id), None)
    if touch is None:
        return "lost"
    times = _times(touch, case)
    if times > 1:
        return "twice"
    if touch["state"] == "unknown":
        return "unknown"
    return "made" if times else "given_up" if touch["state"] in GIVEN_UP else "lost"


def _times(touch: Json, case: Case) -> int:
    """How often it reached somebody."""
    return max(Counter(entry.kind for entry in _reached(touch, case)).values(), default=0)


def _reached(touch: Json, case: Case) -> list[Reached]:
    """All that this touch came to."""
    found = [entry for entry in case.log if entry.accepted]
    if touch["channel"] == "sms":
        return [each for each in found if verdict.is_text(each) and (each.to, each.body) == _text_of(touch)]
    if touch["channel"] == "call":
        return [each for each in found if each.kind == "call_leg" and each.to == touch["recipient"]]
    made = ("message",) if touch["channel"] == "chat" else ("note", "task")
    return [each for each in found if _is_of(each, touch, made)]


def _is_of(entry: Reached, touch: Json, kinds: tuple[str, ...]) -> bool:
    return entry.kind in kinds and verdict.touch_of(entry) == touch["touch_id"]


def _text_of(touch: Json) -> tuple[str, str]:
    return touch["recipient"], touch["body"]


def _rung_too_often(case: Case) -> list[str]:
    """Phones that rang more often than calls have legs to them."""
    rang = Counter(entry.to for entry in case.log if entry.kind == "call_leg" and entry.accepted)
    wanted = Counter(touch["recipient"] for touch in case.all_touches if touch["channel"] == "call")
    return [
        f"{phone} rang {times} times, not {wanted[phone]}" for phone, times in rang.items() if times > wanted[phone]
    ]


def _lost(touch: Json, case: Case, lead: str) -> str | None:
    if touch["state"] in OPEN:
        return f"{lead}: {_named(touch)} is still {touch['state']}"
    if touch["state"] in ("sent", "delivered") and not _times(touch, case):
        return f"{lead}: {_named(touch)} is said to be {touch['state']}, and reached nobody"
    return None


def _missing(case: Case, lead: str, comer: Comer) -> list[str]:
    """What this lead had to come to and didn't: a text, or an offer, an entry in the CRM and a call or a text."""
    unknown = {touch["channel"] for touch in case.touches[lead] if touch["state"] == "unknown"}
    reached = [entry for entry in case.log if entry.accepted and entry.to == comer.who.phone]
    texted, rung = (any(each.kind == kind for each in reached) for kind in ("sms", "call_leg"))
    if not comer.is_called:
        return [] if texted or "sms" in unknown else ["no text"]
    found = [] if rung or texted or unknown & {"sms", "call"} else ["neither called nor texted"]
    for channel, kinds in (("chat", ("message",)), ("crm", ("note",))):
        made = [touch for touch in case.touches[lead] if touch["channel"] == channel]
        seen = any(_is_of(entry, touch, kinds) for entry in case.log if entry.accepted for touch in made)
        found += [] if seen or channel in unknown else [f"nothing in {channel}"]
    return found


def _is_shown(touch: Json, case: Case) -> bool:
    """Whether our people were asked in Slack about a touch of this lead. A rep's own phone is shown by the list of
    touches and the nightly comparison: nobody but our own people was to hear of it."""
    if touch["purpose"] == "internal":
        return True
    lead = next(lead for lead, made in case.touches.items() if touch in made)
    asked = [entry for entry in case.log if entry.kind == "message" and "nobody knows whether" in (entry.body or "")]
    return any(lead in str(entry.blocks) for entry in asked)


def _next_touch(case: Case, since: datetime) -> float | None:
    """Seconds to the first touch after the death, but for those that were then on their way."""
    away = {touch for cell, touch in case.taken.items() if cell.boundary is Boundary.REQUEST_SENT}
    made = [
        entry.real_at for touch in case.all_touches if touch["touch_id"] not in away for entry in _reached(touch, case)
    ]
    following = min((at for at in made if at > case.died), default=None)
    return round(max((following - since).total_seconds(), 0.0), 2) if following else None


def _named(touch: Json) -> str:
    who = f" {touch['key'].split(':')[-2]}" if touch["channel"] == "call" and touch.get("key") else ""
    return f"{touch['channel']}{who} {touch['touch_id'][:8]}"


def _why(touch: Json) -> str:
    return str(touch.get("because") or touch.get("error") or touch["state"])
