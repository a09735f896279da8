"""Policies over HTTP: an operator's key, every mistake named with its place, nothing of another tenant's."""

import json
from typing import Any

import httpx2
import pytest

from domain.errors import Unavailable
from domain.publications import Entered, Entering
from tests.api.fakes import API_KEY, FakeServices
from tests.policy import cases
from tests.published import FakePolicies, entering

KEYED = {"authorization": f"Bearer {API_KEY}"}
Changed = tuple[dict[str, object], int]
GOOD: dict[str, Any] = {"text": cases.default().text, "packs": dict(cases.default().packs), "author": "kim"}


@pytest.fixture
def services() -> FakeServices:
    """Nothing was ever published."""
    return FakeServices(store=FakePolicies())


async def test_a_policy_is_published_listed_and_read_back(http: httpx2.AsyncClient, services: FakeServices) -> None:
    answer = await http.post("/v1/policies", json=GOOD, headers=KEYED)
    assert (answer.status_code, answer.json()["policy_hash"], answer.json()["changed"]) == (
        200,
        cases.default().hash,
        True,
    )
    again = await http.post("/v1/policies", json=GOOD, headers=KEYED)
    assert (again.json()["changed"], again.json()["publication"]) == (False, None)
    listed = (await http.get("/v1/policies", headers=KEYED)).json()
    assert [(each["policy_hash"], each["active"]) for each in listed["versions"]] == [(cases.default().hash, True)]
    found = (await http.get(f"/v1/policies/{cases.default().hash}", headers=KEYED)).json()
    assert (found["text"], found["packs"]) == (GOOD["text"], GOOD["packs"])


async def test_every_mistake_is_named_with_its_line(http: httpx2.AsyncClient, services: FakeServices) -> None:
    bad = GOOD["text"].replace("hops: 3", "hops: 0").replace("fallback_queue: inbound", "fallback_queue: nowhere")
    answer = await http.post("/v1/policies", json={**GOOD, "text": bad}, headers=KEYED)
    assert answer.status_code == 422
    errors = answer.json()["errors"]
    assert len(errors) == 2
    assert all(each["field"].startswith("policy:") and each["field"].count(":") == 2 for each in errors)
    assert services.store.log == []


HOSTILE: dict[str, Changed] = {
    "no pack": ({"packs": {}}, 422),
    "an empty text": ({"text": ""}, 422),
    "no yaml": ({"text": "a: [b"}, 422),
    "a bomb": ({"text": "a: &a [x, x]\nb: &b [*a, *a]\n" + "c: [*b, *b]\n"}, 422),
    "an escape": ({"author": "kim\u001b[31m"}, 422),
    "nobody": ({"author": ""}, 422),
    "a long note": ({"note": "x" * 501}, 422),
    "an unknown field": ({"force": True}, 422),
    "a half megabyte": ({"text": "# " + "x" * 500_000}, 413),
    "as much as a body may hold": ({"text": "# " + "x" * (250_000 - len(json.dumps(GOOD["packs"])))}, 422),
    "a wrong belief": ({"expects": "feedfacefeedface"}, 409),
    "a NUL": ({"text": "a\0b"}, 422),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_draft_is_refused_with_a_reason(
    http: httpx2.AsyncClient, services: FakeServices, name: str
) -> None:
    changes, status = HOSTILE[name]
    answer = await http.post(
        "/v1/policies", content=json.dumps({**GOOD, **changes}), headers={**KEYED, "content-type": "application/json"}
    )
    assert (answer.status_code, bool(answer.json()["detail"])) == (status, True), answer.text
    assert services.store.log == []


@pytest.mark.parametrize("unknown", ["feedfacefeedface", "0" * 64])
async def test_a_hash_that_was_never_published_here_is_not_found(http: httpx2.AsyncClient, unknown: str) -> None:
    assert (await http.get(f"/v1/policies/{unknown}", headers=KEYED)).status_code == 404


async def test_rolling_back_needs_a_policy_that_was_published_here(
    http: httpx2.AsyncClient, services: FakeServices
) -> None:
    nothing = await http.post("/v1/policies/rollback", json={"author": "kim"}, headers=KEYED)
    assert nothing.status_code == 409
    for each in (cases.default(), cases.changed(hops=2)):
        await services.store.publish(entering(each))
    unknown = await http.post("/v1/policies/rollback", json={"author": "kim", "to": "feedfacefeedface"}, headers=KEYED)
    assert unknown.status_code == 404
    for bad in ("../etc", "", "xyz", 5):
        answer = await http.post("/v1/policies/rollback", json={"author": "kim", "to": bad}, headers=KEYED)
        assert answer.status_code == 422
    rolled = await http.post("/v1/policies/rollback", json={"author": "kim"}, headers=KEYED)
    assert (rolled.status_code, rolled.json()["policy_hash"]) == (200, cases.default().hash)


async def test_a_rollback_that_is_asked_for_twice_does_not_toggle_back(
    http: httpx2.AsyncClient, services: FakeServices
) -> None:
    other = cases.changed(hops=2)
    for each in (cases.default(), other):
        await services.store.publish(entering(each))
    asked = {"author": "kim", "expects": other.hash}
    first, again = [await http.post("/v1/policies/rollback", json=asked, headers=KEYED) for _ in range(2)]
    assert (first.status_code, again.status_code) == (200, 409)
    assert "is active by now, and not" in again.json()["detail"]
    assert await services.store.active() == cases.default().hash


async def test_what_was_published_is_told_even_if_the_database_goes_away_right_after(
    http: httpx2.AsyncClient, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in (cases.default(), cases.changed(hops=2)):
        await services.store.publish(entering(each))
    publish = services.store.publish

    async def gone() -> None:
        raise Unavailable("PostgreSQL does not answer")

    async def last(one: Entering) -> Entered:
        entered = await publish(one)
        monkeypatch.setattr(services.store, "in_force", gone)
        return entered

    monkeypatch.setattr(services.store, "publish", last)
    rolled = await http.post("/v1/policies/rollback", json={"author": "kim"}, headers=KEYED)
    assert (rolled.status_code, rolled.json()["policy_hash"]) == (200, cases.default().hash)


MOVING: dict[str, Any] = {"by": "kim", "key": "m-1"}
HOSTILE_MOVES: dict[str, tuple[str, dict[str, Any], int]] = {
    "an unknown hash": ("migrate", {**MOVING, "to": "feedfacefeedface"}, 404),
    "no hash": ("migrate", {**MOVING, "to": "'; drop table lead"}, 422),
    "an address for a name": ("migrate", {**MOVING, "by": "kim@example.com"}, 422),
    "a note for a key": ("migrate", {**MOVING, "key": "because Dana called"}, 422),
    "everybody at once": ("migrate", {**MOVING, "limit": 100_000}, 422),
    "a cursor that is none": ("migrate", {**MOVING, "cursor": "x"}, 422),
    "a stage that is none": ("migrate", {**MOVING, "selection": {"stage": "asleep"}}, 422),
    "an unknown selection": ("migrate", {**MOVING, "selection": {"owner": "ada"}}, 422),
    "both a hash and a candidate": ("preview", {"to": "feedfacefeedface", "candidate": {"text": "a: b"}}, 422),
    "a candidate with mistakes": ("preview", {"candidate": {"text": "name: x"}}, 422),
    "an unknown policy": ("preview", {"to": "feedfacefeedface"}, 404),
}


@pytest.mark.parametrize("name", HOSTILE_MOVES)
async def test_a_hostile_move_of_leads_is_refused_and_tells_nobody(
    http: httpx2.AsyncClient, services: FakeServices, name: str
) -> None:
    path, body, status = HOSTILE_MOVES[name]
    answer = await http.post(f"/v1/policies/{path}", json=body, headers=KEYED)
    assert (answer.status_code, bool(answer.json()["detail"])) == (status, True), answer.text
    assert services.gateway.updates == []


@pytest.mark.parametrize(
    "changes", [{"because": ""}, {"because": "x" * 301}, {"by": ""}, {"by": "kim\n"}, {"on": "perhaps"}, {"off": True}]
)
async def test_a_switch_without_a_reason_a_name_or_a_direction_is_not_turned(
    http: httpx2.AsyncClient, services: FakeServices, changes: dict[str, Any]
) -> None:
    body = {"on": True, "by": "kim", "because": "a flood", **changes}
    for path in ("kill-switch", "sandbox"):
        assert (await http.post(f"/v1/{path}", json=body, headers=KEYED)).status_code == 422
    assert services.switches.stands.in_words == ()
