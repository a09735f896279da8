"""A tenant's stored decisions, each put again to the policy it was made by, and the tally of it. Constant memory: what
is kept is counted by build and by place, and a few differences are kept whole."""

import re
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from adapters.postgres.build import build
from adapters.postgres.policies import PostgresPolicies
from domain.views import KeptDecision
from policy import replay
from policy.load import LoadedPolicy, PolicyInvalid, policy_from_text
from policy.replay import Difference

POLICIES_HELD = 16
PLACES_OF_ONE = 20
"""The most places that are told of one decision."""

_INDEX = re.compile(r"\[\d+\]")


class Place(BaseModel):
    """One place that came out otherwise, as JSON text."""

    model_config = ConfigDict(frozen=True)

    place: str
    stored: str
    now: str


class Differing(BaseModel):
    """One decision that comes out otherwise now."""

    model_config = ConfigDict(frozen=True)

    decision_id: str
    lead_id: str
    kind: str
    at: datetime  # the lead's clock
    recorded_at: datetime
    policy_hash: str
    engine: str
    differences: tuple[Place, ...]


class Made(BaseModel):
    """Decisions that one build made."""

    engine: str
    decisions: int = 0
    differ: int = 0


class Report(BaseModel):
    """What `baton policy replay --json` prints. `unaskable`: kept before questions were, so they can't be put again."""

    build: str
    decisions: int = 0
    same: int = 0
    differ: int = 0
    unaskable: int = 0
    policies: int = 0
    by_build: list[Made] = []
    by_place: dict[str, int] = {}
    first: list[Differing] = []


class Shelf:
    """Policies by the hash they were published under, the last few used held loaded."""

    def __init__(self, texts: PostgresPolicies) -> None:
        self._texts = texts
        self._held: OrderedDict[str, LoadedPolicy | str] = OrderedDict()

    async def policy(self, policy_hash: str) -> LoadedPolicy | str:
        """The policy; or in words why there is none."""
        if policy_hash not in self._held:
            self._held[policy_hash] = await self._loaded(policy_hash)
        self._held.move_to_end(policy_hash)
        while len(self._held) > POLICIES_HELD:
            self._held.popitem(last=False)
        return self._held[policy_hash]

    async def _loaded(self, policy_hash: str) -> LoadedPolicy | str:
        found = await self._texts.text(policy_hash)
        if found is None:
            return "was never published here"
        try:
            return policy_from_text(found.text, found.packs).published_as(policy_hash)
        except PolicyInvalid as reason:
            return f"no longer passes its checks: {reason.problems[0].message}"


@dataclass
class Tally:
    """Counts as it goes."""

    most: int
    report: Report = field(default_factory=lambda: Report(build=build()))
    _made: dict[str, Made] = field(default_factory=dict)
    _places: Counter[str] = field(default_factory=Counter)
    _policies: set[str] = field(default_factory=set)

    def take(self, kept: KeptDecision, found: list[Difference] | None) -> None:
        """One decision, with what differs; None when its question isn't known."""
        report = self.report
        report.decisions += 1
        self._policies.add(kept.policy_hash)
        made = self._made.setdefault(kept.engine, Made(engine=kept.engine or "unknown"))
        made.decisions += 1
        if found is None:
            report.unaskable += 1
        elif not found:
            report.same += 1
        else:
            report.differ += 1
            made.differ += 1
            self._places.update({_INDEX.sub("[]", each.place) for each in found})
            if len(report.first) < self.most:
                report.first.append(_differing(kept, found))

    def told(self) -> Report:
        """The report so far."""
        made = list(self._made.values())
        places = dict(self._places.most_common())
        return self.report.model_copy(update={"by_build": made, "by_place": places, "policies": len(self._policies)})


async def replayed(
    decisions: AsyncIterator[KeptDecision], shelf: Shelf, tally: Tally, instead: LoadedPolicy | None = None
) -> AsyncIterator[int]:
    """Puts each decision again and counts it; yields how many so far. `instead` judges all, whoever made them."""
    async for kept in decisions:
        if not replay.is_askable(kept):
            tally.take(kept, None)
        elif instead is not None:
            tally.take(kept, replay.differences(kept, instead, besides=replay.OF_THE_POLICY))
        else:
            tally.take(kept, _by_its_own(kept, await shelf.policy(kept.policy_hash)))
        yield tally.report.decisions


def _by_its_own(kept: KeptDecision, loaded: LoadedPolicy | str) -> list[Difference]:
    if isinstance(loaded, str):
        return [Difference("policy", kept.policy_hash, loaded)]
    return replay.differences(kept, loaded)


def _differing(kept: KeptDecision, found: list[Difference]) -> Differing:
    places = tuple(Place(place=each.place, stored=each.stored, now=each.now) for each in found[:PLACES_OF_ONE])
    whole = kept.model_dump(include=set(Differing.model_fields) - {"differences"})
    return Differing(**whole, differences=places)
