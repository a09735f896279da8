"""Leads for other systems, health, and the page: what is shown, to whom, and what can be told."""

import httpx2
import pytest

from domain.errors import BatonError, NotFound, Refused, Unavailable
from domain.messages import Accept, Decline, Disposition
from domain.values import Code
from domain.views import LeadFilter
from tests.api.fakes import API_KEY, LEAD, FakeServices

KEYED = {"authorization": f"Bearer {API_KEY}"}
OTHER = "0199a7c2-0000-7000-8000-000000000002"


async def tell(http: httpx2.AsyncClient, what: str, body: dict[str, object], **headers: str) -> httpx2.Response:
    return await http.post(f"/v1/leads/{LEAD}/{what}", json=body, headers=KEYED | headers)


async def test_leads_are_listed_by_what_is_asked(http: httpx2.AsyncClient, services: FakeServices) -> None:
    asked = {
        "stage": "working",
        "owner": "ana",
        "source": "demo_request",
        "open": "true",
        "limit": "7",
        "cursor": OTHER,
    }
    answer = await http.get("/v1/leads", params=asked, headers=KEYED)
    assert [lead["lead_id"] for lead in answer.json()["leads"]] == [LEAD]
    wanted = LeadFilter(stage="working", owner="ana", source="demo_request", open=True)
    assert services.views.asked == [(wanted, 7, OTHER)]


@pytest.mark.parametrize(
    "query", ["stage=asleep", "limit=0", "limit=201", "owner=a%00b", "cursor=x", "ownr=ana", "open=maybe"]
)
async def test_a_question_that_cannot_be_read_is_refused(http: httpx2.AsyncClient, query: str) -> None:
    answer = await http.get(f"/v1/leads?{query}", headers=KEYED)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["errors"][0]["field"] == f"query.{query.partition('=')[0]}"


async def test_a_lead_with_its_trace_and_touches(http: httpx2.AsyncClient) -> None:
    assert (await http.get(f"/v1/leads/{LEAD}", headers=KEYED)).json()["person"]["name"] == "Dana Ortiz"
    assert (await http.get(f"/v1/leads/{LEAD}/trace", headers=KEYED)).json() == {"decisions": []}
    assert (await http.get(f"/v1/leads/{LEAD}/touches", headers=KEYED)).json() == {"touches": []}


@pytest.mark.parametrize("part", ["", "/trace", "/touches"])
async def test_a_lead_that_is_not_there(http: httpx2.AsyncClient, part: str) -> None:
    answer = await http.get(f"/v1/leads/{OTHER}{part}", headers=KEYED)
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:baton:problem:not_found")


@pytest.mark.parametrize(
    ("what", "body", "message"),
    [
        ("accept", {"rep": "ana", "offer": 2}, Accept(rep="ana", offer=2)),
        ("decline", {"rep": "ana"}, Decline(rep="ana")),
        (
            "disposition",
            {"code": "meeting_set", "by": "crm:hubspot"},
            Disposition(code=Code.MEETING_SET, by="crm:hubspot"),
        ),
    ],
)
async def test_what_is_told_becomes_an_update_under_its_key(
    http: httpx2.AsyncClient, services: FakeServices, what: str, body: dict[str, object], message: object
) -> None:
    answer = await tell(http, what, body, **{"Idempotency-Key": "k-1"})
    assert (answer.status_code, answer.json()["said"]) == (200, "Taken.")
    assert services.gateway.updates == [(LEAD, what, message, "http:k-1")]


@pytest.mark.parametrize("key", [None, "", "a b", "é", "k" * 201])
async def test_without_a_usable_key_nothing_is_told(
    http: httpx2.AsyncClient, services: FakeServices, key: str | None
) -> None:
    key_sent = [] if key is None else [(b"Idempotency-Key", key.encode())]
    headers = [(b"authorization", KEYED["authorization"].encode()), *key_sent]
    answer = await http.post(f"/v1/leads/{LEAD}/accept", json={"rep": "ana"}, headers=headers)
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json()["errors"][0]["field"]
    assert services.untouched()


@pytest.mark.parametrize(
    ("what", "body", "fields"),
    [
        ("accept", {}, {"rep"}),
        ("accept", {"rep": "a b", "offer": "x", "more": 1}, {"rep", "offer", "more"}),
        ("accept", {"rep": "nobody"}, {"rep"}),
        ("accept", {"rep": "dana@example.com"}, {"rep"}),
        ("decline", {"rep": "nobody"}, {"rep"}),
        ("disposition", {"code": "maybe"}, {"code", "by"}),
        ("disposition", {"code": "won", "by": "dana@example.com"}, {"by"}),
        ("disposition", {"code": "won", "by": "15125550142"}, {"by"}),
        ("disposition", {"code": "won", "by": "Dana"}, {"by"}),
    ],
)
async def test_every_bad_field_of_what_is_told_is_listed(
    http: httpx2.AsyncClient, services: FakeServices, what: str, body: dict[str, object], fields: set[str]
) -> None:
    answer = await tell(http, what, body, **{"Idempotency-Key": "k-1"})
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == fields
    assert services.untouched()


@pytest.mark.parametrize(
    ("trouble", "status"),
    [(Refused("The lead is closed (won)."), 409), (NotFound("no such lead"), 404), (Unavailable("no"), 503)],
)
async def test_what_the_lead_answers_decides_the_status(
    http: httpx2.AsyncClient, services: FakeServices, trouble: BatonError, status: int
) -> None:
    services.gateway.trouble = trouble
    answer = await tell(http, "accept", {"rep": "ana"}, **{"Idempotency-Key": "k-1"})
    assert (answer.status_code, answer.json()["detail"]) == (status, str(trouble))


async def test_healthz_knows_only_the_process(http: httpx2.AsyncClient, services: FakeServices) -> None:
    services.parts = {"database": False}
    assert (await http.get("/healthz")).json() == {"status": "ok"}


async def test_readyz_says_which_part_is_not_ready(http: httpx2.AsyncClient, services: FakeServices) -> None:
    assert (await http.get("/readyz")).status_code == 200
    services.parts["worker"] = False
    answer = await http.get("/readyz")
    assert (answer.status_code, answer.json()["parts"]) == (503, {"database": True, "temporal": True, "worker": False})


@pytest.mark.parametrize(("path", "status"), [("/healthz", 200), ("/readyz", 503)])
async def test_a_probe_that_wants_no_body_gets_the_same_status(
    http: httpx2.AsyncClient, services: FakeServices, path: str, status: int
) -> None:
    services.parts["worker"] = False
    assert (await http.head(path)).status_code == status


async def test_readyz_when_the_question_itself_fails(
    http: httpx2.AsyncClient, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails() -> dict[str, bool]:
        raise Unavailable("PostgreSQL does not answer")

    monkeypatch.setattr(services, "ready", fails)
    answer = await http.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)


async def test_metrics_count_by_route_not_by_path(http: httpx2.AsyncClient) -> None:
    await http.get(f"/v1/leads/{LEAD}", headers=KEYED)
    await http.get(f"/v1/leads/{LEAD}")
    answer = await http.get("/metrics")
    assert 'baton_http_requests_total{method="GET",route="/v1/leads/{lead_id}",status="200"}' in answer.text
    assert 'baton_unauthorised_total{scheme="key"}' in answer.text
    assert LEAD not in answer.text


async def test_methods_nobody_knows_share_one_label(http: httpx2.AsyncClient) -> None:
    for method in ("BREW", "X-1", "X-2"):
        await http.request(method, "/healthz")
    shown = (await http.get("/metrics")).text
    assert 'baton_http_requests_total{method="other"' in shown
    assert "BREW" not in shown


@pytest.mark.parametrize("path", ["/v1/leads/", "/healthz/", "/v1/inquiries/"])
async def test_a_path_with_a_slash_too_many_leads_nowhere(http: httpx2.AsyncClient, path: str) -> None:
    answer = await http.get(path, headers=KEYED | {"host": "evil.example"})
    assert (answer.status_code, answer.headers.get("location")) == (404, None)


async def test_the_page_shows_leads_and_nothing_of_a_person(http: httpx2.AsyncClient) -> None:
    page = await http.get("/")
    assert LEAD in page.text
    assert "ana&lt;b&gt;" in page.text, "what others wrote is escaped"
    assert "Dana" not in page.text
    assert "5550142" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_the_page_says_when_there_are_more_leads(http: httpx2.AsyncClient, services: FakeServices) -> None:
    assert "1 lead, newest first" in (await http.get("/")).text
    services.views.cursor = LEAD
    assert "The newest 1 lead; there are more." in (await http.get("/")).text


async def test_the_page_without_a_database(http: httpx2.AsyncClient, services: FakeServices) -> None:
    services.views.trouble = Unavailable("PostgreSQL does not answer")
    assert (await http.get("/")).status_code == 503


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nowhere", 404), ("DELETE", "/v1/leads", 405), ("GET", "/docs", 404)]
)
async def test_paths_and_methods_that_are_not_there(
    http: httpx2.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await http.request(method, path, headers=KEYED)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
