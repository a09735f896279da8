"""A provider of companies' figures as the whole process has it: set, leads may wait and its queue is polled; not set,
neither."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.decisions import Decision
from domain.messages import Inquiry
from runtime.container import Container, open_container
from runtime.embedded import environment, ports
from runtime.embedded.state import Secrets
from runtime.settings import Settings
from workflows import names

ALWAYS_OPEN = Path(__file__).parents[3] / "policies" / "always_open.yaml"
SET = {"BATON_ENRICHMENT_URL": "http://127.0.0.1:9/companies", "BATON_ENRICHMENT_KEY": "k" * 16}


def settings(monkeypatch: pytest.MonkeyPatch, database_url: str, own: dict[str, str]) -> Settings:
    told = environment.of_children(ports.free(), Secrets(), ALWAYS_OPEN, own)
    for name, value in (told | {"BATON_DATABASE_URL": database_url}).items():
        monkeypatch.setenv(name, value)
    return Settings()


async def first_decision(container: Container) -> Decision:
    """That of somebody who fits and keeps coming back, of a company nobody knows."""
    now = datetime.now(UTC)
    looked = [
        {"kind": "page_view", "page": "/pricing", "at": (now - timedelta(minutes=n)).isoformat()} for n in (1, 2, 3)
    ]
    person = {
        "phone": "512 555 0142",
        "email": "dana@mail.acme.example",
        "company": "Acme",
        "title": "Owner",
        "address": {"country": "US", "region": "TX"},
    }
    given = {"source": "webinar", "source_event_id": "1", "person": person, "signals": looked}
    captured = await container.capture.inquiry(Inquiry.model_validate(given))
    assert captured.lead is not None
    assert captured.lead.captured is not None
    return captured.lead.captured


async def test_with_a_provider_leads_may_wait_and_its_queue_is_polled(
    monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    async with open_container(settings(monkeypatch, database_url, SET)) as container:
        decision = await first_decision(container)
        assert decision.enrich_by == decision.decided_at + timedelta(seconds=60)
        assert [each.__name__ for each in container.touches()[names.COMPANIES]] == ["enrich"]


async def test_without_one_nobody_waits_and_nobody_polls(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    async with open_container(settings(monkeypatch, database_url, {})) as container:
        assert (await first_decision(container)).enrich_by is None
        assert names.COMPANIES not in container.touches()
