"""What makes no sense at /sim is refused field by field, and no word of it is repeated: it may be about a person."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulator.stand import HTTP, Sim, receiving, simulating

DOORS = (
    "faults",
    "personas",
    "clock",
    "inbound",
    "press",
    "hangup",
    "keys",
    "slack/users",
    "slack/channels",
    "hubspot/owners",
    "hubspot/contacts",
)
NAME = "Dana Ortiz +15125550142"
NO_JSON = {
    "cut short": f'{{"body": "{NAME}"',
    "no JSON": NAME,
    "half a surrogate pair": f'{{"body": "{NAME} \\ud800"}}',
    "nothing": "",
    "no object": json.dumps([[NAME]]),
    "deep": "[" * 5000,
    "no UTF-8": b'{"body": "' + NAME.encode() + b'\xff"}',
}
PHONE, REP = "+15125550142", "U0REP1"
NONSENSE = [
    *(("clock", {"offset": float(each)}) for each in ("nan", "inf", "-inf", "1e300", "-1e10", "4e9")),
    *(
        ("personas", {"phone": PHONE, "kind": "replies", "after_seconds": float(each)})
        for each in ("nan", "inf", "1e300")
    ),
    ("personas", {"rep": REP, "kind": "accepts_then_disposes", "then_after_seconds": float("inf")}),
    ("personas", {"phone": PHONE, "kind": "replies", "times": 10**30}),
    *(("faults", {"vendor": "twilio", "kind": "hang", "seconds": float(each)}) for each in ("nan", "inf", "1e300")),
    ("faults", {"vendor": "twilio", "kind": "429", "retry_after": 10**30}),
    ("faults", {"vendor": "twilio", "kind": "500", "count": 10**30}),
    ("inbound", {"from": PHONE, "body": "hi", "deliveries": 10**9}),
    ("inbound", {"from": PHONE, "call": False}),
    ("inbound", {"from": "555", "call": True}),
    ("inbound", {"from": PHONE, "call": True, "hangs_up_after": -1}),
    ("personas", {"phone": PHONE, "line": "answers", "rings_for": float("inf")}),
    ("personas", {"phone": PHONE, "line": "answers", "kind": "replies"}),
    ("personas", {"phone": PHONE, "line": "answers", "presses": [{"digits": "x"}]}),
    ("hubspot/owners", {"email": "ada@example.com", "id": "²"}),
    ("hubspot/owners", {"email": "ada@example.com", "id": "9" * 5000}),
]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("control") / "simulator.log"


@pytest.fixture(scope="module")
def heard(said: Path) -> Iterator[Sim]:
    """A simulator whose standard error is kept, as the embedded stack keeps it."""
    with receiving() as receiver, simulating(receiver.url, said=said) as sim:
        yield sim


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("body", NO_JSON.values(), ids=NO_JSON)
def test_a_body_that_can_not_be_read_is_refused_and_not_repeated(
    heard: Sim, said: Path, door: str, body: str | bytes
) -> None:
    content = body if isinstance(body, bytes) else body.encode()
    answer = HTTP.post(f"{heard.url}/sim/{door}", content=content)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["msg"]
    assert "Dana" not in answer.text
    assert said.read_text() == ""


@pytest.mark.parametrize(("door", "body"), NONSENSE)
def test_numbers_beyond_sense_are_refused_by_their_field(heard: Sim, said: Path, door: str, body: object) -> None:
    answer = HTTP.post(f"{heard.url}/sim/{door}", content=json.dumps(body).encode())
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"]
    assert heard.get("/sim/clock")["offset"] == 0
    assert said.read_text() == ""


@pytest.mark.parametrize("since", ["²", "-1", "x", "1.5", "9" * 5000])
def test_since_is_the_number_of_an_entry(heard: Sim, said: Path, since: str) -> None:
    answer = HTTP.get(f"{heard.url}/sim/log", params={"since": since})
    assert (answer.status_code, list(answer.json())) == (422, ["error"])
    assert said.read_text() == ""


def test_a_century_either_way_is_a_clock(sim: Sim) -> None:
    for years in (-100, 100):
        sim.post("/sim/clock", {"offset": years * 365.25 * 86400})
        sim.post("/sim/personas", {"phone": PHONE, "kind": "replies", "after_seconds": 365 * 86400})
        assert sim.get("/sim/log?since=0") == {"entries": []}


@pytest.mark.parametrize(
    ("door", "body"),
    [
        ("hangup", {"phone": PHONE, "sid": "CA1"}),
        ("keys", {"digits": "1"}),
        ("faults", {"vendor": "slack", "duplicate_label": "refused"}),
        ("faults", {"vendor": "twilio", "duplicate_label": "refused", "kind": "500"}),
    ],
)
def test_fields_that_contradict_each_other_are_refused(heard: Sim, door: str, body: object) -> None:
    assert HTTP.post(f"{heard.url}/sim/{door}", json=body).status_code == 422
