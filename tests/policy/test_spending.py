"""What leads have cost: vendors' prices where they are known, else the policy's; exact inside, two decimals shown."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from domain.costs import LeadCost, Spent, SpentTouch
from policy.prices import CallPrice, Prices, TextPrice
from policy.spending import Spending, of_lead

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PRICES = Prices(text=TextPrice(message=Decimal("0.0155"), segment=Decimal("0.0045")), call=CallPrice())
LONG = "x" * 161  # two segments


def text(price: str | None = None, body: str = "Hi", segments: int | None = None, unit: str = "USD") -> SpentTouch:
    return SpentTouch(
        channel="sms",
        body=body,
        segments=segments,
        price=Decimal(price) if price else None,
        unit=unit if price else None,
    )


def call(talk: timedelta | None = None, price: str | None = None) -> SpentTouch:
    return SpentTouch(channel="call", body="", talk=talk, price=Decimal(price) if price else None)


@pytest.mark.parametrize(
    ("touches", "estimate", "actual", "total", "unpriced"),
    [
        ((), "0.00", "0.00", "0.00", 0),
        ((text(),), "0.02", "0.00", "0.02", 1),  # R29: one segment is $0.02
        ((text(body=LONG),), "0.02", "0.00", "0.02", 1),  # 0.0155 + 2 x 0.0045 = 0.0245
        ((text(segments=3),), "0.03", "0.00", "0.03", 1),  # 0.029
        ((text("0.0083"), text()), "0.04", "0.01", "0.03", 1),  # 0.0083 + 0.02 = 0.0283
        ((text("0"),), "0.02", "0.00", "0.00", 0),  # free of charge is a price
        ((call(timedelta(minutes=2)),), "0.12", "0.00", "0.12", 1),  # R28: $0.06 a minute
        ((call(),), "0.09", "0.00", "0.09", 1),  # until it was held, as long as the policy takes a call to be: 90 s
        ((call(timedelta(minutes=2), "0.028"),), "0.12", "0.03", "0.03", 0),
        ((text("0.0049"),) * 3, "0.06", "0.01", "0.01", 0),  # 0.0147: rounded once, at the end
    ],
)
def test_a_leads_cost_goes_from_estimate_to_actual(
    touches: tuple[SpentTouch, ...], estimate: str, actual: str, total: str, unpriced: int
) -> None:
    assert of_lead(touches, PRICES) == LeadCost(
        estimate=estimate, actual=actual, total=total, currency="USD", touches=len(touches), unpriced=unpriced
    )


def test_amounts_in_several_currencies_are_not_passed_off_as_one() -> None:
    assert of_lead((text("0.01", unit="EUR"), text("0.01")), PRICES).currency == "EUR+USD"


def spent(group: str, *touches: SpentTouch) -> Spent:
    return Spent(lead_id="l", opened_at=NOON, group=group, touches=touches)


def test_groups_add_up_the_dearest_first_and_say_how_much_is_estimated() -> None:
    spending = Spending(PRICES, "source")
    for lead in (
        spent("ads", text()),
        spent("demo", call(timedelta(minutes=5)), text("0.0100")),
        spent("ads"),
    ):
        spending.take(lead)
    everybody, demo, ads = spending.groups()
    assert [(group.name, group.leads, group.touches) for group in (everybody, demo, ads)] == [
        ("all", 3, 3),
        ("demo", 1, 2),
        ("ads", 2, 1),
    ]
    assert (demo.total, demo.calls, demo.minutes, demo.estimated_share) == ("0.31", 1, 5.0, 0.9677)
    assert (ads.total, ads.per_lead, ads.per_touch, ads.estimated_share) == ("0.02", "0.01", "0.02", 1.0)
    assert (everybody.total, everybody.texts, everybody.segments) == ("0.33", 2, 2)


def test_leads_that_were_never_touched_cost_nothing_and_divide_by_nothing() -> None:
    spending = Spending(PRICES, None)
    assert spending.groups() == ()
    spending.take(spent("ads"))
    (everybody,) = spending.groups()
    assert (everybody.total, everybody.per_lead, everybody.per_touch) == ("0.00", "0.00", None)
