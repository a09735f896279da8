"""A policy that was checked, with all that judging needs: compiled conditions, calendars, contact rules, its hash."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import cel

from policy.business_time import BusinessClock
from policy.contact_rules import ContactRules
from policy.law import Law
from policy.model import Policy
from policy.problems import Problem


@dataclass(frozen=True, slots=True)
class LoadedPolicy:
    """`hash` names policy and contact rules together; load.policy_from_text loads it again from `text` and `packs`.

    `law` is the pack with the policy's switches; `warnings`, of a stored policy none, is what is hardly meant.
    """

    policy: Policy
    pack: ContactRules
    law: Law
    hash: str
    written: Callable[[], str] = field(repr=False, compare=False)
    packs: Mapping[str, str]
    programs: Mapping[str, cel.Program]
    clocks: Mapping[str | None, BusinessClock]
    warnings: tuple[Problem, ...] = ()

    @property
    def text(self) -> str:
        """The whole policy as YAML, what it extends included. Written when it is asked for: few ask, and it is slow."""
        return self.written()

    @property
    def pack_version(self) -> str:
        """The version of the contact rules, such as us-2026-11."""
        return self.pack.version

    def published_as(self, policy_hash: str) -> "LoadedPolicy":
        """This policy under the hash it was published by, whatever a later build would call the same text."""
        return replace(self, hash=policy_hash)

    def clock(self, owner: str | None = None) -> BusinessClock:
        """The calendar of a rep, or the business's own for anybody else."""
        return self.clocks.get(owner, self.clocks[None])
