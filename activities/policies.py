"""The policies leads are judged by: the current one for new leads, pinned ones by hash for running leads."""

from typing import Protocol

from domain.errors import NotFound
from policy.load import LoadedPolicy, policy_from_text


class PolicyTexts(Protocol):
    """Where published policies are kept, by hash."""

    async def text(self, policy_hash: str) -> tuple[str, dict[str, str]] | None:
        """The policy's text and its contact-rule packs by name; None when it was never published."""
        ...


class Policies:
    """Loaded policies by hash. A pinned policy that is not in memory is loaded from where it was published."""

    def __init__(self, current: LoadedPolicy, texts: PolicyTexts) -> None:
        self.current = current
        self._texts = texts
        self._loaded = {current.hash: current}

    async def pinned(self, policy_hash: str) -> LoadedPolicy:
        """The policy with this hash; the current one for a lead that has none yet. Raises NotFound."""
        if not policy_hash:
            return self.current
        if policy_hash not in self._loaded:
            found = await self._texts.text(policy_hash)
            if found is None:
                raise NotFound(f"policy {policy_hash} was never published here")
            self._loaded[policy_hash] = policy_from_text(*found)
        return self._loaded[policy_hash]
