"""Which number a text goes from and when it is its turn: kept over attempts, waited for, held, said."""

from datetime import timedelta

import pytest
from temporalio.testing import ActivityEnvironment

from activities.delivery import Delivery
from activities.lines import UNPROMISED, Lines
from activities.policies import Policies
from activities.text import Texts
from domain.errors import NotSent
from domain.orders import TextOrder, Touched
from domain.senders import Known
from domain.values import Purpose, Refusal
from policy.load import LoadedPolicy
from tests.activities.stage import QUICK
from tests.builders import NOON
from tests.fake_ledger import FakeLedger
from tests.fake_senders import FakeSenders
from tests.fakes import FakeSms, facts_of, texan
from tests.policy import cases
from tests.published import FakePolicies

AUSTIN, MIAMI = "+15125550100", "+13055550100"
SERVICE = "MG" + "0a" * 16


def pool(**changes: object) -> LoadedPolicy:
    numbers = {"senders": [{"number": MIAMI}, {"number": AUSTIN}], **changes}
    return cases.changed(numbers=numbers, speeds={"first_automation": {"sources": {"missed_call": "60s"}}})


class Desk:
    """Willing Texans' leads, and the activity that texts them."""

    def __init__(self, loaded: LoadedPolicy, knows: Known | None = None, source: str = "missed_call") -> None:
        self.ledger, self.sms = FakeLedger(grace=timedelta(0)), FakeSms()
        self.senders = FakeSenders(knows=knows or Known())
        self.policies = Policies(loaded, FakePolicies())
        self.source = source

    async def text(self, lead: str = "lead-1", **changes: object) -> Touched:
        phone = f"+1512555{len(self.ledger.people) + 1000}"
        person = texan(person_id=lead, phone=phone)
        self.ledger.people.setdefault(lead, facts_of(lead, self.source, NOON, person=person))
        order = TextOrder(
            tenant="main",
            lead_id=lead,
            key=f"{lead}:1:text-1",
            as_of=NOON,
            policy_hash=self.policies.current.hash,
            template="missed_call",
            purpose=Purpose.RESPONSIVE,
            heard=NOON - timedelta(hours=1),
        ).model_copy(update=changes)
        lines = Lines(self.senders, self.policies, self.sms.sender)
        activity = Texts(self.ledger, self.sms, self.policies, Delivery(self.ledger, QUICK), lines)
        touched: Touched = await ActivityEnvironment().run(activity.send, order)
        return touched

    @property
    def sent_from(self) -> list[tuple[str, str | None]]:
        return [(row.intent.sender, row.intent.service) for row in self.ledger.rows.values()]


async def test_a_text_goes_from_the_number_chosen_which_is_on_the_touch() -> None:
    desk = Desk(pool(), Known(last=MIAMI))
    assert (await desk.text()).result == "sent"
    assert desk.sent_from == [(MIAMI, None)]


async def test_without_the_section_it_goes_from_the_number_of_the_settings() -> None:
    desk = Desk(cases.default(), Known(last=MIAMI))
    assert (await desk.text()).result == "sent"
    assert desk.sent_from == [(desk.sms.sender, None)]
    assert desk.senders.asked == []


async def test_a_service_goes_along_or_chooses_by_itself() -> None:
    desk = Desk(pool(senders=[], messaging_service=SERVICE))
    assert (await desk.text()).result == "sent"
    assert desk.sent_from == [("", SERVICE)]


async def test_a_later_attempt_keeps_the_number_of_the_first() -> None:
    desk = Desk(pool(), Known(last=MIAMI))
    desk.sms.troubles = [NotSent("twilio", "ConnectError")]
    with pytest.raises(NotSent):
        await desk.text()
    desk.senders.knows = Known(last=AUSTIN)
    assert (await desk.text()).result == "sent"
    assert desk.sent_from == [(MIAMI, None)]


async def test_no_number_of_ours_is_texted() -> None:
    desk = Desk(pool())
    for lead, number in (("lead-1", MIAMI), ("lead-2", desk.sms.sender)):
        desk.ledger.people[lead] = facts_of(lead, "missed_call", NOON, person=texan(phone=number))
        touched = await desk.text(lead)
        assert (touched.result, touched.refusal) == ("refused", Refusal.OWN_NUMBER)
    assert desk.sms.told == []


async def test_a_turn_that_is_near_is_waited_for_and_one_that_is_far_goes_back_on_the_agenda() -> None:
    desk = Desk(pool(per_second=20))
    desk.senders.now = None  # real: the waiting is
    assert [(await desk.text(f"lead-{number}")).result for number in range(4)] == ["sent"] * 4
    slow = Desk(pool(senders=[{"number": AUSTIN}], per_second=0.1))
    slow.senders.now = NOON
    assert (await slow.text("lead-1")).result == "sent"
    held = await slow.text("lead-2")
    assert (held.result, held.because, held.refusal) == ("held", "numbers/per_second", None)
    assert held.retry_at == NOON + timedelta(seconds=8)
    assert len(slow.sms.told) == 1


async def test_a_full_number_gives_way_to_another_and_all_full_hold_until_the_next_day() -> None:
    desk = Desk(pool(senders=[{"number": AUSTIN, "per_day": 1}, {"number": MIAMI}], per_day=2))
    desk.senders.now = NOON  # 12:00 in Chicago
    desk.senders.knows = Known(last=AUSTIN, today={AUSTIN: 1})
    assert (await desk.text("lead-1")).result == "sent"
    assert (await desk.text("lead-2")).result == "sent"
    held = await desk.text("lead-3")
    assert {sender for sender, _ in desk.sent_from} == {MIAMI}
    assert (held.result, held.because) == ("held", "numbers/daily_cap")
    zone = cases.default().policy.business.zone
    assert held.retry_at is not None
    assert held.retry_at.astimezone(cases.CHICAGO).strftime("%a %H:%M") == "Wed 00:00", zone


@pytest.mark.parametrize(
    ("source", "purpose", "rank", "promised"),
    [
        ("missed_call", Purpose.RESPONSIVE, 60, timedelta(seconds=60)),
        ("demo_request", Purpose.RESPONSIVE, 300, timedelta(minutes=5)),
        ("demo_request", Purpose.SOLICITATION, UNPROMISED + 1, None),
    ],
)
async def test_what_was_promised_goes_first(
    source: str, purpose: Purpose, rank: int, promised: timedelta | None
) -> None:
    desk = Desk(pool(per_second=100), source=source)
    await desk.text(purpose=purpose)
    assert [(each.rank, each.promised) for each in desk.senders.asked] == [(rank, promised)]


async def test_what_has_missed_its_moment_keeps_its_rank_and_is_no_news() -> None:
    desk = Desk(pool(per_second=100))
    await desk.text(as_of=NOON + timedelta(minutes=5))
    assert [(each.rank, each.promised) for each in desk.senders.asked] == [(60, None)]
