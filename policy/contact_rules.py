"""The shape of a dated pack of contact rules: law as data that counsel can edit. It holds no rule itself."""

from datetime import timedelta
from typing import Literal

from pydantic import Field

from domain.values import Given
from policy.fields import Day, Duration, Hours, Name, Region


class Row(Given):
    """When a place allows calls and texts that solicit, in the person's local time, and how we know."""

    name: str
    """Which place and law."""
    hours: Hours
    """When calls and texts that solicit are allowed, in the person's local time."""
    sources: tuple[str, ...] = Field(min_length=1)
    """Where it is written."""
    verified: Day
    """The day on which somebody read the sources."""
    effective: Day | None = None
    """The day from which the rule holds, where it is not always."""
    answers_exempt: bool = False
    """The state's carve-out for answers to the person's own inquiry is used."""
    area_code_presumes: bool = False
    """A phone number's area code presumes residence, whatever the address says."""
    refusal_bars: Duration | None = None
    """How long nobody is called who said no to a call."""
    note: str = ""
    """What a reader should know."""


class Registry(Given):
    """The federal do-not-call registry: how old an extract may be, and how long an inquiry or a transaction exempts."""

    extract: Duration = timedelta(days=31)
    """How old an extract may be when it is relied on."""
    inquiry_months: int = Field(default=3, ge=0, le=120)
    """For how many calendar months the person's own inquiry exempts them."""
    transaction_months: int = Field(default=18, ge=0, le=120)
    """For how many calendar months their last transaction does."""
    sources: tuple[str, ...] = ()
    """Where it is written."""
    verified: Day | None = None
    """The day on which somebody read the sources."""
    note: str = ""
    """What a reader should know."""


class ContactRules(Given):
    """A pack: one row for the whole country, and one for each state that was verified.

    `unverified: strictest` gives a state without a row all verified windows at once, labelled as assumed.
    """

    version: Name
    """What traces call this pack."""
    country: Region
    """The country it is for, as two letters."""
    researched: Day
    """The day on which it was put together."""
    notice: str
    """Who is responsible, in words for who reads a decision."""
    unverified: Literal["strictest"]
    """A state without a row gets the strictest of all verified windows, labelled as assumed."""
    federal: Row
    """The row that holds everywhere in the country."""
    do_not_call: Registry = Registry()
    """The federal do-not-call registry."""
    states: dict[Region, Row]
    """A row for each state that was verified."""
