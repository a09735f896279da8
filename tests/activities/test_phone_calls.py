"""One leg of a call: from which number it is rung, and whose phone is not rung at all."""

from datetime import timedelta

import pytest
from temporalio.testing import ActivityEnvironment

from activities.lines import Lines
from activities.phone_calls import PERSON, PhoneCalls, Telephone, key_of, leg_id
from activities.policies import Policies
from domain.call_facts import LegMoved
from domain.call_orders import CallOrder, CallStep, LegOrder
from domain.calls import LegState, Party
from domain.decisions import CallPlan
from domain.orders import Touched
from domain.phones import LegWords
from domain.senders import Known
from domain.values import Channel, Purpose, Refusal
from policy.load import LoadedPolicy
from tests.activities.stage import INTENT, QUICK
from tests.builders import NOON
from tests.fake_ledger import FakeLedger
from tests.fake_phones import FakeVoice
from tests.fake_senders import FakeSenders
from tests.fakes import facts_of, texan
from tests.policy import cases
from tests.published import FakePolicies

AUSTIN, MIAMI, TEXTS_ONLY, DANA = "+15125550100", "+13055550100", "+12145550100", "+15125550142"


def pool(**changes: object) -> LoadedPolicy:
    senders = [{"number": MIAMI}, {"number": AUSTIN}, {"number": TEXTS_ONLY, "channels": ["sms"]}]
    return cases.changed(numbers={"senders": senders, **changes})


class Desk:
    """One lead of a Texan, and the activity that rings phones."""

    def __init__(self, loaded: LoadedPolicy, knows: Known | None = None, phone: str = DANA) -> None:
        self.ledger, self.voice, self.policies = FakeLedger(), FakeVoice(), Policies(loaded, FakePolicies())
        self.ledger.people["lead-1"] = facts_of("lead-1", "demo_request", NOON, person=texan(phone=phone))
        self.lines = Lines(FakeSenders(knows=knows or Known()), self.policies, self.voice.sender)
        self.phones = PhoneCalls(Telephone(self.voice.calls, self.voice, self.lines), self.ledger, self.policies, QUICK)
        self.order = CallOrder(
            tenant="main",
            lead_id="lead-1",
            key="lead-1:1:call-1",
            as_of=NOON,
            policy_hash=self.policies.current.hash,
            call_id="call-1",
            plan=CallPlan(reps=("ada",)),
            heard=NOON - timedelta(hours=1),
        )

    async def ring(self, who: str) -> Touched:
        await ActivityEnvironment().run(self.phones.begin, self.order)
        about = {"key": key_of(self.order, who), "leg_id": leg_id(self.order, who)}
        party = Party.LEAD if who == PERSON else Party.REP
        order = LegOrder(**{**self.order.model_dump(), **about, "party": party, "rep": None if who == PERSON else who})
        touched: Touched = await ActivityEnvironment().run(self.phones.place, order)
        return touched

    @property
    def from_and_to(self) -> list[tuple[str, str]]:
        return [(row.intent.sender, row.intent.recipient) for row in self.ledger.rows.values()]


@pytest.mark.parametrize(
    ("knows", "shown"),
    [(Known(last=MIAMI), MIAMI), (Known(), AUSTIN), (Known(last=TEXTS_ONLY), AUSTIN)],
    ids=["the one they know", "a local one", "no number that only texts"],
)
async def test_a_person_is_called_from_the_number_chosen_which_is_on_the_touch(knows: Known, shown: str) -> None:
    desk = Desk(pool(), knows)
    assert (await desk.ring(PERSON)).result == "sent"
    assert desk.from_and_to == [(shown, DANA)]


async def test_without_numbers_that_call_it_is_the_number_of_the_settings() -> None:
    for loaded in (cases.default(), cases.changed(numbers={"senders": [{"number": MIAMI, "channels": ["sms"]}]})):
        desk = Desk(loaded, Known(last=MIAMI))
        await desk.ring(PERSON)
        assert desk.from_and_to == [(desk.voice.sender, DANA)]


async def test_reps_are_rung_from_the_number_of_the_settings_whichever_the_person_knows() -> None:
    desk = Desk(pool(), Known(last=MIAMI))
    await desk.ring("ada")
    assert desk.from_and_to == [(desk.voice.sender, "+15125550101")]


async def test_a_number_of_ours_is_not_called() -> None:
    desk = Desk(pool(), phone=MIAMI)
    touched = await desk.ring(PERSON)
    assert (touched.result, touched.refusal) == ("refused", Refusal.OWN_NUMBER)
    assert desk.voice.rung == []


# --- a call that is over while a phone's fate is not known ------------------------------------------------------------


async def begun(desk: Desk, who: str) -> str:
    """A phone's touch as a worker leaves it that dies in the middle of its request."""
    await ActivityEnvironment().run(desk.phones.begin, desk.order)
    words = LegWords(call_id="call-1", joins=who == PERSON, ring=timedelta(seconds=15))
    touch_id = leg_id(desk.order, who)
    about = {"touch_id": touch_id, "key": key_of(desk.order, who), "channel": Channel.CALL}
    intent = INTENT.model_copy(update=about | {"body": words.model_dump_json(), "purpose": Purpose.INTERNAL})
    await desk.ledger.claim(intent, "dead")
    assert await desk.ledger.begin(touch_id, "dead", timedelta(0)) is None
    return touch_id


async def ends(desk: Desk) -> None:
    step = CallStep(**desk.order.model_dump())
    await ActivityEnvironment().run(desk.phones.end, step)


async def test_at_a_calls_end_a_phone_that_the_vendor_told_of_is_settled_though_its_attempt_is_cut_off() -> None:
    desk = Desk(pool())
    touch_id = await begun(desk, "ada")
    await desk.voice.calls.change("call-1", LegMoved(leg_id=touch_id, state=LegState.RINGING, vendor_id="CA1"))
    await ends(desk)
    row = desk.ledger.rows[touch_id]
    assert (row.state, row.vendor_id) == ("sent", "CA1")


async def test_at_a_calls_end_a_phone_that_nobody_told_of_is_unknown() -> None:
    desk = Desk(pool())
    touch_id = await begun(desk, "ada")
    await ends(desk)
    assert desk.ledger.rows[touch_id].state == "unknown"


async def test_a_phone_proven_not_to_have_rung_is_not_rung_once_the_call_is_over() -> None:
    desk = Desk(pool())
    desk.ledger.grace = timedelta(0)
    touch_id = await begun(desk, "ada")
    await desk.voice.calls.end("call-1")
    touched = await desk.ring("ada")
    assert (touched.result, desk.voice.rung, desk.ledger.rows[touch_id].state) == ("failed", [], "failed")
