"""People react on the embedded clock: nothing before their moment, everything at it."""

from datetime import datetime, timedelta

import pytest

from tests.simulator.stand import LEAD, Receiver, Sim, call_slack, offer, payload, send_text, wait_until

REP, OTHER, POOL = "U0000DANA", "U0000ALEX", "C0000POOL"
DAY = 86_400


def go_on(sim: Sim) -> None:
    """Move the clock to the next act and let it be carried."""
    due = sim.due()
    assert due is not None
    sim.move_to(due)
    sim.settle()


def test_a_person_replies_when_their_time_has_come(sim: Sim, receiver: Receiver) -> None:
    sim.post("/sim/personas", {"phone": LEAD, "kind": "replies", "after_seconds": 2 * DAY, "body": "Still there?"})
    send_text(sim)
    sent = datetime.fromisoformat(sim.log("sms")[0]["at"])
    due = sim.due()
    assert due is not None
    assert timedelta(0) <= due - sent - timedelta(days=2) < timedelta(seconds=1)
    sim.move_to(due - timedelta(minutes=1))
    sim.settle()
    assert (receiver.got, sim.get("/sim/next")["pending"]) == ([], 1)
    go_on(sim)
    assert [got.form["Body"] for got in receiver.got] == ["Still there?"]
    assert datetime.fromisoformat(sim.log("inbound_sms")[0]["at"]) >= due
    assert sim.get("/sim/next") == {"due": None, "pending": 0, "waiting": 0, "real_inflight": 0}


@pytest.mark.parametrize(
    ("kind", "words"), [("says_stop", "STOP"), ("wrong_number", "Wrong number"), ("buying_signal", "cost")]
)
def test_people_have_words_of_their_own(sim: Sim, receiver: Receiver, kind: str, words: str) -> None:
    sim.post("/sim/personas", {"phone": LEAD, "kind": kind})
    send_text(sim)
    wait_until(lambda: len(receiver.got) == 1)
    sim.settle()
    assert words in receiver.got[0].form["Body"]
    assert send_text(sim).status_code == (400 if kind == "says_stop" else 201)
    sim.settle()
    assert len(receiver.got) == 1, "a person says it once"


@pytest.mark.parametrize(
    ("kind", "code"),
    [("landline", "30006"), ("unreachable", "30003"), ("unknown_handset", "30005"), ("carrier_violation", "30007")],
)
def test_a_phone_that_texts_do_not_reach_takes_nothing(sim: Sim, receiver: Receiver, kind: str, code: str) -> None:
    sim.post("/sim/personas", {"phone": LEAD, "kind": kind})
    send_text(sim, StatusCallback=f"{receiver.url}/status")
    sim.settle()
    last = receiver.got[-1].form
    assert (last["MessageStatus"], last["ErrorCode"]) == ("undelivered", code)
    assert [(entry["accepted"], entry["delivered"]) for entry in sim.log("sms")] == [(True, False)]


def test_a_queue_of_personas_is_used_up_in_order(sim: Sim, receiver: Receiver) -> None:
    queue = [
        {"phone": LEAD, "kind": "silent", "times": 1},
        {"phone": LEAD, "kind": "replies", "body": "Now I read it"},
    ]
    sim.post("/sim/personas", queue)
    send_text(sim)
    sim.settle()
    assert receiver.got == []
    send_text(sim)
    wait_until(lambda: len(receiver.got) == 1)
    assert receiver.got[0].form["Body"] == "Now I read it"


def presses(receiver: Receiver) -> list[tuple[str, str, str]]:
    found = []
    for got in receiver.at("/v1/hooks/slack/interactions"):
        sent = payload(got)
        [action] = sent["actions"]
        value = action.get("value") or action["selected_option"]["value"]
        found.append((sent["user"]["id"], action["action_id"], value))
    return found


@pytest.mark.parametrize(
    ("kind", "pressed"),
    [
        ("accepts", [(REP, "accept", "lead-1:1")]),
        ("declines", [(REP, "decline", "lead-1:1")]),
        ("disposes", [(REP, "dispose", "lead-1:not_icp")]),
        ("ignores", []),
        ("accepts_then_disposes", [(REP, "accept", "lead-1:1"), (REP, "dispose", "lead-1:not_icp")]),
    ],
)
def test_a_rep_reacts_to_an_offer(sim: Sim, receiver: Receiver, kind: str, pressed: list[tuple[str, str, str]]) -> None:
    persona = {"rep": REP, "kind": kind, "after_seconds": 60, "then_after_seconds": 3600, "code": "not_icp"}
    sim.post("/sim/personas", persona)
    direct = call_slack(sim, "conversations.open", users=REP)["channel"]["id"]
    call_slack(sim, "chat.postMessage", channel=direct, text="Yours", blocks=offer(REP)[1:])
    for _ in pressed:
        go_on(sim)
    assert presses(receiver) == pressed
    assert sim.get("/sim/next")["pending"] == 0


def test_a_rep_who_is_set_away_comes_back_each_time_they_are_told(sim: Sim, receiver: Receiver) -> None:
    sim.post(
        "/sim/personas", [{"rep": REP, "kind": "comes_back", "about": "in a row"}, {"rep": REP, "kind": "ignores"}]
    )
    back = {"type": "button", "text": {"type": "plain_text", "text": "I'm back"}, "action_id": "back", "value": "ada"}
    for _ in range(2):
        said = f"<@{REP}>: you missed 2 offers in a row"
        call_slack(sim, "chat.postMessage", channel=POOL, text=said, blocks=[{"type": "actions", "elements": [back]}])
    wait_until(lambda: len(receiver.got) >= 2)
    sim.settle()
    assert presses(receiver) == [(REP, "back", "ada")] * 2


def test_a_rep_reacts_to_a_mention_once_for_each_offer(sim: Sim, receiver: Receiver) -> None:
    sim.post("/sim/personas", [{"rep": REP, "kind": "accepts"}, {"rep": OTHER, "kind": "accepts"}])
    for number in (1, 1, 2):
        call_slack(sim, "chat.postMessage", channel=POOL, text="A lead", blocks=offer(REP, number=number))
    wait_until(lambda: len(receiver.got) >= 2)
    sim.settle()
    assert presses(receiver) == [(REP, "accept", "lead-1:1"), (REP, "accept", "lead-1:2")]


def test_a_rep_with_a_lead_in_mind_looks_away_from_others(sim: Sim, receiver: Receiver) -> None:
    about = {"rep": REP, "about": "Dana Ortiz", "times": 1}
    sim.post("/sim/personas", [about | {"kind": "declines"}, {"rep": REP, "kind": "accepts", "after_seconds": DAY}])
    for lead, words in (("lead-1", "Luis Vega"), ("lead-2", "Dana Ortiz")):
        call_slack(sim, "chat.postMessage", channel=POOL, text=words, blocks=offer(REP, lead, number=1))
    wait_until(lambda: len(receiver.got) == 1)
    sim.settle()
    assert presses(receiver) == [(REP, "decline", "lead-2:1")]
    (later,) = sim.get("/sim/agenda")["reactions"]
    assert (later["rep"], later["value"], later["waiting"]) == (REP, "lead-1:1", False)
    assert datetime.fromisoformat(later["due"]) == sim.due()


def test_a_second_half_waits_for_its_button(sim: Sim, receiver: Receiver) -> None:
    sim.post("/sim/personas", {"rep": REP, "kind": "accepts_then_disposes", "code": "connected"})
    both = offer(REP)
    buttons = both[1]["elements"]
    only_accept = [both[0], {**both[1], "elements": buttons[:1]}]
    call_slack(sim, "chat.postMessage", channel=POOL, text="A lead", blocks=only_accept)
    wait_until(lambda: sim.get("/sim/next")["waiting"] == 1)
    assert presses(receiver) == [(REP, "accept", "lead-1:1")]
    call_slack(sim, "chat.postMessage", channel=POOL, text="How did it go?", blocks=both)
    wait_until(lambda: len(receiver.got) == 2)
    sim.settle()
    assert presses(receiver)[1] == (REP, "dispose", "lead-1:connected")
    assert sim.get("/sim/next")["waiting"] == 0


def test_the_pool_is_claimed_by_those_who_claim(sim: Sim, receiver: Receiver) -> None:
    claims = {"rep": REP, "kind": "accepts", "claims": True, "after_seconds": 30}
    sim.post("/sim/personas", [claims, {"rep": OTHER, "kind": "accepts"}])
    text = {"type": "plain_text", "text": "Claim"}
    button = {"type": "button", "action_id": "claim", "value": "lead-1:3", "text": text}
    blocks = [{"type": "actions", "elements": [button]}]
    call_slack(sim, "chat.postMessage", channel=POOL, text="Free for all", blocks=blocks)
    assert sim.get("/sim/next")["pending"] == 1
    go_on(sim)
    assert presses(receiver) == [(REP, "claim", "lead-1:3")]


def test_a_persona_that_makes_no_sense_is_refused(sim: Sim) -> None:
    sim.post("/sim/personas", {"phone": "5125550142", "kind": "replies"}, 422)
    sim.post("/sim/personas", {"rep": REP, "kind": "sings"}, 422)
