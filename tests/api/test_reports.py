"""Reports over HTTP: what may be asked, who may ask, and what is told."""

from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from domain.errors import Unavailable
from tests.api.fakes import API_KEY, LEAD, FakeServices

LAST_WEEK = (datetime.now(UTC) - timedelta(days=7)).date()
KEYED = {"authorization": f"Bearer {API_KEY}"}


@pytest.mark.parametrize(
    ("query", "since", "by"),
    [
        ("", timedelta(days=7), None),
        ("?since=90m&by=source", timedelta(minutes=90), "source"),
        ("?since=366d&by=owner", timedelta(days=366), "owner"),
        (f"?since={LAST_WEEK}T15:00:00Z", datetime(*LAST_WEEK.timetuple()[:3], 15, tzinfo=UTC), None),
        (f"?since={LAST_WEEK}T10:00:00-05:00&by=band", datetime(*LAST_WEEK.timetuple()[:3], 15, tzinfo=UTC), "band"),
        (f"?since={LAST_WEEK}", datetime(*LAST_WEEK.timetuple()[:3], tzinfo=UTC), None),
    ],
)
async def test_speed_is_told_since_a_moment_and_by_group(
    http: httpx2.AsyncClient, services: FakeServices, query: str, since: object, by: str | None
) -> None:
    answer = await http.get(f"/v1/reports/speed{query}", headers=KEYED)
    assert answer.status_code == 200
    assert services.reports.asked == [(since, by)]
    assert answer.json()["groups"] == []


@pytest.mark.parametrize(
    "query",
    ["since=yesterday", "since=", "since=367d", "since=2001-01-01", "since=-1d",
     "since=0001-01-01T00:00:00%2B23:00", "since=9" * 30, "by=colour",
     "by=", "sinze=7d", "since=7d%00", "since=" + "1" * 41],
)  # fmt: skip
async def test_a_question_that_cannot_be_read_names_its_field(
    http: httpx2.AsyncClient, services: FakeServices, query: str
) -> None:
    answer = await http.get(f"/v1/reports/speed?{query}", headers=KEYED)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["errors"][0]["field"].startswith("query.")
    assert services.reports.asked == []


async def test_without_a_key_nothing_is_told(http: httpx2.AsyncClient, services: FakeServices) -> None:
    assert (await http.get("/v1/reports/speed")).status_code == 401
    assert services.reports.asked == []


async def test_a_database_that_is_away_is_said(http: httpx2.AsyncClient, services: FakeServices) -> None:
    services.reports.trouble = Unavailable("PostgreSQL does not answer")
    assert (await http.get("/v1/reports/speed", headers=KEYED)).status_code == 503


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("", (timedelta(days=7), None, None)),
        ("?since=2h&rep=ada", (timedelta(hours=2), "ada", None)),
        (f"?lead={LEAD}", (timedelta(days=7), None, LEAD)),
    ],
)
async def test_fairness_is_told_of_all_of_a_rep_or_of_a_lead(
    http: httpx2.AsyncClient, services: FakeServices, query: str, asked: object
) -> None:
    answer = await http.get(f"/v1/reports/fairness{query}", headers=KEYED)
    assert (answer.status_code, answer.json()["reps"]) == (200, [])
    assert services.reports.why == [asked]


@pytest.mark.parametrize("query", ["since=never", "rep=A%00", "rep=", "lead=7", "by=rep", "rep=" + "a" * 65])
async def test_a_why_that_cannot_be_read_names_its_field(
    http: httpx2.AsyncClient, services: FakeServices, query: str
) -> None:
    answer = await http.get(f"/v1/reports/fairness?{query}", headers=KEYED)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == f"query.{query.partition('=')[0]}"
    assert services.reports.why == []
