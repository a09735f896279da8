"""What touches cost us: the shape of a policy's `costs`. Figures of yours; nothing is decided by them."""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator

from domain.values import Given
from policy.fields import Duration, Name, duration
from policy.problems import shown, wrong

Price = Annotated[Decimal, Field(ge=0, le=1_000_000, decimal_places=6)]
"""An amount of the business's money."""


class TextPrice(Given):
    """What an SMS costs: each message, and each of its segments, which is what carriers pass on (R29)."""

    message: Price = Decimal("0.0155")
    """Each message, however long."""
    segment: Price = Decimal("0.0045")
    """Each segment of it."""


class CallPrice(Given):
    """What a call costs by the minute of talk, which depends on the plan (R28)."""

    plan: Name = "pay_as_you_go"
    """The plan you are on, by its name under plans."""
    plans: dict[Name, Price] = Field(default={"pay_as_you_go": Decimal("0.06"), "committed": Decimal("0.0375")})
    """A minute of talk on each plan."""
    talk: Duration = duration("90s")
    """How long a call is taken to last until it has been held."""

    @model_validator(mode="after")
    def _is_on_a_plan(self) -> Self:
        if self.plan not in self.plans:
            known = ", ".join(self.plans) or "none"
            raise wrong(f"there is no plan {shown(self.plan)} under plans; there are {known}")
        return self

    @property
    def minute(self) -> Decimal:
        """A minute of talk on the plan that was chosen."""
        return self.plans[self.plan]


class Prices(Given):
    """What touches cost. Rep time is nothing until you say what a rep's minute costs you."""

    text: TextPrice = TextPrice()
    """SMS."""
    call: CallPrice = CallPrice()
    """Calls."""
    rep_minute: Price = Decimal(0)
    """A minute of a rep's time on a call: the dearest part of a call, and nothing until you say so."""
    email: Price = Decimal(0)
    """An e-mail."""
    missed_call_value: Price | None = None
    """What you take a missed call to be worth. Simulate shows what those that are answered come to, as your estimate
    (R31)."""
