"""Whatever the team: a lead has one owner who may take it, or one queue, and every rep is told why (R33)."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.decisions import DecisionKind
from domain.facts import Facts, RepLoad, TimeOff, Turn
from domain.values import Code
from policy import assign, presence
from policy.load import LoadedPolicy
from policy.triage import triage
from tests.policy.cases import FLORIDA, TEXAS, TUESDAY, WASHINGTON, ask, changed, default, known, lead

TEAM = ("ada", "ben", "cleo", "dev")
HOURS = st.integers(-30, 30).map(lambda hours: TUESDAY + timedelta(hours=hours))
LOADS = st.builds(
    RepLoad,
    rep=st.sampled_from([*TEAM, "gone"]),
    last_offered=st.integers(0, 9),
    open_leads=st.integers(0, 4),
    away=st.booleans(),
    away_until=st.none() | HOURS,
    missed=st.integers(0, 3),
    time_off=st.lists(HOURS.map(lambda at: TimeOff(start=at, end=at + timedelta(hours=5))), max_size=2).map(tuple),
    lately=st.lists(st.integers(0, 2), max_size=50).map(tuple),
    turns=st.lists(
        st.builds(
            Turn,
            line=st.sampled_from(["round_robin", "texas", "rest"]),
            last=st.integers(0, 9),
            offers=st.integers(0, 9),
            owed=st.integers(0, 2),
            position=st.integers(0, 90_000),
        ),
        max_size=3,
    ).map(tuple),
)


def _others(rotation: str) -> LoadedPolicy:
    reps = [rep.model_dump(mode="json", exclude_none=True) for rep in default().policy.team]
    reps[0] |= {"weight": 7, "licences": ["TX"], "max_per_day": 5}
    reps[1] |= {"weight": 0}
    reps[3] |= {"max_open": 2, "hours": "Mo-Fr 12:00-20:00", "licences": ["TX", "FL"], "languages": ["en", "es"]}
    groups = [
        {"name": "texas", "when": 'region == "TX"', "match": ["licence"], "rotation": rotation},
        {"name": "rest", "reps": ["dev", "cleo", "ben"], "match": ["language"], "rotation": rotation},
    ]
    return changed(team=reps, assign=groups)


POLICIES = (default(), _others("strict"), _others("weighted"), _others("least_loaded"))
LEADS = st.builds(
    lambda source, places, owner, reps: lead(source, places, history=known(last_owner=owner), reps=tuple(reps)),
    st.sampled_from(["demo_request", "missed_call", "tiktok"]),
    st.sampled_from([TEXAS, FLORIDA, WASHINGTON, ()]),
    st.sampled_from([None, "dev", "gone"]),
    st.lists(LOADS, max_size=5, unique_by=lambda load: load.rep),
)


@settings(max_examples=120, derandomize=True, deadline=None, database=None)
@given(facts=LEADS, loaded=st.sampled_from(POLICIES), hours=st.integers(0, 48), tried=st.sets(st.sampled_from(TEAM)))
def test_a_lead_has_exactly_one_owner_who_may_take_it_or_one_queue(
    facts: Facts, loaded: LoadedPolicy, hours: int, tried: set[str]
) -> None:
    now = TUESDAY + timedelta(hours=hours)
    asking = ask(DecisionKind.REOFFER, tried=tuple(sorted(tried)), hop=1, owner="ada")
    for judgement in (triage(facts, loaded, now, "d"), assign.reoffer(facts, loaded, now, asking)):
        decision, found = judgement.decision, judgement.trace.assignment
        assert (decision.owner is None) is (decision.queue is not None)
        assert found is not None
        assert (found.owner, found.queue) == (decision.owner, decision.queue)
        assert [each.rep for each in found.considered] == list(TEAM)
        assert [each.rep for each in found.considered if each.reason is None] == [decision.owner] * bool(decision.owner)
        assert all(each.because for each in found.considered if each.reason is not None)
        if decision.owner is not None:
            assert decision.owner in [rep.handle for rep in presence.free(facts, loaded, now)]
            assert decision.kind is DecisionKind.TRIAGE or decision.owner not in tried


def test_the_codes_that_give_a_turn_back_are_two() -> None:
    assert default().policy.credit_back == (Code.DUPLICATE, Code.BAD_NUMBER)
