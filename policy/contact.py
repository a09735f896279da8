"""When and how often a person may be touched, besides the law: the shape of a policy's `contact`."""

from datetime import timedelta
from typing import Literal

from pydantic import Field

from domain.values import Given
from policy.fields import Duration, Hours, Name, TouchSpan

ConsentKind = Literal["written", "express", "inquiry", "none"]

Switch = Literal["answers_exempt", "consent_exempt", "binds_texts", "area_code_presumes", "written_consent"]
SWITCHES: tuple[Switch, ...] = (
    "answers_exempt",
    "consent_exempt",
    "binds_texts",
    "area_code_presumes",
    "written_consent",
)
"""What a row of contact rules may leave to counsel to turn on or off."""


class Courtesy(Given):
    """The window we keep besides the law's, in the person's local time."""

    sms: Hours
    """When we text."""
    call: Hours
    """When we call."""


class Leave(Given):
    """What a channel needs of the person: their tick for this channel, and a kind of consent."""

    box: bool
    """The person must have ticked this channel."""
    kinds: tuple[ConsentKind, ...]
    """The kinds of consent that will do; missing consent counts as inquiry."""


class ConsentRules(Given):
    """`answers`: sources whose own call or text is leave for one answer by text."""

    sms: Leave
    """What a text needs."""
    call: Leave
    """What a call needs."""
    answers: tuple[Name, ...] = ()
    """Sources whose own call or text is leave for one answer by text, without a ticked box."""


class Cap(Given):
    """At most so many solicitations of one person within a time, over all channels and leads (N8)."""

    most: int = Field(ge=1)
    """How many."""
    within: TouchSpan
    """Within which time, 31d at most."""

    @property
    def title(self) -> str:
        """As rules name it: 3-in-24h."""
        return f"{self.most}-in-{int(self.within.total_seconds() // 3600)}h"


class DoNotCall(Given):
    """Whether solicitations need the federal registry, and sources that are no inquiry of the person's own."""

    federal: Literal["required", "none"] = "required"
    """required: without an exemption only a fresh extract of the registry lets a touch pass. none: it is not asked."""
    no_inquiry: tuple[Name, ...] = ()
    """Sources that are no inquiry of the person's own, such as a list."""


class Contact(Given):
    """When and how often a person may be touched, besides the law. Within `same_answer` one answer is sent once."""

    courtesy: Courtesy
    """Our own hours for people, in their local time, on top of the law; they can't widen the law."""
    answers_at_night: bool = False
    """Lets a text that answers what the person just did go at any hour and place. Contested: ask counsel."""
    switches: dict[str, dict[Switch, bool]] = Field(default_factory=dict)
    """Switches of contact_rules, by its rows (a state, or federal), that our counsel turned on or off."""
    consent: ConsentRules
    """What each channel needs of the person."""
    do_not_call: DoNotCall = DoNotCall()
    """Whether calls and texts of our own initiative ask the do-not-call registry."""
    caps: tuple[Cap, ...]
    """Solicitations of one person, over all channels and leads."""
    same_answer: TouchSpan = timedelta(minutes=10)
    """Within this time a text that answers what a person did goes once, however often they do it."""
    spread: Duration = Field(default=timedelta(hours=3), le=timedelta(hours=12))
    """Texts of a track keep so far from the time of day at which an earlier touch went unanswered, 12h at most."""
    recent_contact: Duration
    """One of us spoke with them within this time: no solicitation, and a new inquiry goes to who spoke."""
