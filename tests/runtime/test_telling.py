"""A lead's decisions in sentences: when and where, which question, what, why, what was held and what became of it."""

from datetime import timedelta

from domain import events as e
from domain import transitions
from domain.decisions import Began, DecisionKind, Followup
from domain.facts import PersonFacts
from domain.lead import Lead
from domain.replies import ReplyKind
from domain.values import Action, Channel, Code, Refusal
from domain.views import LeadDetail, StoryLine, TouchView, TracedDecision
from policy import judgements
from runtime import telling
from tests.api.fakes import DETAIL
from tests.policy.cases import CALIFORNIA, TUESDAY, at, default, lead, person

NIGHT = at("2026-11-24 22:30")
TOUCH = TouchView(
    touch_id="t1", key="k", channel="sms", purpose="responsive", recipient="+1", body="Hi", at=NIGHT, state="delivered",
    vendor_id=None, vendor_status=None, error=None, because=None,
)  # fmt: skip


def traced(asked: Followup | None = None, who: PersonFacts | None = None, when: object = TUESDAY) -> TracedDecision:
    facts, now = lead("demo_request", person=who or person()), when
    found = judgements.of(facts, asked, default(), now, asked.decision_id if asked else "lead-1:1:triage:0")  # type: ignore[arg-type]  # a moment
    return TracedDecision(
        decision=found.decision, trace=found.trace, facts=facts, asked=asked, engine="0.1.0+abc", recorded_at=TUESDAY
    )


def detail(*facts: e.AnyFact) -> LeadDetail:
    state, lines = Lead(tenant="main", lead_id="lead-1", source="demo_request", opened_at=NIGHT), []
    for fact in facts:
        state = transitions.apply(state, fact)
        data = fact.model_dump(mode="json")
        lines.append(StoryLine(seq=state.seq, cycle=state.cycle, at=fact.at, kind=fact.kind, data=data))
    strange = StoryLine(seq=99, cycle=1, at=NIGHT, kind="invented_later", data={"kind": "invented_later"})
    return DETAIL.model_copy(update={"story": (*lines, strange), "state": state})


def test_a_night_in_california_says_what_waits_until_when_by_which_rule() -> None:
    first = traced(who=person(CALIFORNIA), when=NIGHT)
    (told,) = telling.told([first], detail(e.Decided(at=NIGHT, decision=first.decision)), [])
    assert told.said[0] == "Tue 2026-11-24 20:30:00 PST, cycle 1: which first move?"
    assert any(
        line.startswith("Held back: offer until Wed 2026-11-25") and "business_hours" in line for line in told.said
    )
    assert f"Decided by policy {default().hash}, contact rules {default().pack_version}, build 0.1.0+abc." in told.said
    offer = next(line for line in told.said if line.startswith("Offer, due"))
    assert offer.endswith("still to come.")


def test_what_became_of_each_thing_is_a_sentence() -> None:
    first = traced()
    items = {item.key: item.model_copy(update={"key": f"1:{item.key}"}) for item in first.decision.agenda}
    later = TUESDAY + timedelta(hours=1)
    found = telling.told(
        [first],
        detail(
            e.Decided(at=TUESDAY, decision=first.decision),
            e.Offered(at=TUESDAY, owner="ada", number=1),
            e.Performed(at=TUESDAY, item=items["offer-1"], touch_id="t1", channel=Channel.CHAT),
            e.Held(at=TUESDAY, item=items["crm-1"], until=later, because="crm unavailable"),
            e.Dropped(at=TUESDAY, item=items["rescue-1"], because="cap/3-in-24h", refusal=Refusal.CAP_REACHED),
            e.Accepted(at=TUESDAY + timedelta(minutes=1), rep="ada"),
        ),
        [TOUCH],
    )[0]
    said = "\n".join(found.said)
    assert "Offer, due Tue 2026-11-24 10:00:00 CST: done to ada at Tue 2026-11-24 10:00:00 CST, delivered." in said
    assert "CRM entry handoff, due Tue 2026-11-24 10:00:00 CST; put off to Tue 2026-11-24 11:00:00 CST" in said
    assert "not made: cap reached (cap/3-in-24h), at" in said
    assert "not needed: ada accepted at Tue 2026-11-24 10:01:00 CST." in said
    assert len(found.came_to) == len(first.decision.agenda)


def test_each_later_question_says_what_was_asked() -> None:
    questions = {
        Followup(kind=DecisionKind.WORK, decision_id="w", began=Began.ACCEPTED): "what is owed (a rep took it up)?",
        Followup(
            kind=DecisionKind.DISPOSE, decision_id="d", code=Code.NOT_NOW
        ): "what comes after this outcome (not now)?",
        Followup(kind=DecisionKind.DISPOSE, decision_id="d"): "what comes after this outcome (nobody moved)?",
        Followup(kind=DecisionKind.REOFFER, decision_id="o", tried=("ada",)): "who is next (offered before to ada)?",
        Followup(kind=DecisionKind.REPLY, decision_id="r", owner="ada"): "they answered: who must move?",
        Followup(kind=DecisionKind.NEWS, decision_id="n", news_source="demo_request"): "they came by demo request)?",
    }
    for asked, wanted in questions.items():
        (told,) = telling.told([traced(asked)], detail(), [])
        assert told.said[0].endswith(wanted)
        assert str(told.decision.kind) not in told.said[1], "the headline is a sentence, not a code"


def test_every_kind_of_decision_can_be_told() -> None:
    assert set(telling._KINDS) == set(DecisionKind)


def test_a_lead_that_was_migrated_says_under_which_policy_it_goes_on() -> None:
    first = traced()
    moved = first.decision.model_copy(
        update={"kind": DecisionKind.ADOPT, "decision_id": "a", "policy_hash": "beef", "owner": "ada", "agenda": ()}
    )
    replaces = tuple(f"1:{item.key}" for item in first.decision.agenda)
    moved = moved.model_copy(update={"replaces": replaces})
    asked = Followup(kind=DecisionKind.ADOPT, decision_id="a")
    story = detail(
        e.Decided(at=TUESDAY, decision=first.decision), e.Decided(at=TUESDAY, decision=moved, cycle=1, adopts="beef")
    )
    before, after = telling.told([first, first.model_copy(update={"decision": moved, "asked": asked})], story, [])
    assert any(line.endswith("not needed: another policy at Tue 2026-11-24 10:00:00 CST.") for line in before.said)
    assert after.said[0].endswith("cycle 1: what is left under another policy?")
    assert after.said[1] == "Goes on under this policy, for ada."
    assert any(line.startswith("Decided by policy beef,") for line in after.said)


def test_the_work_of_a_claimed_lead_does_not_claim_that_contact_was_made() -> None:
    asked = Followup(kind=DecisionKind.WORK, decision_id="w", owner="ada", began=Began.ACCEPTED)
    (told,) = telling.told([traced(asked)], detail(), [])
    assert "work/owed: somebody took the lead up, so a reason code is owed." in told.said
    assert not [line for line in told.said if "contact was made" in line]
    assert Action.REMIND in [each.action for each in told.came_to]


def test_a_reply_that_ends_it_says_when_and_what_would_keep_it() -> None:
    asked = Followup(kind=DecisionKind.REPLY, decision_id="r", said=ReplyKind.NOT_NOW)
    (told,) = telling.told([traced(asked)], detail(), [])
    assert told.said[1] == (
        "They answered, and that ends it at Tue 2026-11-24 10:30:00 CST, unless somebody takes the lead before."
    )
