"""Published policies in memory: domain.publications.PolicyStore, held to the same suite as the real one."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from domain.cohorts import InFlight, MigrationRow, Page, Wanted
from domain.publications import (
    Entered,
    Entering,
    HowActive,
    InForce,
    PolicyText,
    Publication,
    Version,
    Versions,
    Way,
)
from domain.switches import Name, Switch, Switches, Throw
from policy.load import LoadedPolicy


@dataclass
class FakePolicies:
    """One tenant's. `followed` are the hashes of open leads, one each."""

    texts: dict[str, PolicyText] = field(default_factory=dict)
    log: list[Publication] = field(default_factory=list)
    followed: list[str] = field(default_factory=list)

    async def publish(self, entering: Entering) -> Entered:
        return self.enter(entering)

    def enter(self, entering: Entering) -> Entered:
        """The same, at once."""
        before = self.log[-1].to_hash if self.log else None
        if entering.expects is not None and entering.expects != (before or ""):
            return Entered(expected=False, before=before)
        kept = PolicyText(**entering.model_dump(), published_at=datetime.now(UTC), active=False)
        self.texts.setdefault(entering.policy_hash, kept)
        if before == entering.policy_hash:
            return Entered(expected=True, before=before)
        line = Publication(
            number=len(self.log) + 1,
            from_hash=before,
            to_hash=entering.policy_hash,
            at=datetime.now(UTC),
            **entering.model_dump(include={"author", "note", "way", "undoes"}),
        )
        self.log.append(line)
        return Entered(expected=True, before=before, publication=line)

    async def active(self) -> str | None:
        return self.log[-1].to_hash if self.log else None

    async def in_force(self) -> InForce:
        return InForce(active=await self.active(), pinned=tuple(sorted(set(self.followed))))

    async def standing(self) -> HowActive:
        newest = self.log[-1] if self.log else None
        by_file = [line.to_hash for line in self.log if line.way is Way.FILE]
        if newest is None:
            return HowActive()
        return HowActive(active=newest.to_hash, way=newest.way, file=by_file[-1] if by_file else None)

    async def listed(self) -> Versions:
        active = await self.active()
        versions = [
            Version(
                **text.model_dump(include={"policy_hash", "name", "author", "published_at"}),
                active=text.policy_hash == active,
                open_leads=self.followed.count(text.policy_hash),
            )
            for text in reversed(self.texts.values())
        ]
        return Versions(versions=tuple(versions), log=tuple(reversed(self.log)))

    async def text(self, policy_hash: str) -> PolicyText | None:
        found = self.texts.get(policy_hash)
        return None if found is None else found.model_copy(update={"active": policy_hash == await self.active()})


@dataclass
class FakeCohorts:
    """domain.cohorts.Cohorts in memory: running leads as they are given."""

    leads: list[InFlight] = field(default_factory=list)
    rows: list[MigrationRow] = field(default_factory=list)

    async def page(self, wanted: Wanted, now: datetime) -> Page:
        chosen = wanted.selection
        found = [
            each
            for each in sorted(self.leads, key=lambda one: one.lead.lead_id)
            if each.lead.policy_hash != wanted.to
            and chosen.source in (None, each.lead.source)
            and chosen.stage in (None, each.lead.stage)
            and (chosen.lead is None or chosen.lead == each.lead.lead_id)
            and (wanted.cursor is None or each.lead.lead_id > wanted.cursor)
        ]
        leads = tuple(found[: wanted.limit])
        return Page(leads=leads, cursor=leads[-1].lead.lead_id if len(found) > wanted.limit else None)

    async def log(self, row: MigrationRow) -> None:
        self.rows.append(row)


@dataclass
class FakeSwitches:
    """domain.switches.SwitchBoard in memory."""

    stands: Switches = field(default_factory=Switches)

    async def throw(self, name: Name, throw: Throw) -> Switches:
        before = getattr(self.stands, name)
        if throw.on is not (before is not None and before.is_on):
            switch = Switch(is_on=throw.on, by=throw.by, because=throw.because, at=datetime.now(UTC))
            self.stands = self.stands.model_copy(update={str(name): switch})
        return self.stands

    async def standing(self) -> Switches:
        return self.stands


def published(*loaded: LoadedPolicy) -> FakePolicies:
    """A store to which these were published, one after another."""
    store = FakePolicies()
    for each in loaded:
        store.enter(entering(each))
    return store


def entering(loaded: LoadedPolicy, author: str = "ops", **how: object) -> Entering:
    """A loaded policy on its way in."""
    named = {"policy_hash": loaded.hash, "name": loaded.policy.name, "text": loaded.text, "packs": dict(loaded.packs)}
    return Entering.model_validate({**named, "author": author, **how})
