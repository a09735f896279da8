"""The rep directory: people as policies name them, presence as the database keeps it. It holds nothing itself."""

from dataclasses import dataclass

from activities.policies import Policies
from adapters.postgres.presence import PostgresPresence
from domain.errors import NotFound
from domain.presence import PresenceChange, RepList
from policy import attendance


@dataclass(frozen=True, slots=True)
class Reps:
    """Reps of all policies in memory: those that open leads follow count too, whose reps may yet be asked."""

    policies: Policies
    presence: PostgresPresence
    tenant: str

    def knows(self, handle: str) -> bool:
        """Whether a rep has this handle."""
        return any(each.policy.rep(handle) is not None for each in self.policies.loaded)

    def rep_of(self, chat_user_id: str) -> str | None:
        """The handle of whoever has this id in the chat."""
        reps = (rep for each in self.policies.loaded for rep in each.policy.team)
        return next((rep.handle for rep in reps if rep.slack == chat_user_id), None)

    async def listed(self) -> RepList:
        """The team of the active policy as a lead that comes now would find it. Raises Unavailable."""
        loads = await self.presence.loads(self.tenant)
        return RepList(now=loads.now, reps=attendance.team(self.policies.current, loads.reps, loads.now))

    async def change(self, handle: str, change: PresenceChange) -> None:
        """Heeded by the next judgement. Raises NotFound, BadInput, Unavailable."""
        if not self.knows(handle):
            raise NotFound(f"There is no rep {handle}.")
        await self.presence.change(self.tenant, handle, change)
