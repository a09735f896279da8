"""What happens, as lines for people: who came, what was decided and why, what was sent, what waits.

Reads the simulator's log and Baton's own decisions. The names are those of the demo's fictional people.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from adapters.postgres.views import Views
from domain.decisions import DecisionKind, Outcome
from domain.values import Action, ClosedReason, Motion
from domain.views import LeadSummary, TracedDecision
from policy.model import Policy
from runtime.demo import calls, switchboard
from runtime.demo.world import Entry, World

Kind = Literal["came", "decided", "text", "said", "chat", "press", "went"] | switchboard.Kind

_MOTIONS = {
    Motion.LIVE_TRANSFER: "call at once",
    Motion.WHISPER_CALL: "a personal call",
    Motion.TEXT_BACK: "text back",
    Motion.NURTURE: "nurture",
    Motion.APPOINTMENT: "an appointment",
    Motion.HUMAN_TASK: "a task for a person",
}
_NEXT = {
    "warn": "warn the rep",
    "rescue": "text them once more",
    "reoffer": "offer to the next rep",
    "pool": "open to everybody",
    "remind": "remind the owner",
    "supervisor": "call the supervisor",
    "nurture": "give them a rest",
    "text": "text them",
    "offer": "offer to the rep",
    "wake": "wake from rest",
}
_UNTOLD = ("motion/", "clock/", "track/", "sla/", "assign/later")
"""Rules whose reasons a timeline leaves out; `baton lead trace` has them all."""

_UNTOLD_OF_CODES = (*_UNTOLD, "work/")
"""A reason code was just given, so that one is owed would only puzzle."""

_THEN = {Outcome.KEEP: "; the rep goes on", Outcome.REST: "; back later"}
"""What a reason code leads to, said after it."""

_MENTION = re.compile(r"<@(\w+)>")
PAGE = 200
TAIL = 6  # signs of a lead's id beside its name: the end, for the beginning is the hour


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened, at a moment of the embedded clock."""

    at: datetime
    kind: Kind
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a lead is waiting for."""

    at: datetime
    who: str
    what: str


class Timeline:
    """Looks at what is new each time it is asked."""

    def __init__(self, world: World, views: Views, policy: Policy, people: Mapping[str, str]) -> None:
        self._world = world
        self._views = views
        self._people = people  # E.164 number -> name
        self._team = policy.team
        phones = {rep.phone: rep.name.split(" ")[0] for rep in policy.team if rep.phone}
        self._phones = switchboard.Switchboard(phones, people)
        self._reps = {rep.slack: rep.name.split(" ")[0] for rep in policy.team}
        self._handles = {rep.handle: rep.name.split(" ")[0] for rep in policy.team}
        self._zone = ZoneInfo(policy.business.zone)
        self._heard = 0
        self._rung: tuple[calls.Rung, ...] = ()
        self._rows: dict[str, LeadSummary] = {}
        self._names: dict[str, str] = {}
        self._told: set[str] = set()

    def clock(self, moment: datetime) -> str:
        """A moment where the business is, to the second."""
        return f"{moment.astimezone(self._zone):%a %b %d %H:%M:%S}"

    def _hour(self, moment: datetime) -> str:
        return f"{moment.astimezone(self._zone):%a %b %d %H:%M}"

    async def news(self) -> list[Line]:
        """What happened since the last time, oldest first."""
        entries, rows = await self._world.log(self._heard), await self._changed()
        traces = {row.lead_id: await self._views.lead_trace("main", row.lead_id) for row in rows}
        if self._phones.is_ringing(entries):  # a call is decided before it rings, and its lead may show it later
            self._rung = calls.wanted(
                {row: await self._views.lead_trace("main", row) for row in self._names}, self._team
            )
        # All is read by now: whatever was away before this is asked for again, and nothing goes untold.
        self._heard = entries[-1].seq if entries else self._heard
        lines = [line for entry in entries if (line := self._of_entry(entry)) is not None]
        told = self._phones.lines(entries, self._rung, self._names)
        lines += [Line(each.at, each.kind, each.who, each.what) for each in told]
        for row in rows:
            lines += self._decisions(row, traces[row.lead_id])
            lines += self._turns(self._rows.get(row.lead_id), row)
            self._rows[row.lead_id] = row
        return sorted(lines, key=lambda line: line.at)

    def waiting(self, most: int) -> list[Waiting]:
        """What is due next, soonest first."""
        found = [
            Waiting(row.next_action_at, self._names[row.lead_id], _in_words(row.next_action or ""))
            for row in self._rows.values()
            if row.next_action_at is not None and row.closed_at is None and row.lead_id in self._names
        ]
        return sorted(found, key=lambda each: each.at)[:most]

    def count(self) -> str:
        """How many leads there are, and where they stand."""
        stages: dict[str, int] = {}
        for row in self._rows.values():
            stages[row.stage] = stages.get(row.stage, 0) + 1
        parts = ", ".join(f"{number} {stage.replace('_', ' ')}" for stage, number in sorted(stages.items()))
        return f"{len(self._rows)} lead{'s' if len(self._rows) != 1 else ''}: {parts}" if parts else "nobody yet"

    async def _changed(self) -> list[LeadSummary]:
        page = await self._views.list_leads("main", limit=PAGE)
        changed = [row for row in page.leads if self._rows.get(row.lead_id) != row]
        for row in changed:
            if row.lead_id not in self._names:
                person = (await self._views.lead_detail("main", row.lead_id)).person
                self._names[row.lead_id] = person.name or self._people.get(
                    person.phone or "", person.phone or "somebody"
                )
        return changed

    def _turns(self, before: LeadSummary | None, row: LeadSummary) -> list[Line]:
        """What no decision says: that somebody said STOP and is left alone."""
        is_new = before is not None and before.closed_at is None
        if not is_new or row.closed_at is None or row.outcome != ClosedReason.OPTED_OUT:
            return []
        return [Line(row.closed_at, "went", self._names[row.lead_id], "opted out: nothing goes to them any more")]

    def _decisions(self, row: LeadSummary, found: tuple[TracedDecision, ...]) -> list[Line]:
        fresh = [each for each in found if each.decision.decision_id not in self._told]
        self._told |= {each.decision.decision_id for each in fresh}
        who = self._names[row.lead_id]
        told = ((each.decision.decided_at, self._sentence(each)) for each in fresh)
        return [Line(at, "decided", f"{who} …{row.lead_id[-TAIL:]}", words) for at, words in told if words]

    def _sentence(self, traced: TracedDecision) -> str:
        decision = traced.decision
        is_idle = decision.kind is DecisionKind.NEWS and decision.outcome is not Outcome.RESTART
        is_rung = decision.call is not None and decision.call.reps  # the phones themselves say so
        if decision.kind is DecisionKind.WORK or is_idle or is_rung:
            return ""
        untold = _UNTOLD_OF_CODES if decision.kind is DecisionKind.DISPOSE else _UNTOLD
        reasons = (each.because for each in traced.trace.reasons if not each.rule.startswith(untold))
        because = "; ".join(self._named(reason, decision.owner) for reason in reasons)
        then = _THEN.get(decision.outcome, "") if decision.kind is DecisionKind.DISPOSE else ""
        return f"{self._answer(traced)}: {because}{then}" if because else self._answer(traced)

    def _answer(self, traced: TracedDecision) -> str:
        decision = traced.decision
        whose = self._handles.get(decision.owner or "", "") or (f"the {decision.queue} queue" if decision.queue else "")
        if decision.outcome is Outcome.CLOSE:
            return f"closed as {_plain(decision.closed or '')}"
        if decision.rest is not None:
            again = "rests" if decision.kind is DecisionKind.DISPOSE else "no call; nurtured"
            return f"{again} until {self._hour(decision.rest.until)}{self._first_text(traced)}"
        if decision.kind is DecisionKind.TRIAGE and decision.motion is not None:
            again = f"cycle {traced.facts.cycle}: " if traced.facts.cycle > 1 else ""
            return f"{again}{_MOTIONS[decision.motion]}{f', {whose}' if whose else ''}{self._first_text(traced)}"
        if decision.kind is DecisionKind.REOFFER:
            return f"offered to {whose}"
        if decision.kind is DecisionKind.NEWS:
            return "starts over"
        return f"{whose or 'the team'} must move" if decision.kind is DecisionKind.REPLY else "goes on"

    def _named(self, reason: str, owner: str | None) -> str:
        """Policy's reason, which speaks of the rep it chose by their handle, with their name."""
        if owner is None or owner not in self._handles:
            return reason
        forms = {owner: self._handles[owner], f"{owner}'s": f"{self._handles[owner]}'s"}
        return " ".join(forms.get(word, word) for word in reason.split(" "))

    def _first_text(self, traced: TracedDecision) -> str:
        item = next((item for item in traced.decision.agenda if item.action in (Action.TEXT, Action.OFFER)), None)
        if item is None or not item.held_by:
            return ""
        rules = ", ".join(dict.fromkeys(map(_hours_of, item.held_by)))
        return f", held until {self._hour(item.at)} by {rules}"

    def _of_entry(self, entry: Entry) -> Line | None:
        body = entry.body or ""
        if entry.kind == "sms":
            arrived = "" if entry.delivered else "  (did not arrive)"
            return Line(entry.at, "text", self._people.get(entry.to or "", entry.to or ""), f"“{body}”{arrived}")
        if entry.kind == "inbound_sms":
            return Line(entry.at, "said", self._people.get(entry.sender or "", entry.sender or ""), f"“{body}”")
        if entry.kind == "press":
            lead_id = body.partition(" ")[2].partition(":")[0]
            done = body.partition(" ")[0] if not body.startswith("dispose") else body.rpartition(":")[2]
            who = self._names.get(lead_id, "a lead")
            return Line(entry.at, "press", self._reps.get(entry.sender or "", ""), f"{_plain(done)}: {who}")
        if entry.kind == "message":
            words = _MENTION.sub(lambda m: self._reps.get(m[1], m[1]), entry.headline.strip("*"))
            return Line(entry.at, "chat", "Slack", words)
        return None


def _in_words(action: str) -> str:
    return _NEXT.get(action, _plain(action))


def _hours_of(rule: str) -> str:
    name = rule.rpartition("/")[2]
    known = {"federal": "federal hours", "assumed": "the strictest state's hours", "business_hours": "office hours"}
    if "cap" in rule:
        return f"the cap of {name.removeprefix('cap-')}"
    return "our own courtesy" if rule.startswith("courtesy/") else known.get(name, f"hours of {name}")


def _plain(word: str) -> str:
    return word.rpartition("/")[2].replace("_", " ").replace("not icp", "not ICP")
