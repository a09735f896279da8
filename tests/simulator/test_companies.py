"""The provider of companies' figures in the simulator, asked by Baton's own adapter over HTTP, faults and all."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx2
import pytest

from adapters.enrichment import HttpEnrichment
from domain.companies import CompanyFacts
from domain.errors import Ambiguous, NotAuthorised, Throttled
from tests.simulator.stand import Sim

KEY = "enrichment-simulated"
QUICK = httpx2.Timeout(connect=1.0, read=0.5, write=1.0, pool=0.5)


@pytest.fixture
async def provider(sim: Sim) -> AsyncIterator[HttpEnrichment]:
    adapter = HttpEnrichment(f"{sim.url}/enrichment/companies", KEY, QUICK)
    yield adapter
    await adapter.aclose()


async def test_it_knows_whom_it_was_told_of(sim: Sim, provider: HttpEnrichment) -> None:
    assert await provider.find("acme.example") is None
    sim.post("/sim/companies", {"domain": "acme.example", "figures": {"employees": 250, "industry": "Roofing"}})
    expected = CompanyFacts(domain="acme.example", employees=250, industry="Roofing")
    assert await provider.find("acme.example") == expected
    sim.get("/sim/reset")
    assert await provider.find("acme.example") is None


async def test_it_breaks_as_providers_do(sim: Sim, provider: HttpEnrichment) -> None:
    sim.post("/sim/companies", {"domain": "acme.example", "figures": {"employees": 250}})
    sim.post("/sim/faults", {"vendor": "enrichment", "kind": "429", "retry_after": 3})
    with pytest.raises(Throttled) as throttled:
        await provider.find("acme.example")
    assert throttled.value.after == timedelta(seconds=3)
    for kind in ("500", "hang"):
        sim.post("/sim/faults", {"vendor": "enrichment", "kind": kind})
        with pytest.raises(Ambiguous):
            await provider.find("acme.example")
    sim.post("/sim/companies", {"domain": "acme.example", "raw": "<html>maintenance</html>"})
    with pytest.raises(Ambiguous, match="garbled_answer"):
        await provider.find("acme.example")
    sim.post("/sim/companies", {"domain": "acme.example", "figures": {"employees": 251}})
    found = await provider.find("acme.example")
    assert found is not None
    assert found.employees == 251


async def test_it_wants_the_key(sim: Sim) -> None:
    stranger = HttpEnrichment(f"{sim.url}/enrichment/companies", "another-key", QUICK)
    with pytest.raises(NotAuthorised):
        await stranger.find("acme.example")
    await stranger.aclose()


def test_a_company_that_makes_no_sense_is_refused(sim: Sim) -> None:
    assert sim.post("/sim/companies", {"domain": "ACME example"}, 422)["errors"]
    assert sim.post("/sim/companies", {"domain": "acme.example", "employees": 4}, 422)["errors"]
