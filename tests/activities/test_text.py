"""The guard of a text: live facts are asked again before each send, but never for one already on its way."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from temporalio.testing import ActivityEnvironment

from activities.delivery import Delivery
from activities.intents import touch_id_of
from activities.policies import Policies
from activities.text import Texts
from domain.errors import Ambiguous, NotSent
from domain.ledger import Claim, Intent
from domain.orders import TextOrder, Touched
from domain.values import Channel, Purpose, Refusal
from tests.activities.stage import QUICK
from tests.builders import NOON
from tests.fake_ledger import FakeLedger
from tests.fakes import FakeSms, facts_of, texan
from tests.policy import cases
from tests.published import FakePolicies

KEY = "lead-1:1:text-1"
NIGHT = NOON + timedelta(hours=12)


@dataclass
class Desk:
    """One willing Texan's lead, and the activity that texts them."""

    ledger: FakeLedger = field(default_factory=lambda: FakeLedger(grace=timedelta(0)))
    sms: FakeSms = field(default_factory=FakeSms)
    policies: Policies = field(default_factory=lambda: Policies(cases.default(), FakePolicies()))

    def __post_init__(self) -> None:
        self.ledger.people["lead-1"] = facts_of("lead-1", "paid_lead_form", NOON)

    async def text(self, **changes: Any) -> Touched:
        order = TextOrder(
            tenant="main",
            lead_id="lead-1",
            key=KEY,
            as_of=NOON,
            policy_hash=self.policies.current.hash,
            template="one_question",
            purpose=Purpose.RESPONSIVE,
            heard=NOON - timedelta(hours=1),
        ).model_copy(update=changes)
        activity = Texts(self.ledger, self.sms, self.policies, Delivery(self.ledger, QUICK))
        touched: Touched = await ActivityEnvironment().run(activity.send, order)
        return touched

    @property
    def told(self) -> list[str]:
        return [each.what for each in self.sms.told]


class Answering(FakeLedger):
    """The person answers just before the text is claimed, so that there is nothing yet for the answer to cancel."""

    async def claim(self, intent: Intent, claimer: str) -> Claim:
        self.last_reply[intent.lead_id] = NOON
        return await super().claim(intent, claimer)


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_the_text_is_the_policys_words_to_the_persons_number(desk: Desk) -> None:
    touched = await desk.text()
    assert (touched.result, touched.channel, touched.touch_id) == ("sent", Channel.SMS, touch_id_of(KEY))
    assert [(each.who, each.at) for each in desk.sms.told] == [("+15125550142", NOON)]
    assert desk.told[0].startswith("Hi Dana, Brightside here")


async def test_at_night_it_is_held_until_the_window_opens_and_leaves_no_row(desk: Desk) -> None:
    touched = await desk.text(as_of=NIGHT)
    assert (touched.result, touched.refusal) == ("held", Refusal.OUTSIDE_WINDOW)
    assert touched.retry_at == NOON + timedelta(hours=21)  # 09:00 in Austin (policies/contact_rules, TX)
    assert (desk.told, desk.ledger.rows) == ([], {})


async def test_an_opted_out_person_is_refused_for_good_and_the_ledger_says_why(desk: Desk) -> None:
    desk.ledger.opted_out["p1"] = True
    touched = await desk.text()
    assert (touched.result, touched.refusal) == ("refused", Refusal.OPTED_OUT)
    assert desk.ledger.rows[touch_id_of(KEY)].state == "cancelled"
    assert desk.told == []


@pytest.mark.parametrize("before", [timedelta(0), timedelta(minutes=59)], ids=["since it was ordered", "before"])
async def test_who_gave_an_answer_that_the_lead_has_not_heard_is_not_texted(desk: Desk, before: timedelta) -> None:
    """Its signal may still be on its way when the next text falls due."""
    desk.ledger.last_reply["lead-1"] = NOON - before
    touched = await desk.text()
    assert (touched.result, touched.refusal) == ("refused", Refusal.REPLIED)
    assert desk.told == []


async def test_an_answer_that_the_lead_has_heard_holds_nothing_back(desk: Desk) -> None:
    desk.ledger.last_reply["lead-1"] = NOON
    assert (await desk.text(heard=NOON)).result == "sent"


async def test_an_answer_that_comes_between_the_guard_and_the_sending_stops_it(desk: Desk) -> None:
    desk.ledger = Answering(people=desk.ledger.people)
    touched = await desk.text()
    assert (touched.result, touched.refusal, desk.told) == ("refused", Refusal.REPLIED, [])


@pytest.mark.parametrize(
    ("name", "greeting"),
    [
        (" Bob", "Hi Bob,"),
        ("Zoë O'Neil", "Hi Zoë,"),
        ("Jean-Luc Picard", "Hi Jean-Luc,"),
        ("J.R. Ewing", "Hi J.R.,"),
        ("Dr. No", "Hi Dr.,"),
        ("李小龙", "Hi 李小龙,"),
        ("http://evil.example/win a prize", "Hi there,"),
        ("evil.example", "Hi there,"),
        ("evil.example.", "Hi there,"),
        ("Call+15125550199 now", "Hi there,"),
        ("x" * 600, "Hi there,"),
        ("4ever", "Hi there,"),
        (None, "Hi there,"),
        ("   ", "Hi there,"),
    ],
)
async def test_a_person_is_greeted_by_what_is_a_name_and_by_nothing_else(
    desk: Desk, name: str | None, greeting: str
) -> None:
    desk.ledger.name = name
    await desk.text()
    assert desk.told[0].startswith(f"{greeting} Brightside here")


@pytest.mark.parametrize(
    ("referrer", "said"),
    [("Ann Lee", "Ann Lee said"), ("http://evil.example/win", "A friend said"), ("evil.example", "A friend said")],
)
async def test_a_referrer_who_is_no_name_is_a_friend(desk: Desk, referrer: str, said: str) -> None:
    desk.ledger.referrer = referrer
    await desk.text(template="referral")
    assert f"{said} we should talk" in desk.told[0]


async def test_an_unknown_template_is_a_refusal_that_names_it(desk: Desk) -> None:
    touched = await desk.text(template="no_such_text")
    assert (touched.result, touched.refusal, touched.because) == ("refused", Refusal.BAD_TEMPLATE, "no_such_text")


async def test_a_text_that_never_left_goes_to_the_number_the_person_has_by_now(desk: Desk) -> None:
    desk.sms.troubles = [NotSent("twilio", "ConnectError")]
    with pytest.raises(NotSent):
        await desk.text()
    desk.ledger.people["lead-1"] = facts_of("lead-1", "paid_lead_form", NOON, person=texan(phone="+15125550199"))
    assert (await desk.text(as_of=NOON + timedelta(hours=1))).result == "sent"
    assert [(each.who, each.at) for each in desk.sms.told] == [("+15125550199", NOON + timedelta(hours=1))]


async def test_a_text_on_its_way_is_looked_for_whatever_the_guard_would_say_now(desk: Desk) -> None:
    desk.sms.lost_answers = [Ambiguous("twilio", "ReadTimeout")]
    assert (await desk.text()).result == "sent"
    desk.ledger.opted_out["p1"] = True
    assert (await desk.text(as_of=NIGHT)).result == "sent"
    assert len(desk.told) == 1


@pytest.mark.parametrize(
    "speaks",
    [
        '{% if language == "es" %}Hola{% else %}Hi{% endif %}, {{ business }}. STOP',
        {"es": "Hola, {{ business }}. STOP", "en": "Hi, {{ business }}. STOP"},
    ],
    ids=["by a condition", "by languages"],
)
@pytest.mark.parametrize(("language", "begins"), [("es", "Hola"), ("en", "Hi"), ("fr", "Hi"), (None, "Hi")])
async def test_a_text_is_in_the_language_of_the_person(language: str | None, begins: str, speaks: object) -> None:
    desk = Desk(policies=Policies(cases.changed(texts={"one_question": speaks}), FakePolicies()))
    desk.ledger.people["lead-1"] = facts_of("lead-1", "paid_lead_form", NOON, person=texan(language=language))
    assert (await desk.text()).result == "sent"
    assert desk.told[0].startswith(begins)
