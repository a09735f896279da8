"""What has to be known before a lead is handed from one person to another: the shape of a policy's `handoff` (R39,
N21). What of it a lead lacks is told by context.py."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.values import Given
from policy.fields import Name
from policy.notation import Like
from policy.problems import wrong

Question = Annotated[str, Like(r"[^\n\r]*\w[^\n\r]*", "a question on one line, such as Where do they look?")]
PersonField = Literal["phone", "email", "company", "title", "language", "country", "region", "postal_code"]


class Needed(Given):
    """One thing to know, the question that finds it out, and where it may be known from; one of those is enough."""

    name: Name
    """What traces and notices call it, such as price."""
    ask: Question = Field(max_length=120)
    """The question for whoever speaks with the person."""
    answers: tuple[str, ...] = ()
    """Keys of answers that hold it, as forms and call notes send them."""
    person: tuple[PersonField, ...] = ()
    """What we know of the person that says it too."""

    @model_validator(mode="after")
    def _can_be_known(self) -> Self:
        if not self.answers and not self.person:
            raise wrong("it can never be known; name “answers”, “person” or both")
        return self


class Handoff(Given):
    """The contract of a handoff: what whoever gives a lead away owes to whoever takes it."""

    name: Name
    """What traces call it, such as lpmama."""
    needs: tuple[Needed, ...] = Field(min_length=1, max_length=12)
    """What has to be known, in the order in which it is asked."""

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        names = [need.name for need in self.needs]
        twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
        if twice is not None:
            raise wrong(f"“{twice}” is needed twice")
        return self
