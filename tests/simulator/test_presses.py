"""Buttons: what Slack sends when a rep presses one, and what its trigger and response_url are good for."""

from slack_sdk.signature import SignatureVerifier

from tests.simulator.stand import HTTP, SECRETS, Receiver, Sim, call_slack, offer, payload

CHANNEL, REP, OTHER = "C0000LEADS", "U0000DANA", "U0000ALEX"


def post_offer(sim: Sim, channel: str = CHANNEL, lead: str = "lead-1") -> str:
    return str(call_slack(sim, "chat.postMessage", channel=channel, text="A lead", blocks=offer(REP, lead))["ts"])


def test_a_press_is_signed_and_carries_the_message(sim: Sim, receiver: Receiver) -> None:
    ts = post_offer(sim)
    assert sim.post("/sim/press", {"rep": REP, "action_id": "accept"}, 202) == {"status": 200}
    [got] = receiver.at("/v1/hooks/slack/interactions")
    verifier = SignatureVerifier(SECRETS["BATON_SLACK_SIGNING_SECRET"])
    assert verifier.is_valid_request(got.body, got.headers)
    assert not verifier.is_valid_request(got.body + "x", got.headers)
    sent = payload(got)
    assert (sent["type"], sent["user"]["id"], sent["user"]["team_id"]) == ("block_actions", REP, sent["team"]["id"])
    assert sent["container"] == {"type": "message", "message_ts": ts, "channel_id": CHANNEL, "is_ephemeral": False}
    assert sent["message"]["blocks"][1]["block_id"] == "touch:lead-1"
    [action] = sent["actions"]
    assert action.pop("action_ts")
    assert action == {
        "action_id": "accept",
        "block_id": "touch:lead-1",
        "type": "button",
        "value": "lead-1:1",
        "text": {"type": "plain_text", "text": "accept"},
    }
    assert [(e["from"], e["body"], e["delivered"]) for e in sim.log("press")] == [(REP, "accept lead-1:1", True)]


def test_a_select_carries_the_chosen_option(sim: Sim, receiver: Receiver) -> None:
    post_offer(sim)
    sim.post("/sim/press", {"rep": REP, "action_id": "dispose", "value": "not_icp"}, 202)
    sent = payload(receiver.got[0])
    [action] = sent["actions"]
    assert (action["type"], action["selected_option"]["value"]) == ("static_select", "lead-1:not_icp")
    assert sent["state"]["values"]["touch:lead-1"]["dispose"]["selected_option"] == action["selected_option"]


def test_only_what_is_on_the_screen_can_be_pressed(sim: Sim, receiver: Receiver) -> None:
    direct = call_slack(sim, "conversations.open", users=REP)["channel"]["id"]
    ts = post_offer(sim, direct)
    sim.post("/sim/press", {"rep": OTHER, "action_id": "accept"}, 404)
    sim.post("/sim/press", {"rep": REP, "action_id": "claim"}, 404)
    sim.post("/sim/press", {"rep": REP, "action_id": "accept", "value": "lead-2:1"}, 404)
    call_slack(sim, "chat.update", channel=direct, ts=ts, text="Withdrawn", blocks=[])
    sim.post("/sim/press", {"rep": REP, "action_id": "accept"}, 404)
    assert receiver.got == []


def test_the_newest_message_is_pressed_unless_one_is_named(sim: Sim, receiver: Receiver) -> None:
    first = post_offer(sim, lead="lead-1")
    post_offer(sim, lead="lead-2")
    sim.post("/sim/press", {"rep": REP, "action_id": "accept"}, 202)
    sim.post("/sim/press", {"rep": REP, "action_id": "accept", "message_ts": first}, 202)
    assert [payload(got)["actions"][0]["value"] for got in receiver.got] == ["lead-2:1", "lead-1:1"]


def test_a_trigger_opens_one_view(sim: Sim, receiver: Receiver) -> None:
    post_offer(sim)
    sim.post("/sim/press", {"rep": REP, "action_id": "accept"}, 202)
    trigger = payload(receiver.got[0])["trigger_id"]
    view = {"type": "modal", "title": {"type": "plain_text", "text": "Why"}, "blocks": []}
    assert call_slack(sim, "views.open", trigger_id=trigger, view=view)["view"]["id"].startswith("V")
    assert call_slack(sim, "views.open", trigger_id=trigger, view=view)["error"] == "invalid_trigger_id"
    assert [entry["to"] for entry in sim.log("view")] == [REP, None]


def test_the_response_url_changes_the_message_five_times(sim: Sim, receiver: Receiver) -> None:
    post_offer(sim)
    sim.post("/sim/press", {"rep": REP, "action_id": "accept"}, 202)
    url = payload(receiver.got[0])["response_url"]
    answers = [HTTP.post(url, json={"text": "Only for you"}).text]
    answers += [HTTP.post(url, json={"replace_original": True, "text": f"Taken {n}"}).text for n in range(5)]
    assert answers == ["ok"] * 5 + ["used_url"]
    [message] = call_slack(sim, "conversations.history", channel=CHANNEL)["messages"]
    assert message["text"] == "Taken 3"
    assert [(e["kind"], e["to"]) for e in sim.log()][-5:] == [("ephemeral", REP)] + [("update", CHANNEL)] * 4


def test_a_press_can_be_lost_or_doubled(sim: Sim, receiver: Receiver) -> None:
    post_offer(sim)
    sim.post("/sim/faults", {"vendor": "slack", "callbacks": "drop"})
    assert sim.post("/sim/press", {"rep": REP, "action_id": "accept"}, 202) == {"status": None}
    sim.post("/sim/faults", {"vendor": "slack", "callbacks": "duplicate"})
    sim.post("/sim/press", {"rep": REP, "action_id": "accept"}, 202)
    assert len(receiver.got) == 2
