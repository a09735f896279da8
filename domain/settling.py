"""A touch whose outcome nobody knows, settled by a person's word: what they say, what it comes to, who keeps it."""

from typing import Literal, Protocol

from pydantic import ConfigDict, Field, model_validator

from domain.messages import HANDLE, RowRef
from domain.ports import ChatMessage
from domain.values import Given, Stored


class Settlement(Given):
    """What a person says of a touch: `sent`, it arrived; `failed`, it did not. `again`: send its text anew, as a new
    touch that the guard is asked about."""

    model_config = ConfigDict(populate_by_name=True)

    as_: Literal["sent", "failed"] = Field(alias="as")
    by: str = Field(pattern=HANDLE)
    again: bool = False

    @model_validator(mode="after")
    def _again_after_failing(self) -> "Settlement":
        if self.again and self.as_ != "failed":
            raise ValueError("only what did not arrive is sent again: leave again out, or say failed")
        return self


class Settled(Stored):
    """How a touch stands by a person's word. `ref`: what its open lead is told, None where it has ended."""

    touch_id: str
    lead_id: str
    state: str
    by: str
    said: str
    ref: RowRef | None = None


class Asking(Stored):
    """A message in the chat that asks what became of a touch. Personal data: its words."""

    touch_id: str  # of the message itself
    vendor_id: str
    message: ChatMessage


class Settlements(Protocol):
    """Where a person's word on a touch is kept. Raises NotFound, Refused, Unavailable.

    settle: only what is unknown, once for good; the same key is answered as the first time. A vendor's later word on
    how it ended still outranks it. asking: the messages that ask for this touch. unknown: how many touches are.
    """

    async def settle(self, tenant: str, touch_id: str, settlement: Settlement, key: str) -> Settled: ...

    async def asking(self, tenant: str, touch_id: str) -> tuple[Asking, ...]: ...

    async def unknown(self, tenant: str) -> int: ...


class Editor(Protocol):
    """The chat, as far as a message in it is changed. Raises a VendorError."""

    async def update(self, vendor_id: str, touch_id: str, message: ChatMessage) -> None: ...
