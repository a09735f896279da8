"""What phones hear of a call: reps who are to take over, managers, a person who picks up before a rep is there."""

from datetime import timedelta

import pytest

from activities.phone_desk import PhoneDesk
from activities.policies import Policies
from domain import scripts
from domain.call_facts import Joined, LegMoved, Pressed
from domain.calls import Call, Leg, LegState, Party
from domain.decisions import CallPlan, Opening
from domain.ledger import Intent
from domain.scripts import Script
from domain.values import Channel, Purpose
from tests.builders import NOON
from tests.fake_ledger import FakeLedger
from tests.fake_phones import FakeCalls
from tests.fakes import facts_of
from tests.policy import cases
from tests.published import FakePolicies

ADA = Leg(leg_id="ada", party=Party.REP, rep="ada", vendor_id="CAada")
DANA = Leg(leg_id="dana", party=Party.LEAD, vendor_id="CAdana")


class Stage:
    """One call, and the desk that answers its phones."""

    def __init__(self, *legs: Leg, **plan: object) -> None:
        self.policies, self.ledger, self.calls = Policies(cases.default(), FakePolicies()), FakeLedger(), FakeCalls()
        self.ledger.people["lead-1"] = facts_of("lead-1", "demo_request", NOON)
        self.calls.rows["c"] = Call(
            call_id="c",
            tenant="main",
            lead_id="lead-1",
            asked_at=NOON,
            policy_hash=self.policies.current.hash,
            plan=CallPlan.model_validate(plan),
            legs=legs,
        )
        self.desk = PhoneDesk(self.calls, self.ledger, self.policies)

    async def talking(self) -> None:
        joined = (Joined(leg_id=leg, at=NOON, room="CF1") for leg in ("ada", "dana"))
        await self.calls.change("c", Pressed(leg_id="ada", takes=True), *joined)


def said(script: Script) -> str:
    asked = [each.words for verb in script if isinstance(verb, scripts.Ask) for each in verb.says]
    return " ".join([*asked, *(verb.words for verb in script if isinstance(verb, scripts.Say))])


def joins(script: Script) -> list[scripts.Join]:
    return [verb for verb in script if isinstance(verb, scripts.Join)]


async def test_who_is_to_take_over_hears_from_whom_and_why_and_joins_without_ending_it() -> None:
    stage = Stage(ADA, DANA, Leg(leg_id="ben", party=Party.REP, rep="ben", succeeds="ada", note_id="0a"), record=True)
    await stage.talking()
    await stage.calls.keep_note("c", "0a", "they want forty seats")
    script, _ = await stage.desk.greet("c", "ben")
    assert "Ada Reyes hands over" in said(script)
    assert "They say: they want forty seats." in said(script)
    script, call = await stage.desk.pressed("c", "ben", "1", again=False)
    (join,) = joins(script)
    assert (join.ends, join.coach, call.taken_by) == (False, None, "ada")
    assert "This call is recorded." in said(script)


@pytest.mark.parametrize(("coaches", "coach"), [(True, "CAada"), (False, None)])
async def test_a_manager_hears_who_talks_and_is_heard_as_was_asked(coaches: bool, coach: str | None) -> None:
    stage = Stage(ADA, DANA, Leg(leg_id="kim", party=Party.MANAGER, rep="dev", coaches=coaches))
    await stage.talking()
    script, _ = await stage.desk.greet("c", "kim")
    assert "Ada Reyes is on the phone with" in said(script)
    (join,) = joins((await stage.desk.pressed("c", "kim", "1", again=False))[0])
    assert (join.ends, join.coach) == (False, coach)


async def test_whoever_comes_too_late_to_a_call_hears_that_it_is_over() -> None:
    stage = Stage(ADA, DANA, Leg(leg_id="kim", party=Party.MANAGER, rep="dev", coaches=True))
    await stage.talking()
    await stage.calls.change("c", LegMoved(leg_id="ada", state=LegState.ENDED))
    for script, _ in (await stage.desk.greet("c", "kim"), await stage.desk.pressed("c", "kim", "1", again=False)):
        assert (said(script), joins(script)) == ("The call is over.", [])


async def test_a_person_who_picks_up_is_connected_told_to_wait_a_second_or_told_who_called() -> None:
    stage = Stage(ADA, DANA, first=Opening.LEAD)
    intent = Intent(
        touch_id="dana", key="k", tenant="main", lead_id="lead-1", person_id="p1", channel=Channel.CALL,
        purpose=Purpose.RESPONSIVE, recipient="+15125550142", sender="+15125550100", body="{}", lead_now=NOON,
    )  # fmt: skip
    await stage.ledger.claim(intent, "a:1")
    script, call = await stage.desk.person("c", "dana")
    pause, goes_on = script
    assert pause == scripts.Pause(length=timedelta(seconds=1)), "asked again within the two seconds"
    assert isinstance(goes_on, scripts.GoTo)
    script, call = await stage.desk.person("c", "dana", again=True)
    assert "this is Brightside" in said(script)
    assert "1 5 1 2 5 5 5 0 1 0 0" in said(script)
    assert call.abandoned
    assert "They picked up before anybody of ours was there" in said((await stage.desk.greet("c", "ada"))[0])


async def test_a_person_who_picks_up_while_a_rep_waits_is_connected_at_once() -> None:
    stage = Stage(ADA, DANA, first=Opening.LEAD)
    await stage.calls.change("c", Pressed(leg_id="ada", takes=True))
    for again in (False, True):
        (join,) = joins((await stage.desk.person("c", "dana", again))[0])
        assert (join.room, join.label, join.ends, join.hold) == ("c", "dana", True, None)
    assert not stage.calls.rows["c"].abandoned
