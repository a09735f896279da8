"""A running call as one row says it: its legs, who took it, what called it off, who talked for how long. Pure data
(decision 0024); call_facts.py changes it. No personal data."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import ValidationError

from domain.answering import Answering
from domain.decisions import CallPlan
from domain.values import Stored


class Party(StrEnum):
    """Whose phone a leg is."""

    REP = "rep"
    LEAD = "lead"
    MANAGER = "manager"


class Direction(StrEnum):
    """Who called whom."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"  # they called the business's number (decision 0028)


class LegState(StrEnum):
    """How far a leg has come. It only rises."""

    PLANNED = "planned"
    RINGING = "ringing"  # the vendor took it
    ANSWERED = "answered"
    ENDED = "ended"


RANK = tuple(LegState)


class LegEnd(StrEnum):
    """How the vendor says a leg ended."""

    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    CANCELED = "canceled"
    REFUSED = "refused"  # never placed: the guard, the ledger or the vendor said no
    UNKNOWN = "unknown"  # nobody knows whether it rang


class Press(StrEnum):
    """What a rep did with a call that rang them. The first press of a leg counts."""

    TOOK = "took"
    PASSED = "passed"
    LATE = "late"  # somebody else had taken it
    IN_VAIN = "in_vain"  # it had been called off: they have the lead, nobody is dialled


class Leg(Stored):
    """One phone of a call. Moments are the vendor's where it tells them."""

    leg_id: str  # the touch's id in the ledger
    party: Party
    rep: str | None = None
    vendor_id: str | None = None
    state: LegState = LegState.PLANNED
    end: LegEnd | None = None
    press: Press | None = None
    answered_by: str | None = None  # human, or what else the vendor's detection heard
    ended_at: datetime | None = None
    joined_at: datetime | None = None
    left_at: datetime | None = None
    succeeds: str | None = None  # leg_id of the rep whom it takes over from (a warm transfer)
    coaches: bool = False  # a manager whom only the rep hears
    note_id: str | None = None  # where the words are that come with it; they are personal data
    held: bool = False
    held_at: datetime | None = None  # since when that is so

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.state is LegState.ENDED

    @property
    def is_in(self) -> bool:
        """Whether it is in the conference now."""
        return self.joined_at is not None and self.left_at is None and not self.is_over

    @property
    def is_first_rung(self) -> bool:
        """Whether it is one of those that rang to take the call."""
        return self.party is Party.REP and self.succeeds is None

    @property
    def is_human(self) -> bool:
        """Whether a person answered, as far as anybody can tell. Only the end of a greeting proves a machine: the rep
        who hears somebody hesitate knows better than a guess made while they speak."""
        return self.answered_by in (None, "human", "unknown", "machine_start")


class CallAct(Stored):
    """Something a person of ours had done to a call that was under way."""

    act_id: str
    what: str  # hold | resume | transfer | complete | barge | coach | hang_up
    by: str
    rings: str | None = None  # whose phone does for it
    after: timedelta = timedelta(0)  # since the call was ordered


class Call(Stored):
    """One attempt at a call, or a call to us. `version` counts its changes."""

    call_id: str
    tenant: str
    lead_id: str  # of a call to us: the caller's open lead, else their newest; empty where they have none
    direction: Direction = Direction.OUTBOUND
    policy_hash: str = ""
    asked_at: datetime  # the lead's clock when it was ordered
    plan: CallPlan | None = None
    version: int = 0
    legs: tuple[Leg, ...] = ()
    taken_by: str | None = None  # leg_id of the rep who pressed 1 first
    off: str | None = None  # why nobody is to be connected any more: replied, opted_out, accepted, booked…
    room: str | None = None  # the vendor's id of the conference
    closed_at: datetime | None = None  # when the conference was over
    met: bool = False  # the person and a rep have been in one conference: it can't be called off any more
    recording: str | None = None  # the vendor's id
    recorded: timedelta | None = None
    answering: Answering | None = None  # of a call to us: whom it rings
    missed: bool = False  # nobody of ours took it: the caller was sent to the voicemail, or nobody was bridged to them
    told: tuple[str, ...] = ()  # what of a call to us its lead was told
    announced: bool = False  # both have been told that it is recorded
    deleted: bool = False  # the recording, at the vendor
    abandoned: bool = False  # the person answered, and was connected with nobody in time
    acts: tuple[CallAct, ...] = ()
    over: bool = False  # its workflow has ended: no phone is rung for it any more, and a press takes nothing

    @property
    def is_inbound(self) -> bool:
        """Whether they called us."""
        return self.direction is Direction.INBOUND

    @property
    def is_missed(self) -> bool:
        """Whether a call to us ended, or went to the voicemail, without anybody of ours."""
        gone = self.person is not None and self.person.is_over
        return self.is_inbound and (self.missed or (gone and self.taken_by is None))

    def leg(self, leg_id: str | None) -> Leg | None:
        """The leg of this id, or with the vendor's id for it."""
        return next((leg for leg in self.legs if leg_id is not None and leg_id in (leg.leg_id, leg.vendor_id)), None)

    def of(self, party: Party) -> tuple[Leg, ...]:
        """The legs of one party, in the order in which they were planned."""
        return tuple(leg for leg in self.legs if leg.party is party)

    @property
    def taker(self) -> Leg | None:
        """The leg of the rep who took it."""
        return self.leg(self.taken_by)

    @property
    def person(self) -> Leg | None:
        """The newest leg to the lead's person."""
        return self.of(Party.LEAD)[-1] if self.of(Party.LEAD) else None

    @property
    def room_closed(self) -> bool:
        """Whether the conference is over."""
        return self.closed_at is not None

    @property
    def is_wanted(self) -> bool:
        """Whether somebody may still be connected. Who has met in an off call talks on, unless they said stop."""
        return not self.over and (self.off is None or (self.met and self.off != "opted_out"))

    @property
    def nobody_left_to_take(self) -> bool:
        """Whether every rep's phone is over, and none took it."""
        return self.taken_by is None and all(leg.is_over or leg.press is Press.PASSED for leg in self.of(Party.REP))

    @property
    def is_going_on(self) -> bool:
        """Whether a rep has it, and somebody may still be connected with them."""
        taker = self.taker
        return self.is_wanted and taker is not None and not taker.is_over and not self.room_closed

    @property
    def has_answered(self) -> bool:
        """Whether the person's phone has come to something."""
        return self.person is not None and (self.person.is_over or self.person.state is LegState.ANSWERED)

    @property
    def is_person_gone(self) -> bool:
        """Whether nobody is, or will be, on the person's phone."""
        return self.person is None or self.person.is_over or self.person.left_at is not None

    @property
    def is_phone_down(self) -> bool:
        """Whether the person's phone is; out of the conference it may still hear words."""
        return self.person is None or self.person.is_over

    @property
    def is_machine(self) -> bool:
        """Whether a machine is on the person's phone."""
        return self.person is not None and not self.person.is_human

    @property
    def may_be_heard(self) -> bool:
        """Whether there is a recording that may be listened to: one that people had to be told of, and were not, is
        none. Whoever leaves us a message knows."""
        is_announced = self.announced or self.is_inbound or (self.plan is not None and not self.plan.announce)
        return self.recording is not None and not self.deleted and is_announced

    @property
    def talk(self) -> timedelta:
        """How long the person and the reps who had it were in the conference together; zero while they still are."""
        reps, person = self._holders, self.person
        if not reps or person is None or person.joined_at is None or not self.met:
            return timedelta(0)
        begins = [leg.joined_at for leg in reps if leg.joined_at is not None]
        ends = [moment for moment in (reps[-1].left_at, person.left_at) if moment is not None]
        if not ends or not begins:
            return timedelta(0)
        return max(min(ends) - max(min(begins), person.joined_at), timedelta(0))

    @property
    def _holders(self) -> list[Leg]:
        """Who has taken it, and before them those whom they took over from: the newest last."""
        found, leg = list[Leg](), self.taker
        while leg is not None and leg not in found:
            found.insert(0, leg)
            leg = self.leg(leg.succeeds)
        return found


def read_call(raw: object) -> Call | None:
    """A Call out of whatever a signal carried; None when it can't be read (handlers must not raise)."""
    try:
        return Call.model_validate(raw)
    except ValidationError:
        return None
