"""Facts folded into a lead: what each changes, and what no order of facts may break."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import events as e
from domain import transitions
from domain.decisions import DecisionKind, Outcome, Rest
from domain.lead import Lead
from domain.messages import Accept, Decline, Disposition
from domain.values import Action, ClosedReason, Code, Refusal, Stage, Until
from tests.builders import NOON, a_decision, a_lead, an_item


def after(lead: Lead, *facts: e.AnyFact) -> Lead:
    for fact in facts:
        lead = transitions.apply(lead, fact)
    return lead


def handed_off() -> Lead:
    decided = e.Decided(at=NOON, decision=a_decision())
    offered = e.Offered(at=NOON, owner="ada", number=1)
    return after(a_lead(captured=a_decision()), decided, offered, e.HandedOff(at=NOON))


def keys(lead: Lead) -> list[str]:
    return [item.key for item in lead.agenda]


def test_the_decision_made_at_capture_becomes_the_plan_and_pins_the_policy() -> None:
    lead = after(a_lead(captured=a_decision()), e.Decided(at=NOON, decision=a_decision()))
    assert (lead.plan, lead.captured, lead.pinned) == (a_decision(agenda=()), None, "abc")
    assert (lead.owner, lead.stage, lead.sla_due_at) == ("ada", Stage.HANDOFF, NOON + timedelta(minutes=5))
    assert keys(lead) == ["1:offer-1", "1:warn-1"]


def test_accepting_drops_what_waits_for_acceptance_and_tells_team_and_crm() -> None:
    lead = after(handed_off(), e.Accepted(at=NOON, rep="ben"))
    assert lead.owner == "ben"
    assert sorted(item.action for item in lead.agenda) == [Action.CRM, Action.TELL]


def test_a_reply_counts_as_contact_ends_a_rest_and_alerts() -> None:
    resting = handed_off().model_copy(update={"rest": Rest(track="warm", until=NOON)})
    lead = after(resting, e.Replied(at=NOON, row_id="r1"))
    assert (lead.rest, lead.contacted_at) == (None, NOON)
    assert [item.action for item in lead.agenda] == [Action.ALERT_REPLY]


def test_an_opt_out_empties_the_agenda_and_closes() -> None:
    lead = after(handed_off(), e.OptedOut(at=NOON, row_id="r1"))
    assert (lead.agenda, lead.closed) == ((), ClosedReason.OPTED_OUT)


def test_a_held_item_comes_back_later_under_the_same_key() -> None:
    lead = handed_off()
    item, later = lead.agenda[0], NOON + timedelta(hours=14)
    held = after(lead, e.Held(at=NOON, item=item, until=later, because="courtesy"))
    assert [(i.key, i.at, i.tries) for i in held.agenda if i.key == item.key] == [(item.key, later, 1)]


def test_an_item_made_pointless_while_it_was_tried_stays_gone() -> None:
    lead = handed_off()
    item = lead.agenda[1]
    gone = after(lead, e.Accepted(at=NOON, rep="ada"), e.Held(at=NOON, item=item, until=NOON, because="chat down"))
    assert item.key not in keys(gone)


def test_a_text_the_vendor_refused_asks_a_person() -> None:
    text = an_item("text-1", action=Action.TEXT, until=Until.CONTACTED)
    plan = a_decision(owner=None, agenda=(text,))
    lead = after(
        a_lead(),
        e.Decided(at=NOON, decision=plan),
        e.Dropped(
            at=NOON, item=an_item("1:text-1", action=Action.TEXT), because="21211", refusal=Refusal.VENDOR_REFUSED
        ),
    )
    assert [(item.action, item.template) for item in lead.agenda] == [(Action.REVIEW, "not_sent")]


def test_a_new_cycle_keeps_identity_policy_and_memory_and_forgets_the_rest() -> None:
    lead = transitions.remember(after(handed_off(), e.Accepted(at=NOON, rep="ada")), "row-1")
    fresh = after(lead, e.CycleStarted(at=NOON, cycle=2, because="rest is over"))
    assert (fresh.lead_id, fresh.cycle, fresh.pinned, fresh.seen) == ("lead-1", 2, "abc", ("row-1",))
    assert (fresh.plan, fresh.owner, fresh.accepted_at, fresh.hop) == (None, None, None, 0)
    assert fresh.seq == lead.seq + 1


def test_a_cycle_knows_whether_the_person_began_it() -> None:
    rested = e.CycleStarted(at=NOON, cycle=2, because="rest is over")
    asked = e.CycleStarted(at=NOON, cycle=3, because="news/demo_request", source="demo_request", woken=True)
    colleagues = e.CycleStarted(at=NOON, cycle=4, because="news/buying_group", woken=True, by_others=True)
    begun = [after(handed_off(), *facts) for facts in ([], [rested], [rested, asked], [rested, asked, colleagues])]
    assert [(lead.prompted, lead.woken) for lead in begun] == [(False, 0), (False, 0), (True, 1), (False, 2)]


def test_a_reply_of_an_earlier_cycle_is_still_known_so_that_it_stops_no_text_of_this_one() -> None:
    lead = after(
        handed_off(), e.Replied(at=NOON, row_id="r1"), e.CycleStarted(at=NOON, cycle=2, because="rest is over")
    )
    assert (lead.last_reply_at, lead.replied_at, lead.contacted_at) == (NOON, None, None)


def test_a_button_of_an_earlier_cycle_fits_no_offer_of_this_one() -> None:
    lead = after(handed_off(), e.CycleStarted(at=NOON, cycle=2, because="rest is over"))
    offered = after(lead, e.Offered(at=NOON, owner="ben", number=lead.offer + 1))
    assert (offered.hop, offered.why_not_accept(Accept(rep="ben", offer=offered.offer))) == (1, None)
    assert "run out" in (offered.why_not_accept(Accept(rep="ben", offer=lead.offer)) or "")


def test_closing_leaves_only_the_last_words() -> None:
    lead = after(handed_off(), e.Closed(at=NOON, reason=ClosedReason.WON))
    assert [item.action for item in lead.agenda] == [Action.CRM, Action.TELL]
    assert lead.stage is Stage.CLOSED


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (Accept(rep="ben", offer=7), "Offer 7 has run out; the lead is on offer 1."),
        (Accept(rep="ada", offer=1), None),
        (Accept(rep="cleo"), None),
        (Accept(rep="cleo", offer=1), "The lead is on offer to ada."),
    ],
)
def test_who_may_accept(message: Accept, why: str | None) -> None:
    assert handed_off().why_not_accept(message) == why


def test_only_the_rep_it_is_offered_to_may_decline() -> None:
    assert handed_off().why_not_decline(Decline(rep="ben")) == "The lead is not on offer to you."
    assert handed_off().why_not_decline(Decline(rep="ada", offer=1)) is None


def test_a_closed_lead_takes_no_disposition_and_says_why() -> None:
    closed = after(handed_off(), e.Closed(at=NOON, reason=ClosedReason.LOST))
    assert closed.why_not_dispose(Disposition(code=Code.WON, by="ada")) is not None


def test_a_rep_who_accepts_while_policy_looks_for_the_next_one_keeps_the_lead() -> None:
    later = NOON + timedelta(seconds=1)
    reoffer = a_decision(kind=DecisionKind.REOFFER, owner="ben", decided_at=NOON, agenda=())
    lead = after(handed_off(), e.Accepted(at=later, rep="ada"), e.Decided(at=NOON, decision=reoffer))
    assert (lead.owner, lead.accepted_at) == ("ada", later)


def test_a_rep_who_accepts_before_triage_keeps_the_lead() -> None:
    lead = after(a_lead(), e.Accepted(at=NOON, rep="ben"), e.Decided(at=NOON, decision=a_decision(queue="sales")))
    assert (lead.owner, lead.queue, lead.accepted_at) == ("ben", None, NOON)
    assert "offer-1" not in keys(lead)


def test_a_reply_while_policy_gives_the_lead_up_keeps_it_with_people() -> None:
    rest = Rest(track="re_engage", until=NOON + timedelta(days=7))
    give_up = a_decision(kind=DecisionKind.DISPOSE, outcome=Outcome.REST, rest=rest, agenda=())
    lead = after(handed_off(), e.Replied(at=NOON, row_id="r1"), e.Decided(at=NOON, decision=give_up))
    assert lead.rest is None
    assert lead.is_being_worked


def test_a_new_offer_opens_the_lead_again() -> None:
    lead = after(handed_off(), e.Accepted(at=NOON, rep="ada"), e.Offered(at=NOON, owner="ben", number=2))
    assert lead.why_not_accept(Accept(rep="ben", offer=2)) is None


FACTS = st.sampled_from(
    [
        e.Accepted(at=NOON, rep="ada"),
        e.Declined(at=NOON, rep="ada"),
        e.Replied(at=NOON, row_id="r1"),
        e.OptedOut(at=NOON, row_id="r2"),
        e.Offered(at=NOON, owner="ben", number=2),
        e.Performed(at=NOON, item=an_item("1:offer-1")),
        e.Disposed(at=NOON, code=Code.NO_RESPONSE, by="ada"),
        e.CycleStarted(at=NOON, cycle=2, because="rest is over"),
        e.Decided(at=NOON, decision=a_decision()),
        e.Decided(
            at=NOON,
            decision=a_decision(
                kind=DecisionKind.DISPOSE, outcome=Outcome.REST, rest=Rest(track="warm", until=NOON), agenda=()
            ),
        ),
        e.SlaMissed(at=NOON),
        e.Undelivered(at=NOON, row_id="r3"),
        e.Closed(at=NOON, reason=ClosedReason.WON),
    ]
)


@given(st.lists(FACTS, max_size=25))
def test_in_any_order_of_facts_keys_are_unique_the_story_is_whole_and_the_lead_survives_a_round_trip(
    facts: list[e.AnyFact],
) -> None:
    lead = after(a_lead(), *facts)
    assert len(keys(lead)) == len(set(keys(lead)))
    assert [entry.seq for entry in lead.unwritten] == list(range(1, len(facts) + 1))
    assert Lead.model_validate_json(lead.model_dump_json()) == lead


def test_memory_of_messages_is_bounded_and_forgets_the_oldest() -> None:
    lead = a_lead()
    for number in range(transitions.SEEN_KEPT + 5):
        lead = transitions.remember(lead, f"row-{number}")
    assert len(lead.seen) == transitions.SEEN_KEPT
    assert not lead.has_seen("row-4")
    assert lead.has_seen("row-5")
