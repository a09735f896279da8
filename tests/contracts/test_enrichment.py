"""One suite for whoever can be asked of a company: the fakes, the company table, the provider over HTTP. What the table
alone does, importing and keeping answers, is held for its fake and for itself."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest
import pytest_asyncio

from adapters.enrichment import HttpEnrichment
from adapters.postgres.companies import BATCH, PostgresCompanies
from domain.companies import CompanyFacts
from domain.enrichment import Companies, Enrichment, Imported
from tests.adapters.wire import serving
from tests.contracts.postgres.builders import TENANT
from tests.fakes_of_companies import FakeCompanies, FakeProvider

ACME = CompanyFacts(
    domain="acme.example",
    name="Acme & Söhne",
    employees=250,
    industry="Construction",
    revenue=31_000_000_000,
    country="US",
    segment="mid",
)
BARE = CompanyFacts(domain="bare.example", employees=3)
KNOWN = {each.domain: each for each in (ACME, BARE)}
STRANGE = (
    "", "nobody.example", "acme.example.", "ACME.EXAMPLE", "acme.example' or '1'='1", "café.example",
    "acme.example&domain=bare.example", "x" * 300, "a b", "\u202e.example", "%00", "?domain=acme.example",
    "../acme.example",
)  # fmt: skip


async def _wire(request: bytes, writer: asyncio.StreamWriter) -> None:
    target = request.split(b"\r\n")[0].decode().split()[1]
    asked = parse_qs(urlsplit(target).query, keep_blank_values=True).get("domain", [""])
    known = KNOWN.get(asked[0]) if len(asked) == 1 else None
    body = known.model_dump_json(exclude={"domain", "target", "owner", "asked"}).encode() if known else b""
    head = f"HTTP/1.1 {200 if known else 404} Said\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)


@pytest_asyncio.fixture(params=["fake", "postgres"])
async def table(request: pytest.FixtureRequest, pool: asyncpg.Pool) -> Companies:
    """An empty company table."""
    return FakeCompanies() if request.param == "fake" else PostgresCompanies(pool, TENANT)


@pytest_asyncio.fixture(params=["fake provider", "fake table", "company table", "HTTP"])
async def enrichment(request: pytest.FixtureRequest, pool: asyncpg.Pool) -> AsyncIterator[Enrichment]:
    """Somebody who knows of Acme and of Bare."""
    if request.param == "fake provider":
        yield FakeProvider(dict(KNOWN))
    elif request.param == "HTTP":
        async with serving(_wire) as wire:
            provider = HttpEnrichment(f"{wire.url}/companies", "key")
            yield provider
            await provider.aclose()
    else:
        held: Companies = FakeCompanies() if request.param == "fake table" else PostgresCompanies(pool, TENANT)
        await held.replace((ACME, BARE), dry_run=False)
        yield held


async def test_a_company_is_told_with_all_that_is_known(enrichment: Enrichment) -> None:
    assert await enrichment.find("acme.example") == ACME
    assert await enrichment.find("bare.example") == BARE


@pytest.mark.parametrize("domain", STRANGE)
async def test_whoever_is_not_known_is_nobody(enrichment: Enrichment, domain: str) -> None:
    assert await enrichment.find(domain) is None


async def test_an_import_says_what_it_came_to_and_can_be_made_again(table: Companies) -> None:
    assert await table.replace((ACME, BARE), dry_run=True) == Imported(added=2)
    assert await table.find("acme.example") is None
    assert await table.replace((ACME, BARE), dry_run=False) == Imported(added=2)
    grown = BARE.model_copy(update={"employees": 4, "target": True, "owner": "ada"})
    new = CompanyFacts(domain="new.example", name="New")
    assert await table.replace((ACME, grown, new), dry_run=False) == Imported(added=1, changed=1, unchanged=1)
    assert await table.find("bare.example") == grown
    assert await table.replace((ACME, grown, new), dry_run=True) == Imported(unchanged=3)


async def test_a_row_that_says_less_takes_back_what_was_said(table: Companies) -> None:
    await table.replace((ACME,), dry_run=False)
    await table.replace((CompanyFacts(domain="acme.example"),), dry_run=False)
    assert await table.find("acme.example") == CompanyFacts(domain="acme.example")


async def test_an_answer_fills_what_the_import_left_open_and_no_more(table: Companies) -> None:
    await table.replace((CompanyFacts(domain="acme.example", name="ACME", target=True, owner="ada"),), dry_run=False)
    await table.answered("acme.example", ACME)
    told = {"name": "ACME", "target": True, "owner": "ada", "asked": True}
    assert await table.find("acme.example") == ACME.model_copy(update=told)


async def test_that_nobody_knows_a_company_is_an_answer_too(table: Companies) -> None:
    await table.answered("nobody.example", None)
    assert await table.find("nobody.example") == CompanyFacts(domain="nobody.example", asked=True)
    await table.answered("nobody.example", CompanyFacts(domain="nobody.example", employees=7))
    found = await table.find("nobody.example")
    assert found is not None
    assert found.employees == 7


async def test_a_lead_that_is_not_there_has_no_company(table: Companies) -> None:
    assert await table.domain_of("none") is None


async def test_tables_of_two_tenants_are_apart(pool: asyncpg.Pool) -> None:
    ours, theirs = PostgresCompanies(pool, TENANT), PostgresCompanies(pool, "other")
    await ours.replace((ACME,), dry_run=False)
    await ours.answered("bare.example", BARE)
    assert await theirs.find("acme.example") is None
    assert await theirs.find("bare.example") is None


async def test_a_long_import_is_written_whole_or_not_at_all(pool: asyncpg.Pool) -> None:
    table = PostgresCompanies(pool, TENANT)
    rows = [CompanyFacts(domain=f"c{number}.example", employees=number) for number in range(BATCH + 1)]
    bad = rows[-1].model_copy(update={"employees": 10**30})  # more than the column holds
    with pytest.raises(Exception, match="can't be stored"):
        await table.replace((*rows[:-1], bad), dry_run=False)
    assert await pool.fetchval("select count(*) from company") == 0
    assert await table.replace(tuple(rows), dry_run=False) == Imported(added=BATCH + 1)


async def test_an_answer_holds_for_half_a_year(pool: asyncpg.Pool) -> None:
    table = PostgresCompanies(pool, TENANT)
    await table.answered("acme.example", ACME)
    await pool.execute("update company_answer set recorded_at = now() - interval '179 days'")
    assert await table.find("acme.example") is not None
    await pool.execute("update company_answer set recorded_at = now() - interval '181 days'")
    assert await table.find("acme.example") is None
