"""What touches cost: the founding documents' own figures, to the digit, and a refusal of prices that are none."""

from datetime import timedelta
from decimal import Decimal

import pytest

from domain.values import Source
from policy import cost
from policy.cost import Touches
from policy.explain import as_json
from policy.load import PolicyInvalid
from policy.prices import CallPrice, Prices
from policy.triage import triage
from tests.policy.cases import TUESDAY, changed, default, lead

PRICES = default().policy.costs
CALL = timedelta(seconds=90)


def test_850_texts_of_one_segment_cost_seventeen_dollars() -> None:
    """R29, R30."""
    found = cost.of(Touches(texts=850, segments=850), PRICES)
    assert (cost.shown(found.texts), cost.shown(found.total)) == ("17.00", "17.00")


@pytest.mark.parametrize(("segments", "price"), [(1, "0.0200"), (2, "0.0245"), (3, "0.0290")])
def test_a_text_costs_each_message_and_each_segment(segments: int, price: str) -> None:
    assert cost.of(Touches(texts=1, segments=segments), PRICES).texts == Decimal(price)


@pytest.mark.parametrize(("plan", "price", "in_texts"), [("committed", "0.05625", 2.8), ("pay_as_you_go", "0.09", 4.5)])
def test_a_call_of_90_seconds_costs_three_to_four_and_a_half_texts_and_not_a_dozen(
    plan: str, price: str, in_texts: float
) -> None:
    """R28; the founding claim of more than a dozen texts holds with a rep's time only."""
    prices = Prices(call=CallPrice(plan=plan))
    call, text = cost.of(Touches(calls=1, talk=CALL), prices), cost.of(Touches(texts=1, segments=1), prices)
    assert call.calls == Decimal(price)
    assert round(float(call.total / text.total), 1) == in_texts
    with_rep = cost.of(Touches(calls=1, talk=CALL), prices.model_copy(update={"rep_minute": Decimal("0.50")}))
    assert with_rep.total / text.total > 12


def test_cents_are_rounded_once_and_at_the_end() -> None:
    """10,000 calls of a third of a cent each are no 0.00."""
    prices = Prices(call=CallPrice(plan="p", plans={"p": Decimal("0.003333")}))
    one = Touches(calls=1, talk=timedelta(minutes=1))
    assert cost.shown(cost.of(one, prices).calls) == "0.00"
    assert cost.shown(cost.of(Touches(calls=10_000, talk=timedelta(minutes=10_000)), prices).calls) == "33.33"
    assert cost.shown(Decimal("0.005")) == "0.01"
    assert cost.shown(Decimal(0)) == "0.00"


def test_touches_add_up_to_what_they_cost_apart() -> None:
    some, more = Touches(texts=3, segments=4, calls=2, talk=CALL), Touches(texts=1, segments=1, emails=5)
    prices = Prices(email=Decimal("0.001"), rep_minute=Decimal("0.4"))
    assert cost.of(some + more, prices).total == cost.of(some, prices).total + cost.of(more, prices).total


@pytest.mark.parametrize(
    ("source", "texts", "calls"),
    [
        (Source.DEMO_REQUEST, "0.00", "0.09"),
        (Source.MISSED_CALL, "0.02", "0.09"),
        (Source.PAID_LEAD_FORM, "0.02", "0.00"),
        (Source.CONTENT_DOWNLOAD, "0.02", "0.00"),
        (Source.IMPORT, "0.00", "0.00"),
    ],
)
def test_explain_estimates_the_first_motion(source: Source, texts: str, calls: str) -> None:
    facts = lead(source)
    found = as_json(triage(facts, default(), TUESDAY, "d"), default(), facts)["cost"]
    assert (found["texts"], found["calls"], found["reps"]) == (texts, calls, "0.00")
    assert Decimal(found["total"]) == Decimal(texts) + Decimal(calls)


def test_every_text_of_the_default_policy_is_one_segment() -> None:
    assert {cost.segments(name, default()) for name in default().policy.texts} == {1}


def test_the_value_of_a_missed_call_is_the_businesss_own_assumption() -> None:
    """R31: 365 missed calls at 2,000 are the founding document's 730,000, if somebody assumes them so."""
    assert PRICES.missed_call_value is None
    assert cost.missed_calls_worth(365, PRICES) is None
    assert cost.missed_calls_worth(365, Prices(missed_call_value=Decimal(2000))) == 730_000


@pytest.mark.parametrize(
    ("costs", "said"),
    [
        ({"text": {"message": -1}}, "at least 0"),
        ({"text": {"segment": "a lot"}}, "valid decimal"),
        ({"text": {"segment": 0.00000001}}, "decimal places"),
        ({"rep_minute": 1e9}, "at most 1000000"),
        ({"email": ".inf"}, "valid decimal"),
        ({"call": {"plan": "gold"}}, "there is no plan"),
        ({"call": {"talk": "soon"}}, "not a duration"),
        ({"per_text": 0.02}, "per_text"),
    ],
)
def test_prices_that_are_none_are_refused_where_they_stand(costs: object, said: str) -> None:
    with pytest.raises(PolicyInvalid) as refused:
        changed(costs=costs)
    (problem,) = refused.value.problems
    assert said in problem.said
    assert problem.line > 0
