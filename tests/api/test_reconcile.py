"""POST /v1/reconcile and `baton reconcile`: done, or still going on; what it came to in words and for programs."""

import json
from datetime import timedelta

import httpx2
import pytest
from typer.testing import CliRunner

from domain.reconciling import Sweep
from runtime.cli import reconcile as command_module
from runtime.cli.main import app as command
from tests.api.fakes import API_KEY, FakeServices
from tests.fake_books import FakeReconciling
from tests.runtime.served import reached

KEYED = {"authorization": f"Bearer {API_KEY}", "idempotency-key": "k1"}
FOUND = Sweep(tenant="main", found=2, unknown=1, priced=7, named_unknown=("t1",), named_strangers=("SM9",), strangers=1)


@pytest.fixture
def services() -> FakeServices:
    return FakeServices(reconciling=FakeReconciling(rounds=1, sweep=FOUND))


async def test_while_it_goes_on_it_is_asked_for_again_with_the_same_key(
    http: httpx2.AsyncClient, services: FakeServices
) -> None:
    first = await http.post("/v1/reconcile", json={"since": "7d"}, headers=KEYED)
    assert (first.status_code, first.json(), first.headers["retry-after"]) == (
        202,
        {"status": "running", "sweep": None},
        "5",
    )
    second = await http.post("/v1/reconcile", json={"since": "7d"}, headers=KEYED)
    assert (second.status_code, second.json()["sweep"]["found"]) == (200, 2)
    assert services.reconciling.asked == [("k1", timedelta(days=7))] * 2


@pytest.mark.parametrize(
    ("since", "headers", "status"),
    [
        ("soon", KEYED, 422),
        ("0h", KEYED, 422),
        ("48h", {"authorization": f"Bearer {API_KEY}"}, 422),
        ("48h", {"idempotency-key": "k1"}, 401),
    ],
)
async def test_what_can_not_be_read_starts_nothing(
    http: httpx2.AsyncClient, services: FakeServices, since: str, headers: dict[str, str], status: int
) -> None:
    assert (await http.post("/v1/reconcile", json={"since": since}, headers=headers)).status_code == status
    assert services.reconciling.asked == []


async def test_nobody_looks_back_further_than_a_month(http: httpx2.AsyncClient, services: FakeServices) -> None:
    await http.post("/v1/reconcile", json={"since": "999d"}, headers=KEYED)
    assert services.reconciling.asked == [("k1", timedelta(days=31))]


@pytest.mark.parametrize("as_json", [False, True])
def test_the_command_waits_for_the_end_and_says_what_it_came_to(
    services: FakeServices, monkeypatch: pytest.MonkeyPatch, as_json: bool
) -> None:
    monkeypatch.setattr(command_module, "EVERY", 0)
    with reached(services, monkeypatch):
        done = CliRunner().invoke(command, ["reconcile", "--since", "12h", *(["--json"] if as_json else [])])
    assert done.exit_code == 0
    assert {window for _, window in services.reconciling.asked} == {timedelta(hours=12)}
    if as_json:
        assert json.loads(done.output)["sweep"]["named_unknown"] == ["t1"]
        return
    assert "     2  found at the vendor" in done.output.splitlines()
    assert "baton lead settle t1 --as sent|failed|again --by NAME" in done.output
    assert "none of ours: SM9" in done.output
