"""Shares of leads: exact, in a stable order, and refused in words when they can't be meant."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput
from policy.whatif import assumptions
from policy.whatif.assumptions import Assumption, Shares


def test_a_fifth_of_400_leads_is_80_spread_evenly() -> None:
    shares = Shares(assumptions.read(["paid_lead_form.buying_signal=0.20"]))

    dealt = [shares.next() for _ in range(400)]

    assert dealt.count("buying_signal") == 80
    assert [dealt[start : start + 50].count("buying_signal") for start in range(0, 400, 50)] == [10] * 8


def test_two_simulations_meet_the_same_leads() -> None:
    first, second = (Shares(assumptions.read(["a.question=0.3", "a.not_now=0.25"])) for _ in range(2))

    assert [first.next() for _ in range(77)] == [second.next() for _ in range(77)]


@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=4).filter(lambda parts: sum(parts) <= 100), st.integers(1, 300)
)
def test_no_share_is_ever_a_whole_lead_off(parts: list[int], leads: int) -> None:
    rates = [Fraction(part, 100) for part in parts]
    names = ["buying_signal", "question", "not_now", "other"]
    shares = Shares([Assumption("a", name, rate) for name, rate in zip(names, rates, strict=False)])

    for asked in range(1, leads + 1):
        shares.next()
        for name, rate in zip(names, rates, strict=False):
            assert abs(shares.dealt(name) - asked * rate) < 1


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ("paid_lead_form", "write SOURCE.BEHAVIOUR=RATE"),
        ("paid_lead_form.buying_signl=0.2", "did you mean buying_signal?"),
        ("paid_lead_form.dances=0.2", "known are buying_signal"),
        ("paid_lead_form.buying_signal=20%", "'20%' is no share"),
        ("paid_lead_form.buying_signal=1.2", "'1.2' is no share"),
        ("paid_lead_form.buying_signal=-0.2", "'-0.2' is no share"),
        ("paid_lead_form.buying_signal=nan", "'nan' is no share"),
        ("paid_lead_form.buying_signal=0." + "3" * 400, "is no share"),
        ("paid_lead_form.buying_signal=\u0660.\u0662", "is no share"),
    ],
)
def test_what_is_no_assumption_is_refused_in_words(given_: str, said: str) -> None:
    with pytest.raises(BadInput, match=r"--assume") as refused:
        assumptions.read([given_])

    assert said in str(refused.value)


def test_every_mistake_is_named_at_once() -> None:
    with pytest.raises(BadInput) as refused:
        assumptions.read(["a.question=0.7", "a.not_now=0.7", "b.question=0.1", "b.question=0.1", "c"])

    assert [place for place, _ in refused.value.problems] == ["c", "b.question", "a"]
