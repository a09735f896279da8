"""A brokerage: licences say who may take a lead, time says how it is met, and LPMAMA is known before a hand-over."""

import pytest

from domain.decisions import DecisionKind
from domain.facts import Facts
from domain.values import Code
from policy import judgements, recycle
from policy.explain import as_json
from tests.policy.cases import SCRUBBED, TEXAS, TUESDAY, ask, known, lead, person
from tests.policy.packs.shelf import due, group, judged, pack, route, texts

TEN, NINE = "2026-11-24 10:00", "2026-11-24 21:00"
LPMAMA = {
    "location": "Hyde Park",
    "price": "400-450k",
    "motivation": "a baby",
    "agent": "no",
    "mortgage": "pre-approved",
    "appointment": "Saturday 10:00 with Anna",
}


def where(source: str, region: str = "TX", **changes: object) -> Facts:
    """A lead whose property's state was told."""
    return lead(source, TEXAS, person=person(region=region), **changes)


@pytest.mark.parametrize(
    "row",
    [
        (where("showing_request"), TEN, "showing", "live_transfer", "inside_team", "Tue 10:05", []),
        (where("portal_lead"), TEN, "buyer", "live_transfer", "inside_team", "Tue 10:05", []),
        (where("portal_lead"), NINE, "buyer", "text_back", "inside_team", "Wed 09:05", [("buyer", "Wed 09:00")]),
        (where("home_value"), TEN, "seller", "whisper_call", "agents", "Tue 10:05", []),
        (
            where("missed_call", campaign="sign-4711"), TEN,
            "sign_call", "whisper_call", "inside_team", "Tue 10:05", [("sign_call", "Tue 10:00")],
        ),
        (
            where("missed_call"), NINE,
            "missed_call", "text_back", "inside_team", "Wed 09:05", [("missed_call", "Wed 09:00")],
        ),
        (where("open_house"), TEN, "open_house", "text_back", "broker", None, [("open_house", "Tue 10:00")]),
        (where("paid_lead_form"), TEN, "ad", "text_back", "broker", None, [("one_question", "Tue 10:00")]),
        (where("crm_stage", history=SCRUBBED), TEN, "handed_off", "whisper_call", "agents", "Tue 10:30", []),
        (
            where("portal_lead", answers={"timeline": "6-12 months"}), TEN,
            "has_time", "appointment", "agents", "Tue 19:00", [("slots", "Tue 10:00")],
        ),
        (
            where("portal_lead", answers={"timeline": "now"}), TEN,
            "buyer", "live_transfer", "inside_team", "Tue 10:05", [],
        ),
    ],
)  # fmt: skip
def test_each_lead_has_its_route_its_people_and_its_hour(
    row: tuple[Facts, str, str, str, str, str | None, list[tuple[str, str]]],
) -> None:
    facts, when, *expected = row
    judgement = judged("real_estate", facts, when)
    decision = judgement.decision
    whose = group(judgement) or decision.queue
    assert [route(decision), decision.motion, whose, due(decision), texts(decision)] == expected


@pytest.mark.parametrize(
    ("source", "region", "owner"),
    [
        ("portal_lead", "OK", "isa_kim"),
        ("portal_lead", "AR", "isa_lena"),
        ("home_value", "AR", "carl"),
        ("home_value", "TX", "anna"),
        ("portal_lead", "FL", None),
        ("home_value", "CA", None),
    ],
)
def test_only_who_is_licensed_in_the_state_is_offered_a_lead(source: str, region: str, owner: str | None) -> None:
    decision = judged("real_estate", where(source, region), TEN).decision
    assert (decision.owner, decision.queue) == (owner, None if owner else "broker")


def test_an_owner_they_know_without_a_licence_there_is_passed_over() -> None:
    decision = judged("real_estate", where("portal_lead", "AR", history=known(last_owner="anna")), TEN).decision
    assert decision.owner == "isa_lena"


def test_a_state_that_is_not_known_waits_for_the_broker() -> None:
    decision = judged("real_estate", lead("portal_lead", ()), TEN).decision
    assert (decision.owner, decision.queue) == (None, "broker")


def test_who_has_an_agent_is_left_to_that_agent() -> None:
    decision = judged("real_estate", where("showing_request", answers={"agent": "signed"}), TEN).decision
    assert (decision.owner, decision.rest and decision.rest.track) == (None, "email_only")
    assert texts(decision) == []


@pytest.mark.parametrize("left_out", [(), *((name,) for name in LPMAMA), ("price", "mortgage"), tuple(LPMAMA)])
def test_lpmama_is_complete_or_says_what_is_still_to_ask(left_out: tuple[str, ...]) -> None:
    answers = {key: value for key, value in LPMAMA.items() if key not in left_out}
    facts = where("crm_stage", answers=answers)
    judgement = judged("real_estate", facts, TEN)
    assert judgement.decision.missing == left_out
    told = as_json(judgement, pack("real_estate"), facts)["handoff"]
    assert told == {"complete": not left_out, "missing": list(left_out)}
    said = next(each.because for each in judgement.trace.reasons if each.rule == "handoff/lpmama")
    assert said == (f"still to ask: {', '.join(left_out)}" if left_out else "all that the handoff needs is known")


def test_what_the_inside_team_found_out_later_counts_for_the_next_agent() -> None:
    asked = ask(DecisionKind.REOFFER, owner="anna", hop=1, tried=("anna",))
    judgement = judgements.of(
        where("crm_stage", answers=LPMAMA), asked, pack("real_estate"), TUESDAY, asked.decision_id
    )
    assert (judgement.decision.owner, judgement.decision.missing) == ("beto", ())


def test_a_not_now_rests_for_months_and_homes_looked_at_again_may_end_it() -> None:
    asking = ask(DecisionKind.DISPOSE, owner="anna", code=Code.NOT_NOW)
    rest = recycle.after_disposition(where("home_value"), pack("real_estate"), TUESDAY, asking).decision.rest
    assert rest is not None
    assert (rest.track, (rest.until - TUESDAY).days, rest.wake_on_intent) == ("later", 90, True)
