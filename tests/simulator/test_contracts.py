"""The simulator's answers against the vendors' own API descriptions."""

import importlib.util
import json
import os
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.simulator.stand import ACCOUNT, HTTP, LEAD, OWN, SECRETS, Sim, offer, send_text

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = Path(os.environ.get("BATON_CONTRACTS") or ROOT.parent / "shared" / "contracts")
pytestmark = pytest.mark.skipif(
    not (CONTRACTS / "contract_mock.py").exists(),
    reason="the vendors' API descriptions aren't here: set BATON_CONTRACTS",
)


def contract(name: str) -> Any:  # a class of a script outside the project
    spec = importlib.util.spec_from_file_location("contract_mock", CONTRACTS / "contract_mock.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script.Contract(json.loads((CONTRACTS / "specs" / name).read_text()))


@pytest.fixture(scope="module")
def twilio() -> Any:
    return contract("twilio_api_v2010.json")


@pytest.fixture(scope="module")
def slack() -> Any:
    return contract("slack_web_openapi_v2.json")


def faults(described: Any, answer: httpx2.Response) -> list[str]:
    """What the description says against this request and its answer."""
    request = answer.request
    raw = request.content
    query = request.url.query.decode()
    _, errors, operation, _ = described.check(request.method, request.url.path, query, dict(request.headers), raw)
    assert operation is not None, errors
    found: list[str] = errors + described.response_schema_errors(operation, answer.status_code, answer.json())
    return found


def test_twilios_answers_are_as_described(sim: Sim, twilio: Any) -> None:
    stem, auth = f"{sim.url}/2010-04-01/Accounts/{ACCOUNT}/Messages", (ACCOUNT, SECRETS["BATON_TWILIO_AUTH_TOKEN"])
    created = send_text(sim, StatusCallback="http://127.0.0.1:1/status")
    sid = created.json()["sid"]
    for _ in range(2):
        send_text(sim)
    answers = [
        created,
        HTTP.get(f"{stem}/{sid}.json", auth=auth),
        HTTP.get(f"{stem}.json", params={"To": LEAD, "From": OWN, "PageSize": "2"}, auth=auth),
        HTTP.post(f"{stem}/{sid}.json", data={"Body": ""}, auth=auth),
    ]
    assert [answer.status_code for answer in answers] == [201, 200, 200, 200]
    assert [faults(twilio, answer) for answer in answers] == [[], [], [], []]
    assert answers[2].json()["next_page_uri"].startswith("/2010-04-01/")
    broken = {**created.json(), "sid": "SM1", "status": "lost"}
    assert faults(twilio, httpx2.Response(201, json=broken, request=created.request)), "the check can fail"


def ask(sim: Sim, method: str, **arguments: object) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {SECRETS['BATON_SLACK_TOKEN']}"}
    return HTTP.post(f"{sim.url}/api/{method}", json=arguments, headers=headers, timeout=5)


def test_slacks_answers_are_as_described(sim: Sim, slack: Any) -> None:
    sim.post("/sim/slack/users", {"id": "U0000DANA", "email": "dana@example.com"})
    posted = ask(sim, "chat.postMessage", channel="C0000LEADS", text="A lead", blocks=offer("U0000DANA"))
    plain = ask(sim, "chat.postMessage", channel="C0000LEADS", text="Plain")
    answers = [
        ask(sim, "auth.test"),
        posted,
        ask(sim, "chat.postEphemeral", channel="C0000LEADS", user="U0000DANA", text="Only you"),
        # Without blocks: the description of 2021 has them as an object, which they never were.
        ask(sim, "chat.update", channel="C0000LEADS", ts=plain.json()["ts"], text="Taken"),
        ask(sim, "conversations.open", users="U0000DANA"),
        ask(sim, "users.lookupByEmail", email="dana@example.com"),
        ask(sim, "users.info", user="U0000DANA"),
    ]
    assert [answer.json()["ok"] for answer in answers] == [True] * len(answers)
    assert {answer.request.url.path: faults(slack, answer) for answer in answers} == {
        answer.request.url.path: [] for answer in answers
    }
    assert faults(slack, httpx2.Response(200, json={"ok": True}, request=posted.request)), "the check can fail"


def test_slacks_history_is_as_described(sim: Sim, slack: Any) -> None:
    ask(sim, "chat.postMessage", channel="C0000LEADS", text="A lead", blocks=offer("U0000DANA"))
    answer = ask(sim, "conversations.history", channel="C0000LEADS", limit=10)
    assert faults(slack, answer) == []


def test_slacks_refusals_are_as_described(sim: Sim, slack: Any) -> None:
    for method, arguments in (
        ("chat.postMessage", {"channel": "nowhere", "text": "x"}),
        ("chat.postMessage", {"channel": "C0000LEADS"}),
        ("chat.update", {"channel": "C0000LEADS", "ts": "1700000000.000000", "text": "x"}),
        ("conversations.open", {"users": "nobody"}),
        ("users.info", {"user": "nobody"}),
    ):
        answer = ask(sim, method, **arguments)
        operation = slack.spec["paths"][f"/{method}"]
        [described] = operation.values()
        assert slack.errors(answer.json(), described["responses"]["default"]["schema"], "error") == [], method
