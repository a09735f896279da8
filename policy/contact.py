"""When and how often a person may be touched, besides the law: the shape of a policy's `contact`."""

from datetime import timedelta
from typing import Literal

from pydantic import Field

from domain.values import Given
from policy.fields import Duration, Hours, Name, TouchSpan

ConsentKind = Literal["written", "express", "inquiry", "none"]


class Courtesy(Given):
    """The window we keep besides the law's, in the person's local time."""

    sms: Hours
    call: Hours


class Leave(Given):
    """What a channel needs of the person: their tick for this channel, and a kind of consent."""

    box: bool
    kinds: tuple[ConsentKind, ...]


class ConsentRules(Given):
    """`answers`: sources whose own call or text is leave for one answer by text."""

    sms: Leave
    call: Leave
    answers: tuple[Name, ...] = ()


class Cap(Given):
    """At most so many solicitations of one person within a time, over all channels and leads (N8)."""

    most: int = Field(ge=1)
    within: TouchSpan


class Contact(Given):
    """When and how often a person may be touched, besides the law. Within `same_answer` one answer is sent once."""

    courtesy: Courtesy
    answers_at_night: bool = False
    consent: ConsentRules
    caps: tuple[Cap, ...]
    same_answer: TouchSpan = timedelta(minutes=10)
    recent_contact: Duration
