"""Faults that a test arms and the vendors' doors then act out. It only counts; simulator/door.py does the damage."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from simulator.log import Vendor

Kind = Literal["429", "500", "hang", "slow", "slow_answer", "drop_after_accept", "500_after_accept"]
Callbacks = Literal["drop", "late", "duplicate", "reorder", "early", "held"]
Label = Literal["refused", "rings_first"]
_DAY = 86400
SLOW: frozenset[Kind] = frozenset({"slow", "slow_answer"})
AFTER_ACCEPT: frozenset[Kind] = frozenset({"drop_after_accept", "500_after_accept"})


class Fault(BaseModel):
    """What goes wrong, and how often.

    `kind` concerns Baton's requests: 429, 500 and hang refuse the next request of any sort, the after-accept kinds wait
    for the next write that the vendor accepts. slow and slow_answer meet the next write: it is done after `seconds`, or
    at once and answered after `seconds`; either way it is done though the client may be gone by then.
    `callbacks` concerns what the vendor sends to Baton; alone or together with an after-accept kind. A `held` text
    stays with the vendor, scheduled, for `seconds`, and can be canceled.
    `seconds` ends a hang (else the client does) or is how late a late callback comes, all in real time. `match`
    is a part of "METHOD /path" that a request must contain.
    `duplicate_label`, alone, is what becomes of the next participant whose label is taken: refused before it is
    dialled, or rung and then not let in (so without a fault). Which of them is Twilio's isn't documented.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    vendor: Vendor
    kind: Kind | None = None
    callbacks: Callbacks | None = None
    duplicate_label: Label | None = None
    count: int = Field(default=1, ge=1, le=1_000_000)
    seconds: float | None = Field(default=None, gt=0, le=_DAY, allow_inf_nan=False)
    retry_after: int = Field(default=1, ge=0, le=_DAY)
    match: str | None = None

    @model_validator(mode="after")
    def _something_goes_wrong(self) -> Self:
        if self.kind is None and self.callbacks is None and self.duplicate_label is None:
            raise ValueError("a fault needs a kind or callbacks, else nothing goes wrong")
        if self.duplicate_label is not None and (self.kind or self.callbacks or self.vendor != "twilio"):
            raise ValueError("duplicate_label is a fault of twilio's alone")
        return self

    def waits_for_accept(self) -> bool:
        return self.kind is None or self.kind in AFTER_ACCEPT | SLOW


class Faults:
    """Armed faults, taken in the order in which they were armed."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []

    def arm(self, fault: Fault) -> None:
        self._armed.append(fault)

    def left(self) -> list[Fault]:
        return list(self._armed)

    def clear(self) -> None:
        self._armed.clear()

    def for_request(self, vendor: Vendor, call: str, writes: bool) -> Fault | None:
        """The fault that this request meets, if any; `call` is "METHOD /path"."""
        for fault in self._armed:
            fits = (
                fault.vendor == vendor
                and fault.duplicate_label is None
                and (fault.match is None or fault.match in call)
            )
            # Slack and HubSpot send callbacks when people act, not because Baton asked for something.
            of_requests = fault.kind is not None or vendor == "twilio"
            if fits and of_requests and (writes or not fault.waits_for_accept()):
                return self._spend(fault)
        return None

    def for_webhook(self, vendor: Vendor) -> Fault | None:
        """The fault which the next webhook of Slack or HubSpot meets."""
        for fault in self._armed:
            if fault.vendor == vendor and fault.kind is None:
                return self._spend(fault)
        return None

    def for_label(self) -> Label:
        """What becomes of a participant whose label is taken."""
        for fault in self._armed:
            if fault.duplicate_label is not None:
                self._spend(fault)
                return fault.duplicate_label
        return "rings_first"

    def give_back(self, fault: Fault) -> None:
        """The request was refused anyway: an after-accept fault waits for the next one."""
        self._armed.insert(0, fault.model_copy(update={"count": 1}))

    def _spend(self, fault: Fault) -> Fault:
        place = self._armed.index(fault)
        if fault.count > 1:
            self._armed[place] = fault.model_copy(update={"count": fault.count - 1})
        else:
            del self._armed[place]
        return fault
