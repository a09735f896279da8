"""Running leads of one tenant under another policy: previewed, and told one by one, a bounded number at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog

from domain.cohorts import Cohorts, InFlight, Migrated, MigrationRow, Moved, Moving, Preview, Previewing, Untold, Wanted
from domain.errors import BadInput, NotFound, Refused, Unavailable
from domain.messages import AdoptPolicy, Answer
from policy import preview
from policy.load import LoadedPolicy
from runtime.publishing import Publishing

AT_ONCE = 10
"""Leads told at a time."""

WITHIN = timedelta(seconds=10)
"""For one page; who was not reached by then is told by the next one who asks."""

_UNCLEAR = "it can't be judged by that policy, so it was not told; the log says why"

Update = Callable[[str, str, AdoptPolicy, str], Awaitable[Answer]]
"""(lead id, name, message, key): Gateway.update."""

log = structlog.get_logger()


class Migrating:
    """Raises NotFound, BadInput for a policy that can't be had, Unavailable without PostgreSQL."""

    def __init__(self, cohorts: Cohorts, publishing: Publishing, update: Update) -> None:
        self._cohorts = cohorts
        self._publishing = publishing
        self._update = update

    async def preview(self, asked: Previewing) -> Preview:
        """What would change for a page of running leads."""
        loaded = await self._target(asked)
        wanted = Wanted(to=loaded.hash, selection=asked.selection, limit=asked.limit, cursor=asked.cursor)
        page = await self._cohorts.page(wanted, datetime.now(UTC))
        moved, unclear = await asyncio.to_thread(_previewed, page.leads, loaded)
        return Preview(
            to=loaded.hash,
            in_flight=len(page.leads),
            changing=len(moved),
            firing=sum(each.fires for each in moved),
            leads=moved,
            unclear=unclear,
            cursor=page.cursor,
        )

    async def migrate(self, asked: Moving) -> Migrated:
        """Tell a page of running leads. One that is told twice under one key is told once."""
        loaded = await self._publishing.version(asked.to) if asked.to else await self._publishing.active()
        wanted = Wanted(to=loaded.hash, selection=asked.selection, limit=asked.limit, cursor=asked.cursor)
        page = await self._cohorts.page(wanted, datetime.now(UTC))
        message = AdoptPolicy(policy_hash=loaded.hash, by=asked.by, because=asked.key)
        ids = [each.lead.lead_id for each in page.leads]
        _, unclear = await asyncio.to_thread(_previewed, page.leads, loaded)
        told = [*((each, _UNCLEAR, True) for each in unclear)]
        told += await self._told([each for each in ids if each not in unclear], message)
        refused = tuple(Untold(lead_id=each, because=why) for each, why, reached in told if why and reached)
        unreachable = tuple(Untold(lead_id=each, because=why) for each, why, reached in told if why and not reached)
        counts = {"refused": len(refused), "unreachable": len(unreachable)}
        adopted = len(ids) - sum(counts.values())
        if ids:
            how = asked.model_dump(include={"key", "by", "note", "selection"})
            row = {**how, **counts, "to_hash": loaded.hash, "adopted": adopted}
            await self._cohorts.log(MigrationRow.model_validate(row))
        return Migrated(to=loaded.hash, adopted=adopted, refused=refused, unreachable=unreachable, cursor=page.cursor)

    async def _target(self, asked: Previewing) -> LoadedPolicy:
        if asked.to is not None and asked.candidate is not None:
            raise BadInput("Name a published policy or send a candidate, not both.", (("to", "leave one of them out"),))
        if asked.candidate is not None:
            return await self._publishing.checked(asked.candidate)
        return await self._publishing.version(asked.to) if asked.to else await self._publishing.active()

    async def _told(self, ids: list[str], message: AdoptPolicy) -> list[tuple[str, str, bool]]:
        """Each lead, why it didn't take it up (empty: it did), and whether it was reached."""
        turn = asyncio.Semaphore(AT_ONCE)

        async def tell(lead_id: str) -> tuple[str, str, bool]:
            async with turn:
                try:
                    await self._update(lead_id, "adopt_policy", message, f"policy:{message.because}")
                except (Refused, NotFound) as error:
                    return lead_id, str(error), True
                except Unavailable as error:
                    return lead_id, str(error), False
                return lead_id, "", True

        asking = {each: asyncio.create_task(tell(each)) for each in ids}
        if asking:
            await asyncio.wait(asking.values(), timeout=WITHIN.total_seconds())
        late = [each for each, task in asking.items() if not task.done()]
        for each in late:
            asking[each].cancel()
        found = [task.result() for each, task in asking.items() if each not in late]
        return [*found, *((each, "did not answer in time", False) for each in late)]


def _previewed(leads: tuple[InFlight, ...], loaded: LoadedPolicy) -> tuple[tuple[Moved, ...], tuple[str, ...]]:
    moved: list[Moved] = []
    unclear: list[str] = []
    for each in leads:
        try:
            found = preview.of(each, loaded)
        except Exception as error:  # noqa: BLE001 - one lead that can't be judged must not hide the others
            log.error("preview_failed", lead=each.lead.lead_id, error=type(error).__name__)
            unclear.append(each.lead.lead_id)
            continue
        if found is not None:
            moved.append(found)
    return tuple(moved), tuple(unclear)
