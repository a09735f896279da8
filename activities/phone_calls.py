"""Calls for workflows: phones rung through the ledger, the row kept, phones hung up (decision 0024).

The person's phone is judged again right before it rings; a rep's rings for whoever policy named.
"""

from dataclasses import dataclass

import structlog
from temporalio import activity

from activities import whispers
from activities.clock import lead_now
from activities.delivery import Delivery, Patience
from activities.intents import Words, intent_of, touch_id_of
from activities.late_rings import InTime
from activities.lines import Lines
from activities.policies import Policies
from activities.text import PAST_CLAIMING, body_of
from domain import scripts
from domain.call_facts import Announced, CalledOff, LegMoved, LegPlanned
from domain.call_orders import CallOrder, CallStep, LegOrder
from domain.calls import Call, Leg, LegEnd, LegState, Party
from domain.decisions import Opening
from domain.errors import Rejected, VendorError
from domain.ledger import Intent
from domain.orders import Touched, TouchState
from domain.phones import Calls, LegWords, Voice
from domain.ports import Dossier, Ledger
from domain.values import Channel, Purpose, Refusal
from policy.load import LoadedPolicy
from policy.suppression import why_not

log = structlog.get_logger()

_ENDS = {"unknown": LegEnd.UNKNOWN, "failed": LegEnd.FAILED}


RECORDED = "recorded"
"""The announcement that a call is recorded."""

PERSON = "person"
"""Who the lead's person is among the legs of a call."""


def key_of(order: CallOrder, who: str) -> str:
    """The ledger key of a leg: a rep's, by handle, or the person's."""
    return f"{order.key}:{PERSON if who == PERSON else 'rep'}:{who}"


def leg_id(order: CallOrder, who: str) -> str:
    """The touch's id of that leg."""
    return touch_id_of(key_of(order, who))


@dataclass(frozen=True, slots=True)
class Telephone:
    """What calls are made with: their rows, the vendor that rings phones, and our numbers."""

    calls: Calls
    voice: Voice
    lines: Lines


class PhoneCalls:
    """Makes calls for workflows."""

    def __init__(
        self, telephone: Telephone, ledger: Ledger, policies: Policies, patience: Patience | None = None
    ) -> None:
        self._calls = telephone.calls
        self._voice = telephone.voice
        self._lines = telephone.lines
        self._ledger = ledger
        self._policies = policies
        self._delivery = Delivery(ledger, patience)

    @activity.defn(name="begin_call")
    async def begin(self, order: CallOrder) -> Call:
        """The call's row; of a call that was begun before, as it stands."""
        return await self._calls.begin(
            Call(
                call_id=order.call_id,
                tenant=order.tenant,
                lead_id=order.lead_id,
                policy_hash=order.policy_hash,
                asked_at=order.as_of,
                plan=order.plan,
                legs=tuple(Leg(leg_id=leg_id(order, rep), party=Party.REP, rep=rep) for rep in order.plan.reps),
            )
        )

    @activity.defn(name="place_leg")
    async def place(self, order: LegOrder) -> Touched:
        """Ring one phone, if it may ring at this very moment; held, refused, failed and unknown are results."""
        leg = Leg(**order.model_dump(include={"leg_id", "party", "rep", "succeeds", "coaches", "note_id"}))
        await self._calls.change(order.call_id, LegPlanned(leg=leg))  # callbacks may come before the vendor's answer
        touched = await self._made(order)
        if touched.result == "sent":
            found = await self._ledger.current(order.leg_id)
            said = LegMoved(leg_id=order.leg_id, state=LegState.RINGING, vendor_id=found.vendor_id)
        else:
            end = _ENDS.get(touched.result, LegEnd.REFUSED)
            said = LegMoved(leg_id=order.leg_id, state=LegState.ENDED, end=end)
        await self._calls.change(order.call_id, said)
        return touched

    async def _made(self, order: LegOrder) -> Touched:
        now = lead_now(order)
        dossier = await self._ledger.dossier(order.tenant, order.lead_id, now, order.key)
        counted = len(dossier.facts.history.touches) if order.party is Party.LEAD else None
        if dossier.prior is not None and dossier.prior.state in PAST_CLAIMING:
            return await self._delivery.resume(dossier.prior, self._wire(order), now, counted)
        policy = await self._policies.pinned(order.policy_hash)
        intent = self._intent(order, dossier, policy)
        if order.party is Party.LEAD:
            intent = await self._lines.called_from(intent, dossier)
        if (refused := await self._refused(order, dossier, policy, intent)) is not None:
            if refused.result != "held":
                await self._ledger.refuse(intent, refused.because)
            return refused
        return await self._delivery.make(intent, self._wire(order), counted)

    def _wire(self, order: LegOrder) -> InTime:
        return InTime(self._calls, self._voice, order.call_id)

    async def _refused(self, order: LegOrder, dossier: Dossier, policy: LoadedPolicy, intent: Intent) -> Touched | None:
        call = await self._calls.read(order.call_id)
        if call.off is not None:
            return _no(intent, Refusal.REPLIED if call.off == "replied" else None, call.off)
        if order.party is not Party.LEAD:
            return None if intent.recipient else _no(intent, Refusal.NO_NUMBER, "no_number")
        if self._lines.is_ours(intent.recipient):
            return _no(intent, Refusal.OWN_NUMBER, "own_number")
        found = why_not(dossier.facts, policy, intent.lead_now, Channel.CALL, order.plan.purpose)
        return _no(intent, found[0], found[2]) if found is not None else None

    def _intent(self, order: LegOrder, dossier: Dossier, policy: LoadedPolicy) -> Intent:
        is_lead = order.party is Party.LEAD
        phone = dossier.facts.person.phone if is_lead else policy.policy.phone_of(order.rep)
        ring = order.plan.lead_ring if is_lead else order.plan.ring
        joins = is_lead and order.plan.first is Opening.REP  # else it asks us whether a rep is there yet
        spec = LegWords(call_id=order.call_id, joins=joins, ring=ring, detect=joins, person=is_lead)
        words = Words(
            Channel.CALL,
            recipient=phone or "",
            body=spec.model_dump_json(),
            purpose=order.plan.purpose if is_lead else Purpose.INTERNAL,
            sender=self._voice.sender,
            heard=order.heard if is_lead else None,
        )
        return intent_of(order, dossier.person_id, words)

    @activity.defn(name="look_at_call")
    async def look(self, step: CallStep) -> Call:
        """The row, after the vendor was asked of phones that are not known to be over."""
        call = await self._calls.read(step.call_id)
        if call.taken_by is not None and not call.met:
            call = await self._calls.change(step.call_id, *await self._voice.present(step.call_id))
        for leg in call.legs:
            if leg.vendor_id is not None and not leg.is_over:
                moved = await self._voice.state(leg.leg_id, leg.vendor_id)
                if moved is not None:
                    call = await self._calls.change(step.call_id, moved)
        return call

    @activity.defn(name="hang_up_legs")
    async def hang_up(self, step: CallStep) -> Call:
        """These phones stop ringing, or are hung up. One that the vendor hasn't answered for is left to its time."""
        call = await self._calls.read(step.call_id)
        for leg in call.legs:
            if leg.leg_id in step.legs and not leg.is_over and leg.vendor_id is not None:
                await self._voice.hang_up(leg.vendor_id)
        return await self._calls.read(step.call_id)

    @activity.defn(name="call_off")
    async def call_off(self, step: CallStep) -> Call:
        """Nobody is connected from now on; a call in which they have met goes on."""
        return await self._calls.change(step.call_id, CalledOff(because=step.because))

    @activity.defn(name="announce_to_call")
    async def announce(self, step: CallStep) -> Call:
        """Says something to all in the conference. That it can't be said holds nothing up."""
        call = await self._calls.read(step.call_id)
        if call.room is None:
            return call
        try:
            await self._voice.announce(call.room, announcement(step.call_id, step.because))
        except VendorError as error:
            log.warning("announcement_failed", call=step.call_id, error=error.detail)
            return call
        return await self._calls.change(step.call_id, Announced()) if step.because == RECORDED else call

    @activity.defn(name="dismiss_rep")
    async def dismiss(self, step: CallStep) -> Call:
        """A rep who waits in the conference hears how it ended, and the phone is down."""
        call = await self._calls.read(step.call_id)
        for leg in call.legs:
            if leg.leg_id in step.legs and not leg.is_over and leg.vendor_id is not None:
                await self._say(leg.vendor_id, (whispers.outcome(step.because), scripts.HangUp()))
        return call

    @activity.defn(name="leave_message")
    async def leave_message(self, step: CallStep) -> Call:
        """The policy's words on the person's voicemail, and the phone down. The conference goes on for the rep: else
        taking that phone out of it would end it for both."""
        policy = await self._policies.pinned(step.policy_hash)
        call = await self._calls.read(step.call_id)
        dossier = await self._ledger.dossier(step.tenant, step.lead_id, lead_now(step), step.key)
        words = body_of(step.plan.drop or "", step.owner, dossier, policy)
        for leg in call.legs:
            if leg.leg_id in step.legs and leg.vendor_id is not None and words:
                if call.room is not None:
                    await self._voice.ends(call.room, leg.vendor_id, False)
                await self._say(leg.vendor_id, (scripts.Say(words=words), scripts.HangUp()))
        return call

    async def _say(self, vendor_id: str, script: scripts.Script) -> None:
        try:
            await self._voice.say(vendor_id, script)
        except Rejected as error:  # hung up meanwhile
            log.info("not_said", error=error.detail)

    @activity.defn(name="end_call")
    async def end(self, step: CallStep) -> Call:
        """The row, closed. What it says of phones settles touches whose attempt the end has cut off; one that it says
        nothing of stays unknown, for the nightly comparison and for a person."""
        call = await self._calls.end(step.call_id)
        for leg in call.legs:
            state = TouchState.UNKNOWN if leg.vendor_id is None else TouchState.SENT
            why = "no trace of it when its call ended" if leg.vendor_id is None else None
            await self._ledger.settle(leg.leg_id, state, leg.vendor_id, why)
        return call


def _no(intent: Intent, refusal: Refusal | None, because: str) -> Touched:
    return Touched(result="refused", at=intent.lead_now, channel=Channel.CALL, refusal=refusal, because=because)


def announcement(call_id: str, what: str) -> str:
    """Our own path of what is said into a conference."""
    return f"/v1/hooks/twilio/voice/announce?call={call_id}&what={what}"
