"""Counts of a simulation: what was done, for whom, at what price, over all leads and by source, motion and owner."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.decisions import Decision, Outcome, Reason
from domain.values import Motion
from policy.whatif.moves import Moves

Status = Literal["started", "joined", "restarted"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one inquiry came to. `status`: started, joined (its person's open lead) or restarted (that lead)."""

    number: int
    event_id: str
    source: str
    status: Status
    at: datetime
    decision: Decision
    moves: Moves


@dataclass(slots=True)
class Sums:
    """What a group of leads came to. `held`: leads whose first motion a rule put off."""

    leads: int = 0
    dials: int = 0
    texts: int = 0
    emails: int = 0
    segments: int = 0
    held: int = 0
    sla_due: int = 0

    def add(self, moves: Moves) -> None:
        """Counts what was set going."""
        self.dials += moves.dials
        self.texts += len(moves.texts)
        self.emails += moves.emails
        self.segments += moves.segments


class Tally:
    """Filled as a simulation goes on."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.all = Sums()
        self.by_source: dict[str, Sums] = {}
        self.by_motion: dict[str, Sums] = {}
        self.status: Counter[str] = Counter()
        self.owners: Counter[str] = Counter()
        self.queues: Counter[str] = Counter()
        self.tracks: Counter[str] = Counter()
        self.closed: Counter[str] = Counter()
        self.bands: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.events: Counter[str] = Counter()
        self.unowned = 0

    def answered(self, answer: Answer) -> None:
        """An inquiry and its first decision."""
        self.answers.append(answer)
        self.status[answer.status] += 1
        decision = answer.decision
        for sums in self._groups(answer.source, decision.motion):
            sums.leads += 1
            sums.held += bool(answer.moves.held_by)
            sums.sla_due += decision.sla_due_at is not None
            sums.add(answer.moves)
        if answer.status != "joined":
            self._kept_by(decision)

    def followed(self, source: str, motion: Motion | None, moves: Moves) -> None:
        """What a lead's later decision set going."""
        for sums in self._groups(source, motion):
            sums.add(moves)

    def faulted(self, faults: Iterable[Reason]) -> None:
        """Conditions that couldn't be computed for a lead, and so counted as false."""
        self.faults.update(f"{fault.rule}: {fault.because}" for fault in faults)

    def _groups(self, source: str, motion: Motion | None) -> Iterable[Sums]:
        yield self.all
        yield self.by_source.setdefault(source, Sums())
        if motion is not None:
            yield self.by_motion.setdefault(motion, Sums())

    def _kept_by(self, decision: Decision) -> None:
        if decision.band is not None:
            self.bands[decision.band] += 1
        if decision.outcome is Outcome.CLOSE:
            self.closed[str(decision.closed)] += 1
        elif decision.owner is not None:
            self.owners[decision.owner] += 1
        elif decision.queue is not None:
            self.queues[decision.queue] += 1
        elif decision.rest is not None:
            self.tracks[decision.rest.track] += 1
        else:
            self.unowned += 1
