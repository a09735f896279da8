"""In-memory ports of what is known of companies; held to the same suite as the real ones (tests/contracts)."""

import asyncio
from dataclasses import dataclass, field

from domain.companies import CompanyFacts
from domain.enrichment import Imported
from tests.fake_ledger import FakeLedger


@dataclass
class FakeProvider:
    """domain.enrichment.Enrichment: `known` by domain; answers wait while `closed`, and `troubles` come first."""

    known: dict[str, CompanyFacts] = field(default_factory=dict)
    troubles: list[Exception] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.open.set()

    async def find(self, domain: str) -> CompanyFacts | None:
        self.asked.append(domain)
        await self.open.wait()
        if self.troubles:
            raise self.troubles.pop(0)
        return self.known.get(domain)


@dataclass
class FakeCompanies:
    """domain.enrichment.Companies; what is answered becomes a fact of the leads in the fake ledger."""

    ledger: FakeLedger = field(default_factory=FakeLedger)
    rows: dict[str, CompanyFacts] = field(default_factory=dict)
    answers: dict[str, CompanyFacts | None] = field(default_factory=dict)

    async def find(self, domain: str) -> CompanyFacts | None:
        if domain not in self.rows and domain not in self.answers:
            return None
        told = self.answers.get(domain) or CompanyFacts(domain=domain)
        row = self.rows.get(domain) or CompanyFacts(domain=domain)
        both = {**told.model_dump(exclude_none=True), **row.model_dump(exclude_none=True)}
        return CompanyFacts.model_validate({**both, "asked": domain in self.answers})

    async def domain_of(self, lead_id: str) -> str | None:
        facts = self.ledger.people.get(lead_id)
        return facts.person.company_domain if facts else None

    async def answered(self, domain: str, found: CompanyFacts | None) -> None:
        self.answers[domain] = found
        known = await self.find(domain)
        for lead_id, facts in self.ledger.people.items():
            if facts.person.company_domain == domain:
                self.ledger.people[lead_id] = facts.model_copy(update={"company": known})

    async def replace(self, rows: tuple[CompanyFacts, ...], dry_run: bool) -> Imported:
        known = [self.rows.get(row.domain) for row in rows]
        if not dry_run:
            self.rows.update({row.domain: row for row in rows})
        same = sum(row == old for row, old in zip(rows, known, strict=True))
        added = known.count(None)
        return Imported(added=added, changed=len(rows) - added - same, unchanged=same)
