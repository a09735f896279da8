"""How a call ended, read off its row: for its lead, and for the rep who waits. Pure."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.call_orders import CallEnded
    from domain.calls import Call, Leg, LegEnd, LegState, Party, Press
    from domain.decisions import CallPlan
    from domain.orders import Touched

WORTH_TELLING = ("replied", "booked", "abandoned")
"""What called a call off and is worth the ear of a rep whose phone rings: the call turns into context for them."""

_UNREACHED = {
    LegEnd.BUSY: "busy",
    LegEnd.NO_ANSWER: "no_answer",
    LegEnd.CANCELED: "no_answer",
    LegEnd.FAILED: "failed",
    LegEnd.UNKNOWN: "unknown",
}


def has_begun_or_failed(call: Call) -> bool:
    """Whether whoever picked up is with a rep, is a machine, or is gone."""
    return call.met or call.is_machine or call.is_person_gone or call.room_closed


def is_named(call: Call, leg_id: str) -> bool:
    """Whether the vendor has said under which name it rings this phone."""
    leg = call.leg(leg_id)
    return leg is not None and leg.vendor_id is not None


def has_rep(call: Call) -> bool:
    """Whether a rep has picked up."""
    return any(leg.state is LegState.ANSWERED for leg in call.of(Party.REP))


def is_to_be_quiet(call: Call) -> bool:
    """Whether their phone rings for a call that is off. Somebody who was abandoned hears who called."""
    return not call.is_wanted and not call.abandoned and not call.has_answered


def new_owner(call: Call) -> Leg | None:
    """Who pressed 1 and has the lead by that: to speak with the person, or to answer what they wrote meanwhile."""
    taker = call.taker
    is_theirs = taker is not None and (taker.press is not Press.IN_VAIN or call.off in ("replied", "abandoned"))
    return taker if is_theirs else None


def is_told_in_vain(call: Call) -> bool:
    """Whether a rep who pressed 1 for a call that was off is hearing why."""
    taker = call.taker
    return taker is not None and taker.press is Press.IN_VAIN and not taker.is_over


def ended(call: Call, plan: CallPlan, refused: Touched | None) -> CallEnded:
    """What the lead is told."""
    taker, person = call.taker, call.person
    rung = tuple(leg for leg in call.of(Party.REP) if leg.is_first_rung and leg.end is not LegEnd.REFUSED)
    rang = tuple(leg.rep for leg in rung if leg.rep is not None)
    result = _result(call, plan, refused, person)
    return CallEnded(
        result=result,
        rep=taker.rep if taker is not None else None,
        talk=call.talk,
        contact=result == "connected" and call.talk >= plan.contact_after,
        rang=rang,
        because=call.off or (refused.because if refused is not None else ""),
        refusal=refused.refusal if refused is not None else None,
        recording=call.recording if call.may_be_heard else None,
        acts=call.acts,
        unsettled=person.leg_id if result == "unknown" and person is not None and _is_untraced(person) else None,
    )


def _is_untraced(leg: Leg) -> bool:
    """Whether the vendor has never told of it."""
    return leg.vendor_id is None and leg.end in (None, LegEnd.UNKNOWN)


def _result(call: Call, plan: CallPlan, refused: Touched | None, person: Leg | None) -> str:
    if call.met and (person is None or person.is_human):
        return "connected"
    if call.abandoned:
        return "abandoned"
    if call.off is not None:
        return "called_off"
    if call.taken_by is None:
        return "no_rep"
    if refused is not None:
        return "refused" if refused.result == "refused" else refused.result
    if person is None:
        return "no_rep"  # who pressed 1 was gone before the person's phone could ring
    if not person.is_human:
        return "dropped" if plan.drop is not None else "voicemail"
    return _UNREACHED.get(person.end or LegEnd.UNKNOWN, "no_answer")


def words_for_taker(call: Call, plan: CallPlan, refused: Touched | None) -> str | None:
    """What the rep who waits in the conference has to know before it ends; None when nobody waits, or they know."""
    taker, person = call.taker, call.person
    if taker is None or taker.is_over or taker.joined_at is None or taker.left_at is not None:
        return None
    if call.room_closed or (call.met and (person is None or person.is_human)):
        return None
    if call.off is not None:
        return call.off
    if refused is not None:
        return "refused"
    if person is not None and _is_untraced(person):
        return "failed"
    if person is not None and not person.is_human:
        return "dropped" if plan.drop is not None else "voicemail"
    return "no_answer"
