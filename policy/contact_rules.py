"""The shape of a dated pack of contact rules: law as data that counsel can edit. It holds no rule itself."""

from typing import Literal

from pydantic import Field

from domain.values import Given
from policy.fields import Day, Hours, Name, Region


class Row(Given):
    """When a place allows calls and texts that solicit, in the person's local time, and how we know."""

    name: str
    hours: Hours
    sources: tuple[str, ...] = Field(min_length=1)
    verified: Day
    effective: Day | None = None
    answers_exempt: bool = False  # the state's carve-out for answers to the person's own inquiry; a switch
    area_code_presumes: bool = False  # a phone number's area code presumes residence, whatever the address says
    note: str = ""


class ContactRules(Given):
    """A pack: one row for the whole country, and one for each state that was verified.

    `unverified: strictest` gives a state without a row all verified windows at once, labelled as assumed.
    """

    version: Name
    country: Region
    researched: Day
    notice: str
    unverified: Literal["strictest"]
    federal: Row
    states: dict[Region, Row]
