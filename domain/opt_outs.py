"""A person who said no, as somebody tells it for them: on the phone, by letter, to a rep (N11). Never in Temporal."""

from typing import Literal, Protocol

from pydantic import Field, model_validator

from domain.ports import Captured
from domain.values import Given

EVERYTHING: Literal["all"] = "all"


class OptOut(Given):
    """They asked not to be reached, on all channels or one, until they take it back; or they declined a call, which
    bars calls for as long as their state's rule says. `by` is a rep's handle or a system's name."""

    channel: Literal["all", "call", "sms"] = EVERYTHING
    kind: Literal["asked", "declined"] = "asked"
    reason: str | None = Field(default=None, max_length=500)
    by: str = Field(default="api", pattern=r"^[a-z0-9][a-z0-9_.:-]{0,63}$")

    @model_validator(mode="after")
    def _declined_is_of_calls(self) -> "OptOut":
        if self.kind == "declined" and self.channel != "call":
            raise ValueError("declined is said of a call: give channel call with it, or kind asked")
        return self


class OptOuts(Protocol):
    """What people said no to. In force when `take` returns, before anything else is sent.

    The same key is taken once: status duplicate after that; Refused when it carried another message. NotFound for a
    person who isn't this tenant's. Status joined: their open lead is to be told.
    """

    async def take(self, tenant: str, person_id: str, message: OptOut, key: str) -> Captured: ...
