"""A running lead as policy sees it: what was answered, what people did, and what another policy makes of it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain import events as e
from domain import transitions
from domain.adoption import Adopting, Answered
from domain.cohorts import InFlight, Moved
from domain.decisions import DecisionKind, Followup, Judgement
from domain.facts import Facts, RepLoad
from domain.lead import Lead
from domain.values import Code
from policy import judgements, preview
from policy.load import LoadedPolicy
from tests.policy import cases
from tests.policy.cases import TUESDAY

SOON = timedelta(minutes=3)


@dataclass
class Running:
    """A lead and what was answered about it, as its workflow and the database would have them."""

    source: str = "demo_request"
    at: datetime = TUESDAY
    answers: list[Answered] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lead = Lead(tenant="main", lead_id="lead-1", source=self.source, opened_at=self.at)
        self.asks(None)

    @property
    def facts(self) -> Facts:
        return cases.lead(self.source)

    def asks(self, asked: Followup | None, code: Code | None = None) -> None:
        number = len(self.answers)
        kind = asked.kind if asked is not None else DecisionKind.TRIAGE
        decision_id = f"lead-1:1:{kind}:{number}"
        asked = asked.model_copy(update={"decision_id": decision_id}) if asked is not None else None
        decision = judgements.of(self.facts, asked, cases.default(), self.at, decision_id).decision
        self.answers.append(Answered(decision=decision, facts=self.facts, asked=asked))
        self.hears(e.Decided(at=self.at, decision=decision, cycle=1, code=code))

    def hears(self, fact: e.AnyFact) -> None:
        self.lead = transitions.apply(self.lead, fact)

    def does(self, until: datetime) -> None:
        """All that falls due by then is done."""
        for item in sorted(self.lead.agenda, key=lambda each: each.at):
            if item.at <= until:
                self.hears(e.Performed(at=item.at, item=item))
        self.at = until

    def disposed(self, code: Code) -> "Running":
        """The same lead, once its rep has said soon after how it went, and that was judged."""
        self.at += SOON
        self.hears(e.Disposed(at=self.at, code=code, by="ada"))
        self.asks(self.followup(DecisionKind.DISPOSE, code=code), code)
        return self

    def followup(self, kind: DecisionKind, **more: object) -> Followup:
        about = {"owner": self.lead.owner, "accepted": self.lead.accepted_at is not None, "since": self.at}
        return Followup.model_validate({"kind": kind, "decision_id": "x", **about, **more})

    def under(self, loaded: LoadedPolicy, later: timedelta = timedelta(0)) -> Moved | None:
        return preview.of(InFlight(lead=self.lead, now=self.at + later, answers=tuple(self.answers)), loaded)

    def adopted(self, loaded: LoadedPolicy) -> Lead:
        ask = self.question(loaded)
        decision = judgements.of(self.facts, ask, loaded, self.at, ask.decision_id).decision
        return transitions.apply(self.lead, e.Decided(at=self.at, decision=decision, cycle=1, adopts=loaded.hash))

    def migrates(self, loaded: LoadedPolicy) -> None:
        """Told to follow another policy, it does, and the answer is kept."""
        ask = self.question(loaded)
        decision = judgements.of(self.facts, ask, loaded, self.at, ask.decision_id).decision
        self.answers.append(Answered(decision=decision, facts=self.facts, asked=ask))
        self.hears(e.Decided(at=self.at, decision=decision, cycle=1, adopts=loaded.hash))

    def question(self, loaded: LoadedPolicy) -> Adopting:
        self.hears(e.AdoptionAsked(at=self.at, policy_hash=loaded.hash, by="ops", because="m1"))
        ids = {"decision_id": f"lead-1:1:adopt:{len(self.answers)}", "kind": DecisionKind.ADOPT}
        return Adopting.model_validate({**ids, "lead": self.lead, "answers": tuple(self.answers)})


def waiting() -> Running:
    found = Running()
    found.does(TUESDAY + SOON)
    return found


def at_night() -> Running:
    return Running(at=cases.at("2026-11-24 22:30"))


def accepted() -> Running:
    found = waiting()
    found.hears(e.Accepted(at=found.at, rep="ada"))
    return found


def replied() -> Running:
    found = accepted()
    found.at += SOON
    found.hears(e.Replied(at=found.at, row_id="r1"))
    found.asks(found.followup(DecisionKind.REPLY))
    return found


def worked() -> Running:
    found = replied()
    found.hears(e.WorkStarted(at=found.at))
    found.asks(found.followup(DecisionKind.WORK))
    return found


def connected() -> Running:
    return worked().disposed(Code.CONNECTED)


def resting() -> Running:
    found = worked().disposed(Code.NO_RESPONSE)
    found.does(found.at + timedelta(days=1))
    return found


def nurtured() -> Running:
    found = Running("content_download")
    found.does(TUESDAY + timedelta(days=8))
    return found


STANDS = [waiting, at_night, accepted, replied, worked, connected, resting, nurtured]


def eager() -> LoadedPolicy:
    """A rep is to call everybody, at once."""
    route = {"name": "all", "when": "true", "because": "call everybody", "sla": "hand_raise", "text": "hand_raise"}
    return cases.changed(routes=[{**route, "open": ["live_transfer"], "closed": ["text_back"]}])


def judged(found: Running, loaded: LoadedPolicy, *team: RepLoad) -> Judgement:
    ask = found.question(loaded)
    facts = found.facts.model_copy(update={"reps": team})
    return judgements.of(facts, ask, loaded, found.at, ask.decision_id)
