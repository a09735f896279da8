"""Ports of what is known of companies: the company table, and a provider that is asked."""

from typing import Protocol

from domain.companies import CompanyFacts
from domain.values import Stored


class Enrichment(Protocol):
    """Figures of a company by its domain; None when there is no such company. Raises VendorError or Unavailable.

    An implementation has a time limit of its own; how long a lead waits is not its concern.
    """

    async def find(self, domain: str) -> CompanyFacts | None: ...


class Imported(Stored):
    """What an import came to, or would."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


class Companies(Enrichment, Protocol):
    """One tenant's company table: what was imported, and what the provider answered.

    domain_of: of the lead's person's company, None without one. answered: what the provider said of a domain (None: it
    knows no such company). replace: rows of an import by domain, all or none; what other rows say stays.
    """

    async def domain_of(self, lead_id: str) -> str | None: ...

    async def answered(self, domain: str, found: CompanyFacts | None) -> None: ...

    async def replace(self, rows: tuple[CompanyFacts, ...], dry_run: bool) -> Imported: ...
