"""Policy's answers folded into a lead, on time and overtaken; and that an open lead is never left without a next
step."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import events as e
from domain import transitions
from domain.decisions import Decision, DecisionKind, Item, Outcome, Rest
from domain.lasting import Lasting
from domain.lead import Lead
from domain.messages import RowRef
from domain.values import Action, ClosedReason, Code, Stage, Until
from tests.builders import NOON, a_decision, a_lead, an_item

ASKED, LATER = NOON + timedelta(minutes=1), NOON + timedelta(minutes=2)
REST = Rest(track="re_engage", until=NOON + timedelta(days=7))
DRIP = an_item("drip", 60, action=Action.TEXT, until=Until.CONTACTED)


def after(lead: Lead, *facts: e.AnyFact) -> Lead:
    for fact in facts:
        lead = transitions.apply(lead, fact)
    return lead


def handed_off() -> Lead:
    return after(a_lead(), answered(a_decision(), NOON), e.HandedOff(at=NOON))


def keys(lead: Lead) -> list[str]:
    """Keys on the agenda, as policy gave them."""
    return [item.key.partition(":")[2] for item in lead.agenda]


def answered(decision: Decision, at: datetime = ASKED, code: Code | None = None) -> e.Decided:
    return e.Decided(at=at, decision=decision, code=code)


def an_answer(kind: DecisionKind, **changes: object) -> Decision:
    return a_decision(**{"kind": kind, "outcome": Outcome.KEEP, "agenda": (), "sla_due_at": None, **changes})


RESTING = an_answer(DecisionKind.DISPOSE, outcome=Outcome.REST, rest=REST, agenda=(DRIP,))
LOST = an_answer(DecisionKind.DISPOSE, outcome=Outcome.CLOSE, closed=ClosedReason.LOST)
OFFER = an_item("offer", action=Action.OFFER, until=Until.ACCEPTED)
SUPERVISOR = an_item("supervisor", 90, action=Action.SUPERVISOR, until=Until.DISPOSED)
OWED = an_answer(DecisionKind.REPLY, owner="ada", agenda=(OFFER, SUPERVISOR))
WON = e.Disposed(at=LATER, code=Code.WON, by="ada")


@pytest.mark.parametrize("answer", [RESTING, LOST, OWED, a_decision()])
def test_no_answer_changes_a_lead_that_has_closed(answer: Decision) -> None:
    closed = after(handed_off(), e.OptedOut(at=LATER, row_id="r1"))
    later = after(closed, answered(answer))
    assert (later.closed, later.agenda, later.rest) == (ClosedReason.OPTED_OUT, (), None)


def test_an_answer_about_an_earlier_cycle_changes_nothing() -> None:
    fresh = after(handed_off(), e.CycleStarted(at=LATER, cycle=2, because="news"))
    assert after(fresh, answered(RESTING)).rest is None


@pytest.mark.parametrize(
    ("moved", "code"),
    [
        (e.Accepted(at=LATER, rep="ben"), None),
        (e.Replied(at=LATER, row_id="r1"), None),
        (e.Replied(at=ASKED, row_id="r1"), None),
        (e.Accepted(at=LATER, rep="ben"), Code.NO_RESPONSE),
        (e.Replied(at=LATER, row_id="r1"), Code.NO_RESPONSE),
    ],
)
def test_a_rest_yields_to_whoever_moved_since_and_the_work_begins_anew(moved: e.AnyFact, code: Code | None) -> None:
    words = [] if code is None else [e.Disposed(at=ASKED, code=code, by="ada")]
    lead = after(handed_off(), *words, moved, answered(RESTING, code=code))
    assert (lead.rest, lead.disposition, lead.working_since) == (None, None, None)
    assert "drip" not in keys(lead)


def test_a_reason_code_counts_more_than_what_came_with_it_or_before() -> None:
    words = (e.Accepted(at=ASKED, rep="ada"), e.Disposed(at=ASKED, code=Code.NO_RESPONSE, by="ada"))
    assert after(handed_off(), *words, answered(RESTING, code=Code.NO_RESPONSE)).rest == REST


@pytest.mark.parametrize("code", [None, Code.NO_RESPONSE, Code.WON])
def test_a_reason_code_given_since_is_left_to_be_judged(code: Code | None) -> None:
    earlier = [] if code is None else [e.Disposed(at=NOON, code=code, by="ada")]
    lead = after(handed_off(), *earlier, WON, answered(RESTING, code=code))
    assert (lead.rest, lead.disposition) == (None, Code.WON)


@pytest.mark.parametrize("kind", [DecisionKind.REPLY, DecisionKind.WORK, DecisionKind.REOFFER])
def test_an_answer_about_somebodys_lead_names_no_other_owner(kind: DecisionKind) -> None:
    taken = after(handed_off(), e.Accepted(at=LATER, rep="ben"))
    lead = after(taken, answered(an_answer(kind, owner="cleo", agenda=(OFFER, SUPERVISOR))))
    assert lead.owner == "ben"
    assert OFFER.key not in keys(lead), "nor does it offer the lead to anybody"


def test_what_a_reason_code_given_since_ends_is_not_planned() -> None:
    lead = after(handed_off(), e.Replied(at=NOON, row_id="r1"), WON, answered(OWED))
    assert not {OFFER.key, SUPERVISOR.key} & set(keys(lead))


def test_the_triage_keeps_an_owner_who_took_the_lead_before_it() -> None:
    lead = after(a_lead(), e.Accepted(at=NOON, rep="ben"), answered(a_decision(), NOON))
    assert (lead.owner, lead.queue) == ("ben", None)


@pytest.mark.parametrize(
    "moved",
    [e.Replied(at=NOON, row_id="r1"), e.Accepted(at=NOON, rep="ben"), e.Disposed(at=NOON, code=Code.WON, by="a")],
)
def test_the_triage_lays_nobody_to_rest_who_was_heard_of_before_it(moved: e.AnyFact) -> None:
    nurture = a_decision(outcome=Outcome.NURTURE, owner=None, rest=REST, agenda=(DRIP,))
    lead = after(a_lead(), moved, answered(nurture, NOON))
    assert lead.rest is None
    assert lead.is_being_worked or lead.is_disposed


def test_at_rest_nobody_owes_anything() -> None:
    worked = after(handed_off(), e.Accepted(at=NOON, rep="ada"), e.Replied(at=NOON, row_id="r1"))
    worked = after(worked, e.WorkStarted(at=NOON), e.Disposed(at=ASKED, code=Code.NOT_NOW, by="ada"))
    lead = after(worked, answered(RESTING, code=Code.NOT_NOW))
    assert (lead.accepted_at, lead.contacted_at, lead.replied_at, lead.working_since) == (None, None, None, None)


@pytest.mark.parametrize("moved", [e.Replied(at=LATER, row_id="r2"), e.Accepted(at=LATER, rep="ben"), WON])
def test_whatever_ends_a_rest_ends_its_texts(moved: e.AnyFact) -> None:
    resting = after(handed_off(), answered(RESTING), e.Rested(at=ASKED, track="re_engage", until=REST.until))
    lead = after(resting, moved)
    assert (lead.rest, lead.stage) == (None, Stage.WORKING)
    assert DRIP.key not in keys(lead)


def test_a_closing_lead_forgets_what_it_never_dealt_with_so_that_it_is_handed_back() -> None:
    lead = handed_off()
    for row_id in ("r1", "j1", "j2"):
        lead = transitions.remember(lead, row_id)
    lead = after(lead, e.Replied(at=NOON, row_id="r1"))
    for row_id in ("j1", "j2"):
        lead = transitions.noted(lead, RowRef(row_id=row_id, kind="joined", at=NOON, source=row_id))
    news = an_answer(DecisionKind.NEWS)
    closed = after(lead, e.Decided(at=NOON, decision=news, row_id="j1"), e.Closed(at=LATER, reason=ClosedReason.LOST))
    assert [closed.has_seen(row_id) for row_id in ("r1", "j1", "j2")] == [False, True, False]
    assert len(closed.seen) == len(lead.seen), "the records tell by its length whether older rows were forgotten"


def test_news_of_one_kind_is_asked_about_once_and_what_comes_while_it_is_asked_about_once_more() -> None:
    lead = a_lead()
    for number in range(800):
        kind = "joined" if number % 3 == 0 else "behaviour"
        lead = transitions.noted(lead, RowRef(row_id=f"n{number}", kind=kind, at=NOON, source=f"s{number % 2}"))
    assert [row.row_id for row in lead.news] == ["n0", "n1", "n2", "n3", "n6"]


def test_a_new_cycle_keeps_what_lasts_and_begins_everything_else_anew() -> None:
    lead = after(handed_off(), e.Accepted(at=NOON, rep="ada"), e.Replied(at=NOON, row_id="r1"))
    lead = after(lead, e.WorkStarted(at=NOON), e.DeadLetter(at=NOON, name="inbox", because="unknown"))
    lead = transitions.noted(transitions.asked(transitions.remember(lead, "r1")), RowRef(row_id="n", kind="k", at=NOON))
    fresh = after(lead, e.CycleStarted(at=LATER, cycle=2, because="news"))
    begun = Lead(tenant="main", lead_id="lead-1", source="demo_request", opened_at=NOON)
    for name in Lead.model_fields:
        if name in {"cycle", "agenda", "offers_before", "seq", "unwritten"}:
            continue
        lasts = name in Lasting.model_fields
        assert getattr(fresh, name) == getattr(lead if lasts else begun, name), name
    assert (fresh.asked, fresh.dead_letters, fresh.seen, len(fresh.news)) == (1, 1, ("r1",), 1)


# --- an open lead always has a next step ------------------------------------------------------------------------------


def question(lead: Lead) -> DecisionKind | None:
    """What the lead's workflow asks policy now."""
    if lead.plan is None:
        return DecisionKind.TRIAGE
    if lead.is_disposed or lead.is_left_alone:
        return DecisionKind.DISPOSE
    return DecisionKind.WORK if lead.is_being_worked and lead.working_since is None else None


def asks(lead: Lead, at: datetime, answer: int) -> Lead:
    """The lead, its question answered: sparingly, fully, or with a rest."""
    kind = question(lead)
    if kind is None:
        return lead
    if kind is DecisionKind.WORK:
        lead = after(lead, e.WorkStarted(at=at))
    rung = an_item(f"rung-{lead.seq}", 30, until=Until.DISPOSED)
    agenda: tuple[Item, ...] = (() if kind is DecisionKind.WORK else (rung,)) if answer == 0 else (rung, DRIP)
    outcome = Outcome.HAND_OFF if kind is DecisionKind.TRIAGE else Outcome.KEEP
    decision = an_answer(kind, outcome=outcome, agenda=agenda)
    if (answer == 2 and kind is not DecisionKind.WORK) or lead.is_left_alone:
        decision = RESTING.model_copy(update={"kind": kind, "outcome": Outcome.REST})
    return after(lead, e.Decided(at=at, decision=decision, cycle=lead.cycle, code=lead.disposition))


def happens(lead: Lead, at: datetime, what: str) -> Lead:
    stale = at - timedelta(seconds=90)
    facts: dict[str, e.AnyFact] = {
        "accepted": e.Accepted(at=at, rep="ada"),
        "declined": e.Declined(at=at, rep="ada"),
        "replied": e.Replied(at=at, row_id=f"r{lead.seq}"),
        "disposed": e.Disposed(at=at, code=Code.NO_RESPONSE, by="ada"),
        "given up late": e.Decided(at=stale, decision=RESTING, cycle=lead.cycle),
        "judged late": e.Decided(at=stale, decision=RESTING, cycle=lead.cycle, code=Code.NO_RESPONSE),
        "reply judged late": e.Decided(at=stale, decision=OWED, cycle=lead.cycle),
        "rest is over": e.CycleStarted(at=at, cycle=lead.cycle + 1, because="rest is over"),
        "rested": e.Rested(at=at, track="re_engage", until=REST.until),
    }
    if what == "performed":
        item = lead.next_item()
        return lead if item is None else after(lead, e.Performed(at=at, item=item))
    return after(lead, facts[what])


HAPPENS = st.sampled_from(
    ["accepted", "declined", "replied", "disposed", "given up late", "judged late", "reply judged late"]
    + ["rest is over", "rested"]
    + ["performed"] * 6
)


@given(st.lists(st.tuples(HAPPENS, st.integers(0, 3), st.integers(0, 2)), max_size=30))
def test_an_open_lead_always_has_a_question_to_ask_or_a_moment_to_wait_for(
    moves: list[tuple[str, int, int]],
) -> None:
    lead, at = a_lead(), NOON
    for what, patience, answer in moves:
        at += timedelta(minutes=1)
        lead = happens(lead, at, what)
        for _ in range(patience):
            lead = asks(lead, at, answer)
        assert question(lead) is not None or lead.next_due() is not None
