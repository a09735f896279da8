"""The policies leads are judged by: the active one for new leads, pinned ones by hash for running leads."""

import asyncio
from typing import Protocol

import structlog

from domain.errors import NotFound
from domain.publications import InForce, PolicyText
from policy.at_capture import AtCapture
from policy.load import LoadedPolicy, PolicyInvalid, policy_from_text

KEPT = 64
"""Policies kept in memory besides those in force."""

log = structlog.get_logger()


class PolicyTexts(Protocol):
    """Where one tenant's policies are kept, by hash."""

    async def in_force(self) -> InForce:
        """Which are active or followed by an open lead."""
        ...

    async def text(self, policy_hash: str) -> PolicyText | None:
        """The policy as it was written; None when it was never published here."""
        ...


class Policies:
    """Loaded policies by hash. `current` is the active one, as of the last refresh."""

    def __init__(self, current: LoadedPolicy, texts: PolicyTexts) -> None:
        self.current = current
        self._active = current.hash
        self._texts = texts
        self._loaded = {current.hash: current}
        self._unreadable: set[str] = set()

    @property
    def judge(self) -> AtCapture:
        """The judge of new leads; the capture transaction makes sure that its policy is still the active one."""
        return AtCapture(self.current, self._active)

    @property
    def loaded(self) -> tuple[LoadedPolicy, ...]:
        """Those in memory, which hold all in force; the current one first."""
        return self.current, *(each for each in self._loaded.values() if each is not self.current)

    async def refresh(self) -> int:
        """Take up what was published since, and what open leads follow; 1 when another policy has become current.

        One that this build can't read changes nothing: leads are judged by the last one it could, and that is logged.
        """
        found = await self._texts.in_force()
        for each in found.pinned:
            if each not in self._unreadable:  # a build that can't read it will not learn to
                await self._readable(each)
        self._forget(found.pinned)
        if found.active is None or found.active == self._active:
            return 0
        active = await self._readable(found.active)
        self._active, self.current = found.active, active or self.current
        return 1

    async def pinned(self, policy_hash: str) -> LoadedPolicy:
        """The policy with this hash; the active one for a lead that has none yet. Raises NotFound, PolicyInvalid."""
        if not policy_hash:
            await self.refresh()
            return self.current
        if policy_hash not in self._loaded:
            found = await self._texts.text(policy_hash)
            if found is None:
                raise NotFound(f"policy {policy_hash} was never published here")
            # In a thread: reading one takes a tenth of a second, which no lead should wait for.
            loaded = await asyncio.to_thread(policy_from_text, found.text, found.packs)
            self._loaded[policy_hash] = loaded.published_as(policy_hash)
        return self._loaded[policy_hash]

    async def _readable(self, policy_hash: str) -> LoadedPolicy | None:
        try:
            return await self.pinned(policy_hash)
        except (NotFound, PolicyInvalid) as error:
            self._unreadable.add(policy_hash)
            log.error("policy_unreadable", policy=policy_hash, error=error.code)
            return None

    def _forget(self, in_force: tuple[str, ...]) -> None:
        spare = [each for each in self._loaded if each not in in_force and each != self.current.hash]
        for each in spare[: max(0, len(spare) - KEPT)]:
            del self._loaded[each]
