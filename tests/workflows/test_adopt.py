"""A running lead is told to follow another policy: what is to come moves, counted from where it was first set going;
what is behind it stays behind it."""

import asyncio
import uuid
from datetime import timedelta

import pytest
from temporalio.client import WorkflowUpdateFailedError

from domain.decisions import DecisionKind
from domain.lead import Lead
from domain.messages import Accept, AdoptPolicy, Disposition
from domain.values import Action, ClosedReason, Code, Stage
from policy.load import LoadedPolicy
from tests.policy import cases
from tests.published import entering
from tests.workflows.held import answer_held
from tests.workflows.theatre import Played, Theatre

HELLO = {"after": "0m", "text": "nurture_hello"}
SOONER = cases.changed(
    sla={
        "hand_raise": {
            "due": "5m",
            "ladder": [
                {"at": "0m", "do": "offer"},
                {"at": "1m", "do": "warn"},
                {"at": "10m", "do": "pool"},
                {"at": "90m", "do": "supervisor"},
                {"at": "next_day_end", "do": "nurture"},
            ],
        }
    },
    tracks={"warm": {"rest": "10d", "steps": [HELLO, {"after": "5d", "text": "nurture_tip"}]}},
)
"""A pool after ten minutes, a supervisor after ninety; a warm track of ten days with its second text on the fifth."""

QUICK = cases.changed(
    sla={"reply": {"due": "9m", "ladder": [{"at": "0m", "do": "offer"}, {"at": "9m", "do": "remind"}]}}
)
"""A reply is answered within nine minutes."""

LATER = cases.changed(sla={"work": {"ladder": [{"at": "6h", "do": "remind"}, {"at": "5bd", "do": "nurture"}]}})
"""A reason code is asked for after six hours, not four."""


def adoption(policy: LoadedPolicy | str) -> AdoptPolicy:
    return AdoptPolicy(policy_hash=policy if isinstance(policy, str) else policy.hash, by="ops", because="migration-1")


async def adopts(lead: Played, policy: LoadedPolicy) -> Lead:
    """The lead once it follows a policy that was published."""
    lead.theatre.published.enter(entering(policy))
    await lead.update("adopt_policy", adoption(policy))
    return await lead.settled()


def left(lead: Lead) -> dict[str, float]:
    """What is to come, in minutes since the lead arrived."""
    return {item.key: round((item.at - lead.opened_at).total_seconds() / 60, 1) for item in lead.agenda}


async def test_what_is_to_come_moves_and_is_counted_from_the_first_start(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    before = await lead.passes(timedelta(minutes=2))
    state = await adopts(lead, SOONER)
    assert (state.pinned, state.adopting, state.stage, state.owner) == (SOONER.hash, None, Stage.WAITING, before.owner)
    assert left(state) == {"1:pool-1": 10.0, "1:supervisor-1": 90.0, "1:nurture-1": left(before)["1:nurture-1"]}
    assert state.sla_due_at == before.sla_due_at
    told = [row for row in lead.told if "SLA" in row[2] or "running out" in row[2]]
    state = await lead.passes(timedelta(hours=2))
    assert state.is_pooled
    assert [round(at) for at, who, _ in lead.told if who == "C0SUPER"] == [90]
    assert len(told) == 1, "the warning of the first minute was due at once, and once"


async def test_a_step_that_would_lie_in_the_past_is_made_at_once_and_once(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.update("accept", Accept(rep="ada"))
    before = await lead.passes(timedelta(minutes=100))
    assert "1:supervisor-1" in left(before)
    state = await adopts(lead, SOONER)
    assert list(left(state)) == ["1:nurture-1"]
    assert [round(at) for at, who, _ in lead.told if who == "C0SUPER"] == [100]
    await lead.passes(timedelta(hours=1))
    assert [who for _, who, _ in lead.told].count("C0SUPER") == 1


async def test_an_accepted_lead_keeps_its_owner_and_is_offered_to_nobody(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.update("accept", Accept(rep="ben"))
    accepted = await lead.settled()
    state = await adopts(lead, SOONER)
    assert (state.owner, state.accepted_at) == ("ben", accepted.accepted_at)
    assert [key for key in left(state) if "pool" in key or "offer" in key] == []


async def test_going_back_brings_back_what_was_set_aside_and_repeats_nothing(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    before = await lead.passes(timedelta(minutes=4))
    await adopts(lead, SOONER)
    theatre.published.enter(entering(cases.default()))
    await lead.update("adopt_policy", adoption(cases.default()))
    state = await lead.settled()
    assert (state.pinned, left(state), state.set_aside) == (cases.default().hash, left(before), ())
    told = len(lead.told)
    await lead.passes(timedelta(seconds=30))
    assert len(lead.told) == told


async def test_a_resting_lead_rests_as_long_as_the_new_policy_says_from_the_rests_start(theatre: Theatre) -> None:
    lead = await theatre.arrives("content_download")
    await lead.passes(timedelta(days=2))
    state = await adopts(lead, SOONER)
    assert state.rest is not None
    assert (state.rest.until - state.opened_at, state.stage) == (timedelta(days=10), Stage.RESTING)
    (text,) = [item for item in state.agenda if item.action is Action.TEXT]
    assert (text.at - state.opened_at).days == 5
    assert (await lead.passes(timedelta(days=9))).cycle == 2


async def test_a_rest_that_would_be_over_ends_now(theatre: Theatre) -> None:
    lead = await theatre.arrives("content_download")
    await lead.passes(timedelta(days=15))
    state = await adopts(lead, SOONER)
    assert (state.cycle, state.pinned) == (2, SOONER.hash)


async def test_of_several_texts_that_would_lie_in_the_past_the_last_one_is_sent(theatre: Theatre) -> None:
    texts = [{"after": f"{day}d", "text": "nurture_tip"} for day in (8, 9, 10)]
    chatty = cases.changed(tracks={"warm": {"rest": "30d", "steps": [HELLO, *texts]}})
    lead = await theatre.arrives("content_download")
    await lead.passes(timedelta(days=14))
    sent = len(theatre.sms.told)
    state = await adopts(lead, chatty)
    await lead.passes(timedelta(days=1))
    assert len(theatre.sms.told) == sent + 1
    assert [key for key in left(state) if "text" in key] == []


async def test_work_that_is_owed_is_owed_by_the_new_policys_clock_from_when_it_began(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.update("accept", Accept(rep="ada"))
    await lead.passes(timedelta(minutes=5))
    await lead.update("disposition", Disposition(code=Code.CONNECTED, by="ada"))
    before = await lead.passes(timedelta(minutes=30))
    state = await adopts(lead, LATER)
    assert state.stage is Stage.WORKING
    reminders = [at for key, at in left(before).items() if "remind" in key]
    assert [at for key, at in left(state).items() if "remind" in key] == [reminders[0] + 120]
    assert (state.owner, state.contacted_at) == ("ada", before.contacted_at)


async def test_a_lead_that_nobody_took_up_rests_where_the_new_policy_would_have_nurtured_it(theatre: Theatre) -> None:
    gentle = {"name": "demo_request", "when": 'source == "demo_request"', "because": "no calls any more"}
    route = {**gentle, "open": ["nurture"], "closed": ["nurture"], "track": "long_cycle"}
    lead = await theatre.arrives("demo_request")
    await lead.passes(timedelta(minutes=3))
    state = await adopts(lead, cases.changed(routes=[route]))
    assert state.rest is not None
    assert (state.rest.track, state.rest.until - state.opened_at) == ("long_cycle", timedelta(days=60))
    assert (state.stage, state.owner, state.is_nurtured) == (Stage.RESTING, None, True)
    assert [entry.note for entry in theatre.crm.entries if entry.note == "Baton: nurture."] == ["Baton: nurture."]


async def test_a_lead_that_nobody_took_up_closes_where_the_new_policy_would_have_closed_it(theatre: Theatre) -> None:
    rule = {"name": "customers", "when": 'email_domain == "example.com"', "because": "a customer", "then": "close"}
    strict = cases.changed(disqualify=[rule])
    taken, left_alone = await theatre.arrives("demo_request"), await theatre.arrives("demo_request")
    await taken.update("accept", Accept(rep="ada"))
    assert (await adopts(taken, strict)).closed is None, "what somebody has taken up is not closed under them"
    await left_alone.update("adopt_policy", adoption(strict))
    assert (await left_alone.handle.result()).closed is ClosedReason.NOT_ICP


async def test_an_unknown_policy_is_refused_and_the_lead_goes_on_as_it_did(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    before = await lead.settled()
    await lead.update("adopt_policy", adoption("feedfacefeedface"))
    state = await lead.settled()
    assert (state.pinned, state.adopting, left(state)) == (cases.default().hash, None, left(before))
    assert (await lead.passes(timedelta(minutes=3))).wants(before.agenda[-1])


async def test_the_policy_that_it_follows_is_refused_before_anything_is_recorded(
    theatre: Theatre,
) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.settled()
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await lead.update("adopt_policy", adoption(cases.default()))
    assert "follows policy" in str(refused.value.cause)
    assert "adoption_asked" not in lead.story


async def test_the_same_update_twice_is_one_adoption(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.settled()
    theatre.published.enter(entering(SOONER))
    key = uuid.uuid4().hex
    for _ in range(2):
        await lead.update("adopt_policy", adoption(SOONER), key)
        await lead.settled()
    assert lead.story.count("adoption_asked") == 1


@pytest.mark.parametrize("accepts_first", [True, False])
async def test_an_acceptance_beside_an_adoption_counts_in_either_order(theatre: Theatre, accepts_first: bool) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.settled()
    theatre.published.enter(entering(SOONER))
    moves = [lead.update("accept", Accept(rep="ada")), lead.update("adopt_policy", adoption(SOONER))]
    for move in moves if accepts_first else reversed(moves):
        await move
    state = await lead.settled()
    assert (state.owner, state.pinned) == ("ada", SOONER.hash)
    assert set(left(state)) == {"1:supervisor-1", "1:nurture-1"}


async def test_who_accepts_while_the_new_policy_is_asked_keeps_the_lead(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.settled()
    theatre.published.enter(entering(SOONER))
    async with answer_held(theatre, DecisionKind.ADOPT) as asked:
        await lead.update("adopt_policy", adoption(SOONER))
        await asked.wait()
        await lead.update("accept", Accept(rep="ada"))
    state = await lead.settled()
    assert (state.owner, state.pinned, state.adopting) == ("ada", SOONER.hash, None)
    assert set(left(state)) == {"1:supervisor-1", "1:nurture-1"}


async def test_a_reply_while_the_new_policy_is_asked_is_answered_by_its_clock(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.settled()
    theatre.published.enter(entering(QUICK))
    async with answer_held(theatre, DecisionKind.ADOPT) as asked:
        await lead.update("adopt_policy", adoption(QUICK))
        await asked.wait()
        await lead.handle.signal("inbox", {"row_id": "r1", "kind": "reply", "at": (await lead.now()).isoformat()})
        await asyncio.sleep(0.3)
    state = await lead.settled()
    assert state.replied_at is not None
    assert state.sla_due_at is not None
    assert (state.pinned, state.sla_due_at - state.replied_at) == (QUICK.hash, timedelta(minutes=9))


async def test_an_answer_of_the_policy_before_is_put_to_the_new_one_again(theatre: Theatre) -> None:
    lead = await theatre.arrives("demo_request")
    await lead.settled()
    theatre.published.enter(entering(QUICK))
    async with answer_held(theatre, DecisionKind.REPLY) as asked:
        await lead.handle.signal("inbox", {"row_id": "r1", "kind": "reply", "at": (await lead.now()).isoformat()})
        await asked.wait()
        await lead.update("adopt_policy", adoption(QUICK))
        await asyncio.sleep(0.3)
    state = await lead.settled()
    assert state.replied_at is not None
    assert state.sla_due_at is not None
    assert (state.pinned, state.sla_due_at - state.replied_at) == (QUICK.hash, timedelta(minutes=9))
