"""Each kind of fault as a client sees it, on all three vendors, and what the log says then."""

import threading

import httpx2
import pytest

from tests.simulator.stand import ACCOUNT, HTTP, LEAD, OWN, SECRETS, Receiver, Sim, send_text, simulating, wait_until

BEARER = {"slack": "BATON_SLACK_TOKEN", "hubspot": "BATON_HUBSPOT_TOKEN"}
KINDS = {"twilio": "sms", "slack": "message", "hubspot": "contact"}
VENDORS = sorted(KINDS)


def write(sim: Sim, vendor: str, timeout: float = 5.0) -> httpx2.Response:
    """One write that the vendor would accept."""
    if vendor == "twilio":
        url = f"{sim.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
        form = {"To": LEAD, "From": OWN, "Body": "Hi"}
        return HTTP.post(url, data=form, auth=(ACCOUNT, SECRETS["BATON_TWILIO_AUTH_TOKEN"]), timeout=timeout)
    headers = {"Authorization": f"Bearer {SECRETS[BEARER[vendor]]}"}
    body: dict[str, object] = {"channel": "C0000LEADS", "text": "Hi"}
    path = "/api/chat.postMessage"
    if vendor == "hubspot":
        body, path = {"properties": {"firstname": "Dana"}}, "/crm/v3/objects/contacts"
    return HTTP.post(f"{sim.url}{path}", json=body, headers=headers, timeout=timeout)


def said(sim: Sim) -> list[tuple[str, str, bool]]:
    return [(entry["vendor"], entry["kind"], entry["accepted"]) for entry in sim.log()]


@pytest.mark.parametrize("vendor", VENDORS)
def test_429_says_when_to_come_back_and_does_nothing(sim: Sim, vendor: str) -> None:
    sim.post("/sim/faults", {"vendor": vendor, "kind": "429", "count": 2, "retry_after": 7})
    answers = [write(sim, vendor) for _ in range(3)]
    assert [answer.status_code for answer in answers[:2]] == [429, 429]
    assert answers[0].headers["retry-after"] == "7"
    assert answers[2].is_success
    body = answers[0].json()
    assert {"twilio": body.get("code"), "slack": body.get("error"), "hubspot": body.get("category")}[vendor] == {
        "twilio": 20429,
        "slack": "ratelimited",
        "hubspot": "RATE_LIMITS",
    }[vendor]
    assert said(sim) == [(vendor, KINDS[vendor], accepted) for accepted in (False, False, True)]


@pytest.mark.parametrize("vendor", VENDORS)
def test_500_does_nothing(sim: Sim, vendor: str) -> None:
    sim.post("/sim/faults", {"vendor": vendor, "kind": "500"})
    assert [write(sim, vendor).status_code // 100 for _ in range(2)] == [5, 2]
    assert said(sim) == [(vendor, KINDS[vendor], False), (vendor, KINDS[vendor], True)]


@pytest.mark.parametrize("vendor", VENDORS)
def test_500_after_accept_has_happened_all_the_same(sim: Sim, vendor: str) -> None:
    sim.post("/sim/faults", {"vendor": vendor, "kind": "500_after_accept"})
    assert write(sim, vendor).status_code == 500
    assert said(sim) == [(vendor, KINDS[vendor], True)]


@pytest.mark.parametrize("vendor", VENDORS)
def test_drop_after_accept_ends_the_connection_without_an_answer(sim: Sim, vendor: str) -> None:
    sim.post("/sim/faults", {"vendor": vendor, "kind": "drop_after_accept"})
    with pytest.raises((httpx2.RemoteProtocolError, httpx2.ReadError)):
        write(sim, vendor)
    assert said(sim) == [(vendor, KINDS[vendor], True)]
    assert write(sim, vendor).is_success


@pytest.mark.parametrize("vendor", VENDORS)
def test_hang_accepts_nothing_and_lasts_until_the_client_gives_up(sim: Sim, vendor: str) -> None:
    sim.post("/sim/faults", {"vendor": vendor, "kind": "hang"})
    with pytest.raises(httpx2.ReadTimeout):
        write(sim, vendor, timeout=0.3)
    assert said(sim) == [(vendor, KINDS[vendor], False)]
    assert write(sim, vendor).is_success


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("kind", ["slow", "slow_answer"])
def test_what_is_slow_is_done_once_though_the_client_has_gone(sim: Sim, vendor: str, kind: str) -> None:
    sim.post("/sim/faults", {"vendor": vendor, "kind": kind, "seconds": 0.6})
    with pytest.raises(httpx2.ReadTimeout):
        write(sim, vendor, timeout=0.3)
    assert said(sim) == ([] if kind == "slow" else [(vendor, KINDS[vendor], True)])
    wait_until(lambda: said(sim) == [(vendor, KINDS[vendor], True)])


def test_a_hang_of_given_length_ends_without_an_answer(sim: Sim) -> None:
    sim.post("/sim/faults", {"vendor": "twilio", "kind": "hang", "seconds": 0.2})
    with pytest.raises((httpx2.RemoteProtocolError, httpx2.ReadError)):
        write(sim, "twilio")


def test_a_hanging_client_doesnt_keep_the_simulator_from_stopping(receiver: Receiver) -> None:
    with simulating(receiver.url) as own:
        own.post("/sim/faults", {"vendor": "twilio", "kind": "hang"})
        seen: list[type[Exception]] = []

        def hang() -> None:
            try:
                write(own, "twilio")
            except httpx2.TransportError as error:
                seen.append(type(error))

        client = threading.Thread(target=hang)
        client.start()
        wait_until(lambda: own.get("/sim/faults") == {"faults": []})
        own.process.terminate()
        own.process.wait(timeout=4)
        client.join()
    assert seen
    assert issubclass(seen[0], (httpx2.RemoteProtocolError, httpx2.ReadError))


def test_a_dropped_answers_callbacks_still_come(sim: Sim, receiver: Receiver) -> None:
    sim.post("/sim/faults", {"vendor": "twilio", "kind": "drop_after_accept"})
    with pytest.raises((httpx2.RemoteProtocolError, httpx2.ReadError)):
        send_text(sim, StatusCallback=f"{receiver.url}/status")
    sim.settle()
    assert [got.form["MessageStatus"] for got in receiver.got] == ["queued", "sent", "delivered"]


def test_a_dropped_answers_callbacks_can_be_dropped_too(sim: Sim, receiver: Receiver) -> None:
    sim.post("/sim/faults", {"vendor": "twilio", "kind": "drop_after_accept", "callbacks": "drop"})
    with pytest.raises((httpx2.RemoteProtocolError, httpx2.ReadError)):
        send_text(sim, StatusCallback=f"{receiver.url}/status")
    sim.settle()
    assert receiver.got == []
    assert [entry["delivered"] for entry in sim.log("sms")] == [True]


def test_reads_and_refused_writes_leave_an_after_accept_fault_armed(sim: Sim) -> None:
    armed = {"vendor": "twilio", "kind": "500_after_accept"}
    sim.post("/sim/faults", armed)
    url = f"{sim.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert HTTP.get(url, auth=(ACCOUNT, SECRETS["BATON_TWILIO_AUTH_TOKEN"])).status_code == 200
    assert send_text(sim, To="+1555").status_code == 400
    [left] = sim.get("/sim/faults")["faults"]
    assert armed.items() <= left.items()
    assert send_text(sim).status_code == 500
    assert sim.get("/sim/faults") == {"faults": []}


def test_a_fault_can_be_aimed(sim: Sim) -> None:
    sim.post("/sim/faults", {"vendor": "hubspot", "kind": "500", "match": "PATCH /crm/v3/objects/contacts"})
    made = write(sim, "hubspot")
    assert made.is_success
    url, headers = f"{sim.url}/crm/v3/objects/contacts/{made.json()['id']}", dict(made.request.headers)
    changed = HTTP.patch(url, json={"properties": {}}, headers={"Authorization": headers["authorization"]})
    assert changed.status_code == 500


def test_a_fault_that_makes_no_sense_is_refused(sim: Sim) -> None:
    sim.post("/sim/faults", {"vendor": "twilio"}, 422)
    sim.post("/sim/faults", {"vendor": "fax", "kind": "500"}, 422)
    sim.post("/sim/faults", {"vendor": "twilio", "kind": "500", "count": 0}, 422)
