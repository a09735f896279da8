"""Learns of a lead's company while the lead waits: asks the provider, keeps its answer, says whether there was one.

What comes too late for the lead that waited is kept all the same, for the next judgement.
"""

import asyncio

import structlog
from temporalio import activity

from domain.enrichment import Companies, Enrichment
from domain.errors import BatonError
from domain.orders import Enriched, EnrichOrder

log = structlog.get_logger()


class Enrich:
    """Asks one provider. Leads of one company that wait at once share one question."""

    def __init__(self, companies: Companies, provider: Enrichment) -> None:
        self._companies = companies
        self._provider = provider
        self._asking: dict[str, asyncio.Task[bool]] = {}

    @activity.defn(name="enrich")
    async def enrich(self, order: EnrichOrder) -> Enriched:
        """Whether something is known of the company now that wasn't when the lead was captured."""
        domain = await self._companies.domain_of(order.lead_id)
        if domain is None:
            return Enriched(found=False)
        known = await self._companies.find(domain)
        if known is not None and known.asked:  # another lead of the company was quicker
            return Enriched(found=True)
        # Shielded: a lead that waits no longer ends this activity, and the answer is kept when it comes.
        return Enriched(found=await asyncio.shield(self._asked(domain)))

    def _asked(self, domain: str) -> asyncio.Task[bool]:
        if domain not in self._asking:
            task = asyncio.get_running_loop().create_task(self._ask(domain))
            self._asking[domain] = task
            task.add_done_callback(lambda done: self._forget(domain, done))
        return self._asking[domain]

    async def _ask(self, domain: str) -> bool:
        found = await self._provider.find(domain)
        await self._companies.answered(domain, found)
        return found is not None

    def _forget(self, domain: str, done: asyncio.Task[bool]) -> None:
        del self._asking[domain]
        if not done.cancelled() and (error := done.exception()) is not None:
            code = error.code if isinstance(error, BatonError) else type(error).__name__
            log.warning("enrichment_failed", error=code)  # never the domain: it tells where somebody works
