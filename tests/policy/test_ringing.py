"""Whose phones ring when a call is due, and why not now (R10-R12, R18, N2, N10)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.abandonment import Abandonment
from domain.decisions import CallPlan, DecisionKind, Followup, Judgement, Opening
from domain.facts import ConsentFacts, Facts, History, Place, RepLoad
from domain.values import Motion, Purpose
from policy import ringing
from policy.loaded import LoadedPolicy
from policy.telephone import Announce, Calls, Recording
from tests.policy import cases
from tests.policy.cases import CALIFORNIA, LIVE, TEXAS, TUESDAY, WHISPER, at, default, lead


def due(
    facts: Facts | None = None, now: datetime = TUESDAY, loaded: LoadedPolicy | None = None, **asked: object
) -> Judgement:
    question: dict[str, object] = {"kind": DecisionKind.CALL, "decision_id": "lead-1:1:call:1", "owner": "ada"}
    fields = {**question, "motion": LIVE, "purpose": Purpose.RESPONSIVE, "whisper": True, **asked}
    return ringing.when_due(facts or lead(), loaded or default(), now, Followup.model_validate(fields))


def plan(*args: object, **more: object) -> CallPlan:
    found = due(*args, **more).decision.call  # type: ignore[arg-type]  # as due takes them
    assert found is not None
    return found


def calling(**parts: object) -> LoadedPolicy:
    policy = default().policy
    return replace(default(), policy=policy.model_copy(update={"calls": Calls.model_validate(parts)}))


def test_a_live_transfer_rings_three_who_are_free_at_once_and_the_owner_first() -> None:
    found = plan()
    assert (found.reps[0], len(found.reps), found.ring) == ("ada", 3, timedelta(seconds=15))
    assert "cleo" not in found.reps, "she takes Florida and Georgia"


def test_a_whispered_call_rings_its_named_rep_alone() -> None:
    assert plan(motion=WHISPER).reps == ("ada",)
    assert plan(motion=WHISPER, owner=None).reps == ()


def test_who_has_accepted_is_rung_alone_though_others_are_free() -> None:
    assert plan(owner="dev", accepted=True).reps == ("dev",)


def test_as_many_phones_as_the_policy_says() -> None:
    assert plan(loaded=calling(at_once=1)).reps == ("ada",)


def test_nobody_is_rung_who_is_on_the_phone_or_was_offered_it_before() -> None:
    assert set(plan(lead(on_call=("ada",))).reps) == {"ben", "dev"}
    assert set(plan(tried=("ada", "ben")).reps) == {"ada", "dev"}, "it is on offer to ada; ben had it"


def test_while_all_are_on_the_phone_it_is_tried_again_in_a_minute() -> None:
    found = plan(lead(on_call=("ada", "ben", "dev")))
    assert (found.reps, found.again_at, found.held_by) == ((), TUESDAY + timedelta(minutes=1), ("on_the_phone",))


def test_an_owner_who_is_away_is_not_rung_and_with_nobody_left_nobody_is() -> None:
    away = tuple(RepLoad(rep=rep, away=True) for rep in ("ada", "ben", "cleo", "dev"))
    assert plan(lead(reps=away[:1])).reps[0] != "ada"
    found = plan(lead(reps=away))
    assert (found.reps, found.again_at) == ((), None)


@pytest.mark.parametrize("hour", range(24))
def test_at_no_hour_is_a_phone_rung_for_whom_the_law_or_our_hours_keep_from_it(hour: int) -> None:
    now = at(f"2026-11-24 {hour:02}:30")
    found = plan(lead(places=CALIFORNIA), now)
    is_open = 11 <= hour < 17  # nine in California is eleven in Chicago, where we close at five
    assert bool(found.reps) is is_open
    if not is_open:
        assert found.again_at is not None
        assert found.again_at > now


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        (lead(history=History(opted_out=True)), "opted_out"),
        (lead(places=()), "place_unknown"),
        (lead(kill_switch=True), "kill_switch"),
        (lead(test=True), "test_lead"),
        (lead(consent=ConsentFacts(call=True, kind="none")), "consent/call"),
    ],
)
def test_who_may_not_be_called_rings_nobodys_phone_and_the_trace_says_why(facts: Facts, rule: str) -> None:
    judgement = due(facts)
    found = judgement.decision.call
    assert found is not None
    assert (found.reps, found.held_by) == ((), (rule,))
    assert judgement.trace.reasons, rule


def test_without_a_part_calls_no_call_is_planned() -> None:
    by_hand = replace(default(), policy=default().policy.model_copy(update={"calls": None}))
    route = default().policy.routes[0]
    assert ringing.planned(route, LIVE, by_hand, (TUESDAY, ())) == ()
    assert len(ringing.planned(route, LIVE, default(), (TUESDAY, ()))) == 1
    assert ringing.planned(route, Motion.TEXT_BACK, default(), (TUESDAY, ())) == ()


@pytest.mark.parametrize(
    ("places", "announce", "told"),
    [
        (TEXAS, Announce.ALWAYS, True),
        (TEXAS, Announce.BY_LAW, True),  # its row doesn't say whose leave is needed
        (CALIFORNIA, Announce.BY_LAW, True),  # all-party
        ((*TEXAS, *CALIFORNIA), Announce.BY_LAW, True),  # one of the places where they may be
        ((Place(zone="America/Chicago", region="IA"),), Announce.BY_LAW, True),  # a row that isn't verified
    ],
)
def test_a_recorded_call_is_announced_wherever_that_may_be_needed(
    places: tuple[Place, ...], announce: Announce, told: bool
) -> None:
    rules = calling(record=Recording(announce=announce))
    found = plan(lead(places=places), at("2026-11-24 12:00"), rules)
    assert (found.record, found.announce) == (True, told)


def test_only_a_verified_row_that_asks_for_one_party_spares_the_announcement() -> None:
    loaded = calling(record=Recording(announce=Announce.BY_LAW))
    texas = loaded.law.states["TX"].model_copy(update={"recording": "one_party"})
    for row, told in ((texas, False), (texas.model_copy(update={"verified": None}), True)):
        changed = replace(loaded, law=replace(loaded.law, states={**loaded.law.states, "TX": row}))
        assert plan(lead(), at("2026-11-24 12:00"), changed).announce is told


@pytest.mark.parametrize("state", sorted(default().law.states))
def test_by_law_a_state_of_the_pack_spares_the_announcement_only_where_its_verified_row_says_one_party(
    state: str,
) -> None:
    row = default().law.states[state]
    rules = calling(record=Recording(announce=Announce.BY_LAW))
    where = (Place(zone="America/Chicago", region=state),)
    found = plan(lead(places=where), at("2026-11-24 12:00"), rules)
    if not found.record:
        assert found.reps == (), "nobody may be called there at noon"
        return
    assert found.announce is not (row.verified is not None and row.recording == "one_party")


def test_nothing_is_recorded_where_the_policy_does_not_say_so() -> None:
    assert not plan().record


@pytest.mark.parametrize(
    ("consent", "left"),
    [
        (ConsentFacts(call=True, kind="written", automated=True), "rescue"),
        (ConsentFacts(call=True, kind="written"), None),
        (ConsentFacts(call=True, kind="express", automated=True), None),
    ],
)
def test_words_are_left_on_a_machine_only_with_written_consent_to_automated_calls(
    consent: ConsentFacts, left: str | None
) -> None:
    assert plan(lead(consent=consent), TUESDAY, calling(voicemail="rescue")).drop == left
    assert plan(lead(consent=consent)).drop is None


def test_the_same_question_has_the_same_answer() -> None:
    assert due() == due()
    assert cases.default().policy.calls is not None


@pytest.mark.parametrize(
    ("answered", "abandoned", "first"),
    [
        (0, 0, Opening.REP),  # no history: one abandoned call would be all of them
        (40, 0, Opening.REP),  # 1 of 41 is 2.44 %
        (41, 0, Opening.LEAD),  # 1 of 42 is 2.38 %, and four fifths of 3 % are 2.4 %
        (41, 1, Opening.REP),
        (200, 3, Opening.LEAD),
        (200, 4, Opening.REP),
    ],
)
def test_their_phone_rings_first_only_while_one_more_abandoned_call_stays_below_the_limit(
    answered: int, abandoned: int, first: Opening
) -> None:
    facts = lead(abandonment=Abandonment(answered=answered, abandoned=abandoned))
    judgement = due(facts, loaded=calling(first="lead"))
    assert judgement.decision.call is not None
    assert judgement.decision.call.first is first
    (said,) = [each.because for each in judgement.trace.reasons if each.rule in ("call/rep_first", "call/lead_first")]
    assert f"{abandoned} of {answered} calls" in said
    assert plan(facts).first is Opening.REP, "unless the policy says so, always the rep's"
