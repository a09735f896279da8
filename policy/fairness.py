"""What is fair to reps: turns given back, and the fairness report in sentences. It chooses nobody."""

from datetime import UTC, datetime

from domain.assignments import Credit, PassedOver
from domain.decisions import Followup
from domain.fairness import FairnessReport, Passed, Share
from policy.loaded import LoadedPolicy
from policy.notes import Notes
from policy.rotation import counted


def give_back(loaded: LoadedPolicy, ask: Followup, notes: Notes) -> None:
    """Note that the owner gets the turn back, where the reason code says that the lead was none (N5)."""
    rep = loaded.policy.rep(ask.owner)
    if rep is not None and ask.code is not None and ask.code in loaded.policy.credit_back:
        notes.credit = Credit(rep=rep.handle, code=ask.code)
        notes.said("credit_back", f"{rep.handle} gets the turn back, if it was one: {ask.code}")


def sentences(report: FairnessReport) -> list[str]:
    """The report as somebody would answer “why not me?”: shares first, then each lead that went elsewhere."""
    about = f" for lead {report.lead_id}" if report.lead_id else ""
    told = [f"Since {_clock(report.since)}{about}:"]
    told += [sentence for share in report.reps for sentence in _share(share)]
    if not report.reps:
        told.append("nobody was looked for.")
    told += [_passed(each) for each in report.passed_over]
    if report.more:
        told.append("There are older ones; ask for a shorter time, or for one lead.")
    return told


def _share(share: Share) -> list[str]:
    became = [
        (share.accepted, "taken up"),
        (share.passed, "passed on"),
        (share.timed_out, "run out"),
        (share.taken_by_others, "taken by somebody faster"),
        (share.ended, "ended with the lead's cycle"),
        (share.waiting, "still waiting"),
    ]
    ways = ", ".join(f"{number} {what}" for number, what in became if number)
    told = [f"{share.rep} was offered {counted(share.offered, 'lead')}{f' ({ways})' if ways else ''}."]
    if share.in_line:
        weight = f" at weight {share.weight}" if share.weight is not None else ""
        told.append(
            f"  {share.rep} stood in line for {counted(share.in_line, 'lead')}{weight}: "
            f"{share.due:.1f} of them were due, {share.got} came."
        )
    if share.credited:
        told.append(f"  {counted(share.credited, 'turn')} came back, for leads that were none.")
    return told


def _passed(each: Passed) -> str:
    went = each.owner or f"queue {each.queue}"
    words = each.because
    if each.reason is not PassedOver.LATER_TURN:
        words = f"{each.rep} {words}" if each.reason in _OF_THE_REP else words
    stood = f"; {each.rep} was number {each.place} in line {each.line}" if each.place else ""
    return f"Not {each.rep}, {_clock(each.at)}, lead {each.lead_id}: it went to {went}, since {words}{stood}."


_OF_THE_REP = tuple(
    reason
    for reason in PassedOver
    if reason not in (PassedOver.LATER_TURN, PassedOver.OWNER_FIRST, PassedOver.NOBODY_IN_TIME, PassedOver.HOPS_USED)
)
"""Reasons that read on from the rep's name: ada is away. The others are sentences of their own."""


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%a %d %b %Y %H:%M}Z"
