"""The self-check sees what it is there to see: each of these performances goes wrong in one way."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.decisions import Decision
from domain.lead import Lead
from domain.values import Action, ClosedReason, Stage
from domain.views import Stats
from runtime.demo import checks, script
from runtime.demo.asked import DANA
from runtime.demo.calls import Causes, Rung, rung_too_often
from runtime.demo.cast import Part
from runtime.demo.player import Came
from runtime.demo.warm import LENA, MARCUS
from runtime.demo.world import Entry
from tests.builders import a_decision, a_lead, an_item

TEMPLATES = {"one_question": "Hi {{ first_name }}, a question?", "rescue": "Hi {{ first_name }}, still there?"}
QUESTION = "Hi Lena, a question?"
NINE = script.START + timedelta(minutes=1)
SENT = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)


def a_text(body: str = QUESTION, at: datetime = NINE, waited: float = 0.05, part: Part = LENA) -> Entry:
    return Entry(
        seq=1,
        at=at,
        real_at=SENT + timedelta(seconds=waited),
        vendor="twilio",
        kind="sms",
        to=part.person.phone,
        body=body,
        accepted=True,
        delivered=True,
    )


def says(words: str) -> Entry:
    said = {"kind": "inbound_sms", "to": None, "sender": LENA.person.phone, "body": words}
    return a_text().model_copy(update=said)


def ended(**changes: object) -> Lead:
    return a_lead(stage=Stage.CLOSED, closed=ClosedReason.OPTED_OUT, plan=a_decision(), **changes)


def happened(log: Sequence[Entry], lead: Lead | None = None, plan: Decision | None = None) -> checks.Happened:
    figures = {"leads": 1, "open": 0, "closed": 1, "undecided": 0, "undispatched": 0, "lost": 0}
    stats = Stats.model_validate({**figures, "touches": {}, "duplicate_touches": 0, "first_touches": ()})
    return checks.Happened(
        came={LENA.key: Came(LENA, SENT, "lead-1", ["started"])},
        leads={"lead-1": lead or ended()},
        log=log,
        stats=stats,
        templates=TEMPLATES,
        plans={LENA.key: plan or a_decision()},
    )


def faults(log: Sequence[Entry], lead: Lead | None = None) -> tuple[str, ...]:
    return checks.verdicts(happened(log, lead), [LENA])[0].faults


def test_what_goes_as_scripted_has_no_faults() -> None:
    assert faults([a_text(), says("STOP")]) == ()
    verdict = checks.verdicts(happened([a_text()]), [LENA])[0]
    assert verdict.ended == "closed as opted_out, cycle 1, texts: one_question"


def test_another_ending_is_a_fault() -> None:
    for lead in (a_lead(stage=Stage.RESTING), ended(cycle=2), ended().model_copy(update={"closed": ClosedReason.LOST})):
        assert any("the script says" in fault for fault in faults([a_text()], lead))


def test_a_missing_a_second_and_a_wrong_text_are_faults() -> None:
    for log in ([], [a_text(), a_text()], [a_text("Hi Lena, still there?")], [a_text("Buy now!")]):
        assert any("the phone was sent" in fault for fault in faults(log)), log


def test_a_text_after_stop_is_a_fault_in_their_own_words_too() -> None:
    for words in ("STOP", "Please take me off your list"):
        assert any("followed their STOP" in fault for fault in faults([says(words), a_text()]))
    assert not any("followed" in fault for fault in faults([says("Yes please"), a_text()]))


def test_a_text_at_night_is_a_fault_where_they_are() -> None:
    """From 21 to 8 o'clock, wherever in the United States; states that are stricter are the contact rules' to keep."""
    for hours, clock in ((12, "Tue 21:00"), (22, "Wed 07:00")):
        late = a_text(at=script.START + timedelta(hours=hours))
        assert any(f"came at {clock}" in fault for fault in faults([late]))
    for hours in (11, 23):
        assert faults([a_text(at=script.START + timedelta(hours=hours))]) == ()


def test_who_never_came_is_lost() -> None:
    assert checks.lost(happened([a_text()]), [LENA]) == 0
    assert checks.lost(happened([a_text()]), [LENA, MARCUS]) == 1
    assert checks.verdicts(happened([]), [MARCUS])[0].faults != ()
    assert checks.lost(happened([], a_lead(stage=Stage.TRIAGE)), [LENA]) == 1


def test_a_text_twice_counts_once_unless_it_is_scripted_twice() -> None:
    assert checks.duplicate_touches(happened([a_text()]), [LENA]) == 0
    assert checks.duplicate_touches(happened([a_text(), a_text()]), [LENA]) == 1
    twice = replace(LENA, ending=replace(LENA.ending, texts=("one_question", "one_question")))
    assert checks.duplicate_touches(happened([a_text(), a_text()]), [twice]) == 0


def test_only_texts_due_at_once_are_timed_and_only_late_ones_are_held() -> None:
    at_once = an_item("text-1", action=Action.TEXT)
    late = an_item("text-1", 120, action=Action.TEXT, held_by=("us/federal",))
    for item, timings, held in ((at_once, [50.0], 0), (late, [], 1)):
        whole = happened([a_text()], plan=a_decision(agenda=(item,)))
        assert checks.first_touch_ms(whole, [LENA]) == timings
        assert checks.held(whole) == held


def test_percentiles_are_by_nearest_rank() -> None:
    assert [checks.percentile([1.0, 2.0, 3.0, 40.0], share) for share in (0.5, 0.99)] == [2.0, 40.0]
    assert checks.percentile([], 0.5) is None


def a_call(kind: str, **changes: object) -> Entry:
    """Something on Dana's phone, on the call CA1."""
    return a_text(part=DANA).model_copy(update={"kind": kind, "body": None, "vendor_id": "CA1"} | changes)


def rang(*came_to: str, night: bool = False) -> tuple[str, ...]:
    """Faults of Dana's part where her phone rang once, and this is what the log says of it."""
    at = script.START + timedelta(hours=13) if night else NINE
    log = [a_call(kind, at=at, delivered=kind != "machine") for kind in ("call_leg", *came_to)]
    log = [each.model_copy(update={"kind": "answered"}) if each.kind == "machine" else each for each in log]
    lead = a_lead(stage=Stage.CLOSED, closed=ClosedReason.WON, plan=a_decision())
    whole = replace(happened(log, lead), came={DANA.key: Came(DANA, SENT, "lead-1", ["started"])})
    return checks.verdicts(whole, [DANA])[0].faults


def test_a_call_that_came_to_something_else_than_scripted_is_a_fault() -> None:
    assert rang("answered", "bridged") == ()
    assert any("their phone rang: voicemail; script: connected" in fault for fault in rang("machine", "bridged"))
    assert any("their phone rang: no_answer" in fault for fault in rang("hung_up"))
    assert any("a call came at Tue 22:00" in fault for fault in rang("answered", "bridged", night=True))


def test_a_phone_of_theirs_that_rings_once_more_is_a_second_touch() -> None:
    twice = [a_call("call_leg"), a_call("call_leg", vendor_id="CA2")]
    assert checks.duplicate_touches(happened(twice[:1]), [DANA]) == 0
    assert checks.duplicate_touches(happened(twice), [DANA]) == 1


def a_callback(call: str) -> str:
    return f"http://127.0.0.1/v1/hooks/twilio/voice-status?call={call}&leg=8"


def test_two_calls_decided_in_one_moment_ring_in_either_order() -> None:
    ada, ben = "+15125550101", "+13125550102"
    rings = (("1", ada), ("2", ben), ("2", ada))
    calls = [a_call("call_leg", to=phone, callback=a_callback(call)) for call, phone in rings]
    moment = calls[0].real_at - timedelta(seconds=1)
    wanted = [Rung("lead-1", (ada,), moment), Rung("lead-2", (ada, ben), moment + timedelta(milliseconds=1))]
    assert rung_too_often(calls, wanted) == 0
    assert rung_too_often([*calls, calls[2]], wanted) == 1
    causes = Causes()
    assert [causes.of(each, wanted) for each in calls] == [wanted[0], wanted[1], wanted[1]]


def test_a_phone_of_ours_rings_once_for_each_decision_and_once_for_each_call_to_us() -> None:
    ada = "+15125550101"
    ring = a_call("call_leg", to=ada, sender="+15125550100", callback=a_callback("1"))
    again = ring.model_copy(update={"callback": a_callback("2")})
    wanted = Rung("lead-1", (ada,), ring.real_at - timedelta(seconds=1))
    called = a_call("inbound_call", to=None, sender=DANA.person.phone)
    for_caller = ring.model_copy(update={"sender": DANA.person.phone})
    assert rung_too_often([ring], [wanted]) == 0
    assert rung_too_often([ring, ring], [wanted]) == 1
    earlier = replace(wanted, decided=wanted.decided - timedelta(minutes=1))
    assert rung_too_often([ring, ring], [earlier, wanted]) == 1, "whatever else was wanted"
    assert rung_too_often([ring, again], [wanted]) == 1
    assert rung_too_often([ring, again], [earlier, wanted]) == 0
    assert rung_too_often([ring, called, for_caller], [wanted]) == 0
    assert rung_too_often([ring, called, for_caller, for_caller], [wanted]) == 1
    assert rung_too_often([ring], [replace(wanted, decided=ring.real_at + timedelta(seconds=1))]) == 1
