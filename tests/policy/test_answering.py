"""Whom a call to the business's number rings, in which order, and why not somebody (R20, R21, N4, N5)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.answering import Answering, Caller, InboundCall, Why
from domain.facts import Facts, History, RepLoad
from policy.answering import answer
from policy.load import LoadedPolicy, PolicyInvalid
from tests.policy import cases
from tests.policy.cases import TUESDAY, at

OURS, SALES, DESK, SECOND = "+15125550100", "+15125550109", "+15125550120", "+15125550121"
DANA = "+15125550142"
NIGHT, SATURDAY, THANKSGIVING = at("2026-11-24 22:00"), at("2026-11-28 10:00"), at("2026-11-26 10:00")
Rounds = list[tuple[Why, tuple[str, ...]]]


def asked(
    loaded: LoadedPolicy, now: datetime = TUESDAY, key: str | None = None, called: str = OURS, **facts: Any
) -> Answering:
    who = {"lead_id": "", "source": "inbound_call", "received_at": now, "tenant": "main", "person": cases.person()}
    owner = facts.pop("owner", None)
    caller = Caller(
        now=now, facts=Facts.model_validate({**who, **facts}), owner=owner if isinstance(owner, str) else None
    )
    return answer(InboundCall(vendor_id="CA1", caller=DANA, called=called), caller, loaded, key)


def rung(found: Answering) -> Rounds:
    return [(each.why, (*each.reps, *each.numbers)) for each in found.rounds]


def inbound(**parts: object) -> LoadedPolicy:
    return cases.changed(inbound=parts)


def test_while_open_whoever_would_take_the_lead_rings_at_once() -> None:
    found = asked(cases.default())
    assert rung(found) == [(Why.TEAM, ("ada", "ben", "dev"))]
    assert found.rounds[0].ring == timedelta(seconds=20)


@pytest.mark.parametrize("when", [NIGHT, SATURDAY, THANKSGIVING])
def test_while_closed_nobody_rings(when: datetime) -> None:
    found = asked(cases.default(), when, owner="dev")
    assert (found.is_open, found.rounds) == (False, ())
    assert [reason.rule for reason in found.reasons] == ["inbound/closed"]


@pytest.mark.parametrize(
    ("facts", "first"),
    [
        ({"owner": "dev"}, "dev"),
        ({"history": History(last_owner="cleo", last_owner_at=TUESDAY - timedelta(days=3))}, "cleo"),
        ({"history": History(crm_owner="102")}, "ben"),
        ({"owner": "dev", "history": History(last_owner="cleo")}, "dev"),
    ],
)
def test_whom_the_caller_knows_rings_first_and_alone(facts: dict[str, Any], first: str) -> None:
    found = asked(cases.default(), **facts)
    assert rung(found)[0] == (Why.KNOWN, (first,))
    assert first not in rung(found)[1][1]
    assert found.rounds[0].ring == timedelta(seconds=10)


def test_whom_they_know_is_not_rung_while_on_the_phone_or_away_and_it_is_said() -> None:
    busy = asked(cases.default(), owner="dev", on_call=("dev",))
    away = asked(cases.default(), owner="dev", reps=(RepLoad(rep="dev", away=True),))
    for found, because in ((busy, "is on the phone"), (away, "is away")):
        assert rung(found) == [(Why.TEAM, ("ada", "ben"))]
        assert ("ring/dev", because) in [(each.what, each.because) for each in found.not_taken]


def test_a_limit_of_leads_keeps_nobody_from_their_own_lead() -> None:
    loaded = cases.with_ada(max_open=1)
    full = (RepLoad(rep="ada", open_leads=1),)
    assert rung(asked(loaded, owner="ada", reps=full))[0] == (Why.KNOWN, ("ada",))
    assert "ada" not in rung(asked(loaded, reps=full))[0][1]


def test_where_nobody_is_free_the_second_number_rings() -> None:
    """R21."""
    loaded = inbound(overflow={"numbers": [SECOND], "reps": ["cleo", "dev"], "ring": "15s"})
    found = asked(loaded, on_call=("ada", "ben", "dev"))
    assert rung(found) == [(Why.OVERFLOW, ("cleo", SECOND))]
    assert rung(asked(loaded))[1] == (Why.OVERFLOW, ("cleo", SECOND))
    assert rung(asked(cases.default(), on_call=("ada", "ben", "cleo", "dev"))) == []


def test_a_department_is_chosen_by_the_number_called_or_by_a_key_and_has_its_own_hours() -> None:
    departments = [
        {"name": "sales", "called": [SALES], "key": "1", "reps": ["cleo", "dev"]},
        {"name": "desk", "key": "2", "numbers": [DESK], "hours": "Mo-Su 08:00-23:00"},
    ]
    loaded = inbound(departments=departments, menu="1 for sales, 2 for service.")
    assert asked(loaded).asks
    assert (asked(loaded, called=SALES).department, rung(asked(loaded, called=SALES))) == (
        "sales",
        [(Why.TEAM, ("cleo", "dev"))],
    )
    assert rung(asked(loaded, NIGHT, key="2")) == [(Why.TEAM, (DESK,))]
    assert rung(asked(loaded, key="9")) == [(Why.TEAM, ("ada", "ben", "dev"))]
    assert not asked(loaded, key="").asks


def test_the_owner_of_another_department_is_not_rung_before_it() -> None:
    loaded = inbound(departments=[{"name": "sales", "called": [SALES], "reps": ["cleo"]}])
    assert rung(asked(loaded, called=SALES, owner="ben")) == [(Why.TEAM, ("cleo",))]


def test_a_blocked_number_is_not_answered() -> None:
    found = asked(inbound(blocked=[DANA]))
    assert (found.rejects, found.rounds) == (True, ())


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"overflow": {"reps": ["adda"]}}, "there is no rep “adda”"),
        ({"departments": [{"name": "a", "reps": ["ada"]}]}, "nobody comes to this department"),
        ({"departments": [{"name": "a", "called": [SALES], "group": "x"}]}, "there is no group “x”"),
        ({"departments": [{"name": n, "called": [SALES]} for n in "ab"]}, f"a second department has “{SALES}”"),
        ({"menu": "Press 1."}, "no department has a “key”"),
        ({"ring": "2s"}, "phones ring for 5 to 60 seconds"),
    ],
)
def test_what_does_not_fit_together_is_refused(part: dict[str, object], said: str) -> None:
    with pytest.raises(PolicyInvalid) as refused:
        inbound(**part)
    assert said in str(refused.value)
