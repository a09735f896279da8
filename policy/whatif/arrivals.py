"""What comes into a simulation: inquiries as policy sees them, in the order of their moments. Reads nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.facts import Facts
from domain.replies import ReplyKind
from policy.business_time import BusinessClock


@dataclass(frozen=True, slots=True)
class Arrival:
    """One inquiry on its way in.

    `facts` are those of a lead that it opens; reps and what happened before are for the world to add. `person` is the
    same for all inquiries of one human. `words` are the values of a text that come from the person. `replies`: what
    they really wrote next; None where that isn't known.
    """

    number: int  # of the row or stored decision, from 1
    event_id: str
    at: datetime
    facts: Facts
    person: str
    words: Mapping[str, str] = field(default_factory=dict)
    replies: tuple[tuple[datetime, ReplyKind], ...] | None = None

    def reply_after(self, text_at: datetime) -> tuple[datetime, ReplyKind] | None:
        """The first words of theirs after that text; a machine's answer only where there are no others."""
        heard = [reply for reply in self.replies or () if reply[0] >= text_at]
        spoken = [reply for reply in heard if reply[1] is not ReplyKind.OUT_OF_OFFICE]
        return next(iter(spoken or heard), None)


def midday(clock: BusinessClock, on: datetime) -> datetime:
    """The middle of the first business day that begins after `on`: when inquiries come that say nothing of it."""
    opening = clock.next_open(clock.day_end(on) or on) or on
    closing = clock.day_end(opening) or opening
    return clock.add(opening, clock.between(opening, closing) / 2) or opening + timedelta()
