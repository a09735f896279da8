"""The shape of a dated pack of contact rules: law as data that counsel can edit. It holds no rule itself; law.py reads
it for a place and a day."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from domain.values import Given
from policy.contact import SWITCHES, Cap
from policy.fields import Day, Duration, Link, Name, Region, WeeklyHours
from policy.problems import wrong

FEDERAL = "federal"
"""The name of the row for the whole country."""

Recording = Literal["all_party", "one_party", "mixed"]


class Row(Given):
    """What one place's law says of calls and texts that sell, in the person's local time, and how we know."""

    name: str = Field(min_length=1)
    """Which place and law."""
    citation: str = ""
    """The statute or rule."""
    hours: WeeklyHours | None = None
    """When calls and texts are allowed, the same every week, in the person's local time. A verified row has them."""
    holidays: tuple[str, ...] = ()
    """Days without any, by their names in the public calendar of the place."""
    caps: tuple[Cap, ...] = ()
    """How many calls and texts one person may get within a time."""
    sources: tuple[Link, ...] = ()
    """What was read: statutes, rules, official pages, law firms, press."""
    leads: tuple[Link, ...] = ()
    """Pages of vendors and forums that speak of it: no evidence, a place to begin."""
    verified: Day | None = None
    """The day on which somebody read the sources; none when they don't say enough, and the strictest rules count."""
    effective: Day | None = None
    """The day from which the rule holds, where it is not always."""
    answers_exempt: bool | None = None
    """Switch: the carve-out for answers to the person's own inquiry is used. None where the law has none."""
    consent_exempt: bool | None = None
    """Switch: written or express consent lifts the hours. None where the law has no such thing."""
    binds_texts: bool | None = None
    """Switch: the hours reach texts. None where that is beyond doubt."""
    area_code_presumes: bool | None = None
    """Switch: a phone number's area code presumes residence, whatever the address says. None where it doesn't."""
    written_consent: bool | None = None
    """Switch: a text that solicits needs the person's written consent to automated texts. None where the law asks for
    none."""
    refusal_bars: Duration | None = None
    """How long nobody is called who said no to a call."""
    refusal_bars_months: int | None = Field(default=None, ge=1, le=120)
    """The same in calendar months, as a law counts them; the two add up."""
    recording: Recording | None = None
    """Whose leave a recorded call needs; take it for all_party where it is not told."""
    registration: str = ""
    """Who has to register, and with whom."""
    note: str = ""
    """What a reader should know."""

    @model_validator(mode="after")
    def _is_evidenced(self) -> "Row":
        if self.verified is not None and (self.hours is None or not self.sources):
            raise wrong("a row that is verified needs hours and at least one of sources; else leave verified out")
        return self

    @property
    def switches(self) -> list[str]:
        """The switches that this row has."""
        return [name for name in SWITCHES if getattr(self, name) is not None]


def _verified(row: Row) -> Row:
    if row.verified is None:
        raise wrong("the row for the whole country must be verified: nothing else is left where a state has no row")
    return row


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
    """A pack: one row for the whole country, and one for each state, D.C. and territory.

    `unverified: strictest` gives a state without a verified row all verified windows at once, labelled as assumed.
    """

    version: Name
    """What traces call this pack."""
    country: Region
    """The country it is for, as two letters."""
    researched: Day
    """The day on which it was put together."""
    effective: Day | None = None
    """The day before which the pack permits nothing."""
    notice: str
    """Who is responsible, in words for who reads a decision."""
    unverified: Literal["strictest"]
    """A state without a verified row gets the strictest of all verified windows, labelled as assumed."""
    federal: Annotated[Row, AfterValidator(_verified)]
    """The row that holds everywhere in the country."""
    do_not_call: Registry = Registry()
    """The federal do-not-call registry."""
    states: dict[Region, Row]
    """A row for each state, D.C. and territory."""

    def row(self, name: str) -> Row | None:
        """The row of a state, or `federal`."""
        return self.federal if name == FEDERAL else self.states.get(name)
