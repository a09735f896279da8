"""What a call that is over adds to the count of those that were abandoned (N24). Pure."""

from datetime import timedelta

from domain.abandonment import Abandonment
from domain.calls import Call
from domain.decisions import Opening

SURELY_TALKED = timedelta(seconds=30)
"""Where nothing told a person from a machine, so long a talk was one with a person."""


def counted(call: Call) -> Abandonment:
    """What a call that is over adds to it. Who may have been a machine, and calls to us, count for nothing."""
    if call.abandoned:
        return Abandonment(answered=1, abandoned=1)
    person = call.person
    if call.is_inbound or not call.met or person is None or not person.is_human:
        return Abandonment()
    is_told = call.plan is None or call.plan.first is Opening.REP
    surely = person.answered_by == "human" if is_told else call.talk >= SURELY_TALKED
    return Abandonment(answered=1) if surely else Abandonment()
