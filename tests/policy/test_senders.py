"""Which number a person is texted or called from, and which numbers a policy may hold."""

import time

import pytest

from domain.senders import Known
from policy import senders
from policy.load import LoadedPolicy, PolicyInvalid, load_policy
from policy.numbers import MOST, Numbers
from tests.builders import NOON
from tests.fakes import facts_of, texan
from tests.policy.cases import POLICIES

AUSTIN, HOUSTON, MIAMI, CHICAGO = "+15125550100", "+17135550100", "+13055550100", "+13125550100"
SERVICE = "MG" + "0a" * 16
POOL = Numbers.model_validate(
    {
        "senders": [
            {"number": MIAMI, "state": "FL"},
            {"number": HOUSTON, "state": "TX", "channels": ["sms"]},
            {"number": AUSTIN},
            {"number": CHICAGO, "weight": 2, "channels": ["call", "sms"]},
        ]
    }
)


def text_from(known: Known, phone: str = "+15125550142", region: str = "TX", full: frozenset[str] = frozenset()) -> str:
    person = texan(phone=phone, region=region, places=())
    chosen = senders.for_text(POOL, facts_of("l", "demo_request", NOON, person=person), known, full)
    assert chosen is not None
    return f"{chosen.because} {chosen.number}"


@pytest.mark.parametrize(
    ("known", "phone", "region", "wanted"),
    [
        (Known(last=MIAMI), "+15125550142", "TX", f"sticky {MIAMI}"),
        (Known(last="+19995550100"), "+15125550142", "TX", f"area_code {AUSTIN}"),
        (Known(), "+14695550142", "TX", f"state {HOUSTON}"),
        (Known(), "+12125550142", "NY", f"fewest_sends {MIAMI}"),
        (Known(recent={MIAMI: 1, HOUSTON: 2, AUSTIN: 2, CHICAGO: 1}), "+12125550142", "NY", f"fewest_sends {CHICAGO}"),
        (Known(recent={MIAMI: 1, HOUSTON: 2, AUSTIN: 2, CHICAGO: 3}), "+12125550142", "NY", f"fewest_sends {MIAMI}"),
        (Known(), "+442071838750", "", f"fewest_sends {MIAMI}"),
    ],
)
def test_sticky_comes_first_then_local_then_who_has_sent_least(
    known: Known, phone: str, region: str, wanted: str
) -> None:
    assert text_from(known, phone, region) == wanted


def test_a_number_that_has_sent_what_it_may_gives_way_even_where_it_is_known() -> None:
    assert text_from(Known(last=AUSTIN), full=frozenset([AUSTIN])) == f"state {HOUSTON}"
    facts = facts_of("l", "demo_request", NOON)
    assert senders.for_text(POOL, facts, Known(), frozenset([AUSTIN, HOUSTON, MIAMI, CHICAGO])) is None


def test_a_number_that_only_texts_is_no_caller_id_though_they_know_it() -> None:
    facts = facts_of("l", "demo_request", NOON, person=texan(phone="+17135550142"))
    chosen = senders.for_call(POOL, facts, Known(last=HOUSTON))
    assert chosen is not None
    assert (chosen.number, chosen.because) == (MIAMI, "fewest_sends")
    assert senders.for_call(Numbers.model_validate({"messaging_service": SERVICE}), facts, Known()) is None


def test_a_service_chooses_where_there_is_no_number_and_goes_along_where_there_is() -> None:
    facts = facts_of("l", "demo_request", NOON)
    alone = senders.for_text(Numbers.model_validate({"messaging_service": SERVICE}), facts, Known(last=AUSTIN))
    both = {"messaging_service": SERVICE, "senders": [{"number": AUSTIN}]}
    beside = senders.for_text(Numbers.model_validate(both), facts, Known())
    assert alone is not None
    assert (alone.number, alone.service) == ("", SERVICE)
    assert beside is not None
    assert (beside.number, beside.service) == (AUSTIN, SERVICE)


def test_a_weight_of_nothing_is_for_sticky_and_local_use_alone() -> None:
    pool = Numbers.model_validate({"senders": [{"number": MIAMI, "weight": 0}, {"number": CHICAGO}]})
    facts = facts_of("l", "demo_request", NOON)
    chosen = senders.for_text(pool, facts, Known(recent={CHICAGO: 100}))
    assert chosen is not None
    assert chosen.number == CHICAGO


def loaded(numbers: str) -> LoadedPolicy:
    return load_policy(f"extends: default.yaml\n{numbers}\n", "mine.yaml", POLICIES)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ('numbers: {senders: [{number: "+15125550100"}, {number: "+15125550100"}]}', "is given twice"),
        ('numbers: {senders: [{number: "5125550100"}]}', "not a number in E.164"),
        ('numbers: {senders: [{number: "+1 512 555 0100"}]}', "not a number in E.164"),
        ("numbers: {senders: [{number: +15125550100}]}", "put it in quotes"),
        ("numbers: {senders: [{channels: [sms]}]}", "“number” is missing"),
        ('numbers: {senders: [{number: "+15125550100", channels: [fax]}]}', "not one of"),
        ('numbers: {senders: [{number: "+15125550100", channels: []}]}', "at least 1"),
        ('numbers: {senders: [{number: "+15125550100", channels: [call]}]}', "none of these numbers texts"),
        ('numbers: {senders: [{number: "+15125550100", state: Texas}]}', "two capital letters"),
        ('numbers: {senders: [{number: "+15125550100", weight: -1}]}', "at least 0"),
        ('numbers: {senders: [{number: "+15125550100", per_day: 0}]}', "at least 1"),
        ('numbers: {senders: [{number: "+15125550100"}], per_second: 0}', "more than 0"),
        ('numbers: {senders: [{number: "+15125550100"}], per_second: .inf}', "ordinary number"),
        ('numbers: {senders: [{number: "+15125550100"}], per_second: 0.00001}', "decimal places"),
        ('numbers: {senders: [{number: "+15125550100"}], day_zone: Mars/Base}', "no time zone"),
        ("numbers: {messaging_service: MG123}", "not a messaging service"),
        (f"numbers: {{messaging_service: AC{'0a' * 16}}}", "not a messaging service"),
        ("numbers: {senders: []}", "nothing could be texted"),
        ("numbers: {}", "nothing could be texted"),
        ("numbers: [1]", "a mapping is expected"),
        ("numbers: {senders: 7}", "a list is expected"),
        ('numbers: {senders: [{number: "+15125550100", secret: x}]}', "unknown key"),
    ],
)
def test_numbers_that_are_none_are_refused_where_they_stand(numbers: str, said: str) -> None:
    with pytest.raises(PolicyInvalid) as refused:
        loaded(numbers)
    (problem,) = refused.value.problems
    assert said in problem.said
    assert (problem.file, problem.line) == ("mine.yaml", 2)


def test_ten_thousand_numbers_are_refused_at_once_and_a_thousand_are_taken() -> None:
    def many(count: int) -> str:
        return "numbers:\n  senders:\n" + "".join(f'    - {{number: "+1512{each:07}"}}\n' for each in range(count))

    began = time.perf_counter()
    with pytest.raises(PolicyInvalid, match=f"at most {MOST}"):
        loaded(many(10_000))
    assert time.perf_counter() - began < 20
    found = loaded(many(MOST)).policy.numbers
    assert found is not None
    assert len(found.senders) == MOST


def test_what_is_hardly_meant_is_a_warning() -> None:
    found = loaded('numbers: {senders: [{number: "+15125550101", per_day: 9}], per_day: 5}')
    assert [each.message for each in found.warnings] == [
        "this is the phone of ada, who is called on it",
        "never reached: all together may send 5",
    ]
