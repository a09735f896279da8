"""What capturing a message asks of policy, inside its transaction."""

from datetime import datetime
from typing import Protocol

from domain.decisions import Judgement
from domain.facts import Facts, SignalFact


class Judge(Protocol):
    """Policy as the capture transaction sees it. Pure, so a lost race may simply ask again."""

    @property
    def active(self) -> str:
        """The hash of the policy that was active when this judge was chosen."""
        ...

    def triage(self, facts: Facts, now: datetime, decision_id: str) -> Judgement:
        """The first decision on a lead that is opened now."""
        ...

    def is_strong(self, seen: SignalFact, before: tuple[SignalFact, ...], now: datetime) -> bool:
        """Whether behaviour is enough to ask if the open lead starts over; `before` is what was seen earlier."""
        ...

    def opens(self, seen: SignalFact, now: datetime) -> str | None:
        """The source of the lead that behaviour opens where the person has none; None when it opens none."""
        ...

    def makes_group(self, facts: Facts, before: tuple[SignalFact, ...], now: datetime) -> bool:
        """Whether this person, by what they do just now, makes the people of their company a buying group; `before` is
        what they did earlier."""
        ...

    def understood(self, meaning: str, opted_out: bool) -> str:
        """What a text means of somebody who is opted out, or not: stop, start, reply or help."""
        ...
