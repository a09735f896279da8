"""What was delivered stays known when the simulator is killed."""

from pathlib import Path

import pytest

from tests.simulator.stand import LEAD, OWN, call_slack, receiving, send_text, simulating, wait_until


def test_a_killed_simulator_remembers_what_reached_people(tmp_path: Path) -> None:
    with receiving() as baton:
        log = tmp_path / "sim.jsonl"
        with simulating(baton.url, log) as sim:
            sim.post("/sim/personas", {"phone": LEAD, "kind": "replies", "after_seconds": 3600, "body": "Later"})
            sid = send_text(sim).json()["sid"]
            sim.post("/sim/inbound", {"from": "+15125550143", "body": "STOP"}, 202)
            sent = call_slack(sim, "chat.postMessage", channel="C0000LEADS", text="A lead")
            person = sim.post("/sim/hubspot/contacts", {"properties": {"email": "dana@example.com"}}, 202)["id"]
            sim.post("/sim/clock", {"offset": -600})
            before = sim.log()
            sim.process.kill()
            sim.process.wait()
        log.write_bytes(log.read_bytes() + b'["message","SMtorn')
        with simulating(baton.url, log) as sim:
            assert sim.log() == before
            assert sim.get("/sim/clock")["offset"] == -600
            assert send_text(sim, To="+15125550143").json()["code"] == 21610
            found = call_slack(sim, "conversations.history", channel="C0000LEADS")["messages"]
            assert [message["ts"] for message in found] == [sent["ts"]]
            again = sim.post("/sim/hubspot/contacts", {"properties": {"email": "dana@example.com"}}, 409)
            assert person in again["error"]
            assert sim.log()[0]["vendor_id"] == sid
            due = sim.due()
            assert due is not None
            sim.move_to(due)
            wait_until(lambda: any(got.form.get("Body") == "Later" for got in baton.got))


def test_a_text_killed_on_its_way_is_still_reported(tmp_path: Path) -> None:
    with receiving() as baton:
        log = tmp_path / "sim.jsonl"
        with simulating(baton.url, log) as sim:
            baton.status = 500  # the first report fails, its repeat is a second away
            send_text(sim, StatusCallback=f"{baton.url}/status")
            wait_until(lambda: len(baton.got) == 1)
            sim.process.kill()
            sim.process.wait()
        baton.reset()
        with simulating(baton.url, log) as sim:
            sim.settle()
            assert [entry["from"] for entry in sim.log("sms")] == [OWN]
            assert [got.form["MessageStatus"] for got in baton.got] == ["queued", "sent", "delivered"]


def test_a_stack_started_with_another_offset_has_its_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as baton:
        for told, moved, expected in ((0, 50, 0), (0, 60, 50), (-900, 70, -900)):
            monkeypatch.setenv("BATON_SIM_OFFSET", str(told))
            with simulating(baton.url, tmp_path / "sim.jsonl") as sim:
                assert sim.get("/sim/clock")["offset"] == expected
                sim.post("/sim/clock", {"offset": moved})
