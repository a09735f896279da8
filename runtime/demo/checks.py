"""Did the performance end as the script says? Judged by the simulator's log, then by the leads as they stand.

Pure: it is handed what happened. What reached a phone is taken from the log alone, never from Baton's own tables.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from domain.decisions import Decision
from domain.lead import Lead
from domain.values import Action
from domain.views import Stats
from policy.texts import Wording
from runtime.demo import calls
from runtime.demo.cast import Part, told
from runtime.demo.player import Came
from runtime.demo.world import Entry

DAY_BEGINS, DAY_ENDS = time(8), time(21)
"""No text or call may come outside these hours, wherever in the United States (47 CFR 64.1200); many states are
stricter."""


_FIRSTS = ("text-1", "call-1")


@dataclass(frozen=True, slots=True)
class Happened:
    """All that is known at the end. `plans`: the first decision on each part's lead, by the part's key."""

    came: Mapping[str, Came]
    leads: Mapping[str, Lead]  # by lead id, as their workflows have them
    log: Sequence[Entry]
    stats: Stats
    templates: Mapping[str, Wording]  # the policy's texts
    plans: Mapping[str, Decision]
    rung: Sequence[calls.Rung] = ()  # what policy wanted of our own phones


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one part ended. `faults`: what is not as the script says; empty when all is."""

    key: str
    lead_id: str | None
    ended: str
    faults: tuple[str, ...]


def verdicts(happened: Happened, parts: Iterable[Part]) -> list[Verdict]:
    """One for each part, in the script's order."""
    return [_verdict(happened, part) for part in parts]


def _verdict(happened: Happened, part: Part) -> Verdict:
    came = happened.came.get(part.key)
    lead = happened.leads.get(came.lead_id) if came else None
    if came is None or lead is None:
        return Verdict(part.key, None, "never came", ("no lead was opened",))
    texts = texts_to(happened.log, part.person.phone)
    names = tuple(template_of(entry, happened.templates) for entry in texts)
    rings = calls.to_person(happened.log, part.person.phone)
    faults = [*_wrong_ending(part, lead), *_wrong_texts(part, names), *_wrong_calls(part, rings)]
    faults += [*_untimely(part, texts), *_after_stop(happened.log, part.person.phone)]
    return Verdict(part.key, came.lead_id, _in_words(lead, names, rings), tuple(faults))


def texts_to(log: Iterable[Entry], phone: str | None) -> list[Entry]:
    """Our texts to a phone that the carrier took."""
    return [entry for entry in log if entry.is_text and phone is not None and entry.to == phone]


def template_of(entry: Entry, templates: Mapping[str, Wording]) -> str:
    """Which of the policy's texts this was, in whatever language; the words themselves when it was none."""
    body = entry.body or ""
    return next((name for name, wording in templates.items() if _is_of(body, wording)), body)


def _is_of(body: str, wording: Wording) -> bool:
    each = (wording,) if isinstance(wording, str) else wording.values()
    return any(_pattern(text).fullmatch(body) for text in each)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in re.split(r"\{\{.*?\}\}", text)))


def _in_words(lead: Lead, names: Sequence[str], rings: Sequence[calls.Ring]) -> str:
    how = f"closed as {lead.closed}" if lead.closed else lead.stage.replace("_", " ")
    return told(f"{how}, cycle {lead.cycle}", names, [ring.came_to for ring in rings])


def _wrong_ending(part: Part, lead: Lead) -> list[str]:
    wanted = part.ending
    if (lead.stage, lead.closed, lead.cycle) == (wanted.stage, wanted.closed, wanted.cycle):
        return []
    return [f"the script says: {wanted.in_words}"]


def _wrong_texts(part: Part, names: tuple[str, ...]) -> list[str]:
    if names == part.ending.texts:
        return []
    return [f"the phone was sent {', '.join(names) or 'nothing'}; script: {', '.join(part.ending.texts) or 'nothing'}"]


def _wrong_calls(part: Part, rings: Sequence[calls.Ring]) -> list[str]:
    came_to, wanted = tuple(ring.came_to for ring in rings), part.ending.calls
    if came_to == wanted:
        return [each for ring in rings for each in _at_night(part, ring.at, "a call")]
    return [f"their phone rang: {', '.join(came_to) or 'never'}; script: {', '.join(wanted) or 'never'}"]


def _untimely(part: Part, texts: Iterable[Entry]) -> list[str]:
    return [each for entry in texts for each in _at_night(part, entry.at, "a text")]


def _at_night(part: Part, at: datetime, what: str) -> list[str]:
    local = at.astimezone(ZoneInfo(part.person.zone))
    return [] if DAY_BEGINS <= local.time() < DAY_ENDS else [f"{what} came at {local:%a %H:%M} where they are"]


def _after_stop(log: Iterable[Entry], phone: str | None) -> list[str]:
    """A carrier honours STOP by itself; wordier wishes are Baton's alone to understand."""
    stopped, found = False, []
    for entry in log:
        if entry.sender == phone and phone is not None and entry.kind == "inbound_sms":
            words = (entry.body or "").lower()
            stopped = stopped or "stop" in words or "take me off" in words
        elif stopped and entry.kind == "sms" and entry.to == phone:
            found.append(f"a text followed their STOP, at {entry.at:%a %H:%M} UTC")
    return found


def duplicate_touches(happened: Happened, parts: Iterable[Part]) -> int:
    """Texts that a phone really received more often than the script wants, word for word; rings of people's phones
    beyond the script, and of ours beyond what policy wanted."""
    extra = calls.rung_too_often(happened.log, happened.rung)
    for part in parts:
        texts = texts_to(happened.log, part.person.phone)
        wanted = Counter(part.ending.texts)
        counted = Counter((template_of(entry, happened.templates), entry.body) for entry in texts)
        extra += max(len(calls.to_person(happened.log, part.person.phone)) - len(part.ending.calls), 0)
        extra += sum(max(times - max(wanted[name], 1), 0) for (name, _), times in counted.items())
    return extra


def lost(happened: Happened, parts: Sequence[Part]) -> int:
    """Inquiries without a decided lead, and whatever else nothing goes on with."""
    missing = [part for part in parts if part.key not in happened.came]
    undecided = [lead for lead in happened.leads.values() if lead.is_open and lead.plan is None]
    return len(missing) + len(undecided) + happened.stats.lost


def held(happened: Happened) -> int:
    """Leads whose first text or call was put off to an hour that is permitted where they are."""
    firsts = ([item for item in plan.agenda if item.key in _FIRSTS] for plan in happened.plans.values())
    return sum(any(item.held_by for item in items) for items in firsts)


def first_touch_ms(happened: Happened, parts: Iterable[Part]) -> list[float]:
    """Real milliseconds from the webhook to the vendor's door, of leads due at once; sorted."""
    found = []
    for part in parts:
        first, plan = _first_text(happened, part), happened.plans.get(part.key)
        if first is not None and plan is not None and _is_due_at_once(plan):
            waited = first.real_at - happened.came[part.key].sent_at
            found.append(round(waited.total_seconds() * 1000, 1))
    return sorted(found)


def _is_due_at_once(plan: Decision) -> bool:
    return any(item.action is Action.TEXT and item.at <= plan.decided_at for item in plan.agenda)


def _first_text(happened: Happened, part: Part) -> Entry | None:
    return next(iter(texts_to(happened.log, part.person.phone)), None)


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """Nearest rank; None when there is nothing to rank."""
    return ordered[max(math.ceil(share * len(ordered)), 1) - 1] if ordered else None
