"""The numbers a business texts and calls from: the shape of a policy's `numbers`. Which is used is for senders.py.

They are the active policy's, whatever policy a lead follows: a number that was given up is nobody's to send from.
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from domain.values import Channel, Given
from policy.fields import MessagingService, Phone, Region, Zone

MOST = 1000
"""Numbers of one business: as many as Twilio lets one messaging service hold, and more."""

Rate = Annotated[Decimal, Field(gt=0, le=1000, decimal_places=3)]
"""SMS segments a second."""


class Sender(Given):
    """One of our numbers."""

    number: Phone
    """The number, in E.164."""
    channels: tuple[Literal[Channel.SMS, Channel.CALL], ...] = Field(default=(Channel.SMS, Channel.CALL), min_length=1)
    """What it is used for: sms, call."""
    state: Region | None = None
    """Where people take it for local, besides its own area code: a state, such as TX."""
    weight: int = Field(default=1, ge=0, le=100)
    """Its share where no number is sticky or local; 0 keeps it for those."""
    messaging_service: MessagingService | None = None
    """The messaging service it texts by, where that differs from the one for all."""
    per_second: Rate | None = None
    """SMS segments that it may send a second, where that differs from the figure for all."""
    per_day: int | None = Field(default=None, ge=1)
    """SMS segments that it may send a day."""


class Numbers(Given):
    """All of our numbers, and how fast carriers take texts from them. Segments count, as carriers count them."""

    senders: tuple[Sender, ...] = Field(default=(), max_length=MOST)
    """The numbers; without any the messaging service chooses among its own."""
    messaging_service: MessagingService | None = None
    """The messaging service that texts go by."""
    per_second: Rate | None = None
    """SMS segments that each number may send a second, or the service where it chooses the number."""
    per_day: int | None = Field(default=None, ge=1)
    """SMS segments that all numbers together may send a day: the cap of a brand."""
    day_zone: Zone | None = None
    """The zone in which that day begins, where it isn't the business's."""

    def sender(self, number: str) -> Sender | None:
        """The sender with this number."""
        return next((each for each in self.senders if each.number == number), None)

    def pace(self, number: str) -> Decimal | None:
        """Segments a second of a number; None where there is no limit."""
        found = self.sender(number)
        return found.per_second if found is not None and found.per_second is not None else self.per_second
