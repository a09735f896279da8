"""Telling the supervisors of conditions that fail: once, whatever Slack does, and nothing of what a lead said."""

from datetime import timedelta

import pytest

from activities.fault_alerts import AGAIN, FaultAlerts, compose
from activities.policies import Policies
from api import metrics
from api.__main__ import tell_faults
from domain.errors import Ambiguous, BatonError, NotSent
from domain.publications import PolicyText
from domain.switches import Name, Throw
from tests.fake_faults import FakeFaults
from tests.fakes import FakeChat
from tests.policy.cases import default
from tests.published import FakeSwitches


class NoTexts:
    """A store that never heard of any other policy."""

    async def text(self, policy_hash: str) -> PolicyText | None:
        return None


def alerts(faults: FakeFaults, chat: FakeChat, board: FakeSwitches | None = None) -> FaultAlerts:
    policies = Policies(default(), NoTexts())  # type: ignore[arg-type]  # texts alone
    return FaultAlerts("main", faults, chat, policies, board or FakeSwitches())


@pytest.fixture
def faults() -> FakeFaults:
    found = FakeFaults()
    found.note("main", default().hash, "score/budget", "lead-1")
    return found


async def test_a_message_names_rule_policy_and_where_to_look(faults: FakeFaults) -> None:
    chat = FakeChat()
    assert await alerts(faults, chat).sweep() == ("score/budget",)
    ((_, message),) = chat.told
    assert message.channel == default().policy.channels.supervisors
    assert message.text.startswith(f"Supervisors: the condition of score/budget of policy default ({default().hash})")
    assert "`baton lead trace lead-1`" in message.lines[0]
    assert message.alert == "a condition of the policy fails on leads: score/budget"


@pytest.mark.parametrize("trouble", [NotSent("slack", "connect"), Ambiguous("slack", "timeout")])
async def test_what_could_not_be_told_is_told_later(faults: FakeFaults, trouble: BatonError) -> None:
    chat = FakeChat(troubles=[trouble])
    sweeper = alerts(faults, chat)
    assert await sweeper.sweep() == ()
    assert await sweeper.sweep() == ()  # not at once again
    later(faults)
    assert await sweeper.sweep() == ("score/budget",)
    assert len(chat.told) == 1


async def test_what_an_attempt_posted_before_it_died_is_not_posted_again(faults: FakeFaults) -> None:
    chat = FakeChat()
    (fault,) = await faults.take("main", AGAIN, 20)
    await chat.post(fault.alert_id, compose(fault, default()))  # and then the process was killed
    later(faults)
    assert await alerts(faults, chat).sweep() == ("score/budget",)
    assert len(chat.told) == 1


async def test_a_policy_that_nobody_can_read_any_more_is_told_of_in_the_active_ones_channel() -> None:
    faults, chat = FakeFaults(), FakeChat()
    faults.note("main", "gone", "route/*soon*", "lead-1")
    assert await alerts(faults, chat).sweep() == ("route/*soon*",)
    ((_, message),) = chat.told
    assert message.channel == default().policy.channels.supervisors
    assert "*" not in message.text  # whatever a rule is called, it is no markup


async def test_in_the_sandbox_nobody_is_told_until_it_is_over(faults: FakeFaults) -> None:
    chat, board = FakeChat(), FakeSwitches()
    sweeper = alerts(faults, chat, board)
    await board.throw(Name.SANDBOX, Throw(on=True, by="ops", because="a trial"))
    assert (await sweeper.sweep(), chat.told) == ((), [])
    await board.throw(Name.SANDBOX, Throw(on=False, by="ops", because="it is over"))
    assert await sweeper.sweep() == ("score/budget",)


async def test_each_alert_is_counted_by_its_rule(faults: FakeFaults) -> None:
    def counted() -> float:
        return metrics.REGISTRY.get_sample_value("baton_condition_faults_total", {"rule": "score/budget"}) or 0.0

    before = counted()
    sweeper = alerts(faults, FakeChat())
    assert [await tell_faults(sweeper), await tell_faults(sweeper)] == [1, 0]
    assert counted() == before + 1


def later(faults: FakeFaults) -> None:
    faults.taken = {alert: at - AGAIN - timedelta(seconds=1) for alert, at in faults.taken.items()}
