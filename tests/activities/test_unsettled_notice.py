"""What people are asked about a touch nobody knows the outcome of, and what they can press."""

import pytest

from activities.briefing import Briefing
from activities.notices import compose
from domain.ledger import Claim
from domain.orders import Notice, NoticeOrder, TouchState
from domain.ports import ChatMessage, Dossier
from domain.values import Channel
from tests.activities.stage import INTENT
from tests.builders import NOON
from tests.fakes import facts_of
from tests.policy import cases


def asked(state: TouchState | None, channel: Channel = Channel.SMS, template: str | None = "text_back") -> ChatMessage:
    intent = INTENT.model_copy(update={"channel": channel, "template": template})
    touch = Claim(touch_id="t1", state=state, fresh=False, intent=intent) if state is not None else None
    order = NoticeOrder(
        tenant="main", lead_id="lead-1", key="k", as_of=NOON, notice=Notice.UNSETTLED, touch_id="t1" if touch else None
    )
    dossier = Dossier(facts=facts_of("lead-1", "demo_request", NOON), person_id="p1", name="Dana Ortiz")
    return compose(Briefing(order=order, dossier=dossier, policy=cases.default().policy, now=NOON, touch=touch))


@pytest.mark.parametrize(
    ("channel", "template", "actions"),
    [
        (Channel.SMS, "text_back", ["arrived", "not_arrived", "send_again", "claim", "dispose"]),
        (Channel.SMS, None, ["arrived", "not_arrived", "claim", "dispose"]),
        (Channel.CRM, None, ["arrived", "not_arrived", "claim", "dispose"]),
    ],
)
def test_one_press_says_what_became_of_it_and_only_a_text_can_be_sent_again(
    channel: Channel, template: str | None, actions: list[str]
) -> None:
    message = asked(TouchState.UNKNOWN, channel, template)
    assert [button.action for button in message.buttons] == actions
    assert {button.value for button in message.buttons[:2]} == {"lead-1:t1"}
    assert "nobody knows whether" in message.text
    assert "Dana" not in message.alert, "a locked screen names nobody"


def test_what_was_found_meanwhile_is_said_and_not_asked() -> None:
    message = asked(TouchState.DELIVERED)
    assert "it is delivered" in message.text
    assert [button.action for button in message.buttons] == ["claim", "dispose"]


def test_a_notice_ordered_by_the_version_before_asks_without_buttons_of_its_own() -> None:
    message = asked(None)
    assert "nobody knows whether a touch" in message.text
    assert [button.action for button in message.buttons] == ["claim", "dispose"]
