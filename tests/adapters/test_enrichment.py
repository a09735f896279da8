"""A provider of companies' figures on a wire that misbehaves: every fault is told apart, nothing of it leaks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest

from adapters.enrichment import MOST_BYTES, HttpEnrichment
from domain.companies import CompanyFacts
from domain.errors import Ambiguous, NotAuthorised, Rejected, VendorError
from tests.adapters.wire import FAULTS, Behaviour, Fault, answering, answering_json, check, failing, serving, told

SHORT = httpx2.Timeout(connect=0.5, read=0.4, write=0.5, pool=0.3)
ASKED = "acme.example"
SECRETS = ("acme.example", "key-s3cret")
EMPTY = "an object without the id"  # which is no fault here: every figure may be missing
THESE = [fault for fault in FAULTS if fault.name != EMPTY]


@asynccontextmanager
async def provider(url: str, patience: httpx2.Timeout = SHORT) -> AsyncIterator[HttpEnrichment]:
    adapter = HttpEnrichment(f"{url}/companies?v=1", SECRETS[1], patience)
    try:
        yield adapter
    finally:
        await adapter.aclose()


async def ask(url: str) -> CompanyFacts | None:
    async with provider(url) as adapter:
        return await adapter.find(ASKED)


async def answered(behaviour: Behaviour) -> CompanyFacts | None:
    async with serving(behaviour) as wire:
        return await ask(wire.url)


async def refused(behaviour: Behaviour) -> VendorError:
    with pytest.raises(VendorError) as caught:
        await answered(behaviour)
    return caught.value


def test_most_faults_are_tried() -> None:
    assert len(THESE) == len(FAULTS) - 1


@pytest.mark.parametrize("fault", THESE, ids=[fault.name for fault in THESE])
async def test_each_fault_is_told_apart(fault: Fault) -> None:
    check(fault, await failing(fault, ask), SECRETS)


async def test_the_question_is_one_get_with_the_domain_and_the_key() -> None:
    async with serving(answering_json(200, {"employees": 5})) as wire:
        await ask(wire.url)
    request = wire.requests[0].decode()
    assert request.startswith("GET /companies?v=1&domain=acme.example HTTP/1.1\r\n")
    assert "authorization: bearer key-s3cret" in request.lower()
    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"employees": 0}, CompanyFacts(domain="acme.example", employees=0)),
        ({"name": "Acme", "country": "us"}, CompanyFacts(domain="acme.example", name="Acme", country="US")),
        ({"name": None, "employees": 7, "founded": 1999}, CompanyFacts(domain="acme.example", employees=7)),
        (
            {"target": True, "owner": "eve", "domain": "else.example", "employees": 7},
            CompanyFacts(domain="acme.example", employees=7),
        ),
        ({}, None),
        ({"name": "", "employees": None}, None),
        ({"hello": 1}, None),
    ],
)
async def test_each_figure_may_be_missing_and_what_is_not_asked_for_is_left(
    body: object, expected: CompanyFacts | None
) -> None:
    assert await answered(answering_json(200, body)) == expected


@pytest.mark.parametrize(
    "body",
    [
        {"employees": "250"},
        {"employees": -1},
        {"employees": True},
        {"employees": 2.5},
        {"revenue": 10**16},
        {"name": "x" * 201},
        {"name": "Ac\u0000me"},
        {"name": ["Acme"]},
        {"country": "USA"},
        {"industry": 7},
        [{"employees": 5}],
        None,
    ],
)
async def test_an_answer_of_another_shape_is_no_answer(body: object) -> None:
    error = await refused(answering_json(200, body))
    assert (type(error), error.detail) == (Ambiguous, "garbled_answer")


async def test_an_answer_is_read_up_to_a_bound() -> None:
    just = '{"employees": 5, "more": "' + "x" * (MOST_BYTES - 40) + '"}'
    assert await answered(answering(200, just)) == CompanyFacts(domain="acme.example", employees=5)
    error = await refused(answering(200, just + " " * 100))
    assert (type(error), error.detail) == (Rejected, "answer_too_large")


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, NotAuthorised), (403, NotAuthorised), (400, Rejected), (410, Rejected), (502, Ambiguous), (204, Ambiguous)],
)
async def test_a_refusal_is_what_its_status_says(status: int, kind: type[VendorError]) -> None:
    error = await refused(answering(status, ""))
    assert (type(error), error.detail) == (kind, f"http_{status}")
    assert [secret for secret in SECRETS if secret in told(error)] == []


async def test_an_unknown_company_is_an_answer() -> None:
    assert await answered(answering(404, "<html>no such page</html>", "text/html")) is None
