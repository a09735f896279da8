"""The margin of a judgement: rules that fired, reasons, what was held back, roads not taken. Becomes the trace."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.assignments import Assignment, Credit, WentAway
from domain.decisions import Counted, Item, Reason, RoadNotTaken, Trace, Window
from domain.values import Channel, Purpose


@dataclass(slots=True)
class Notes:
    """Filled while one question is judged, read once."""

    rules: list[str] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    points: list[Counted] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    held: list[Reason] = field(default_factory=list)
    not_taken: list[RoadNotTaken] = field(default_factory=list)
    assignment: Assignment | None = None
    credit: Credit | None = None
    went_away: list[WentAway] = field(default_factory=list)

    def fired(self, rule: str, because: str) -> None:
        """A rule that decided something."""
        self.rules.append(rule)
        self.reasons.append(Reason(rule=rule, because=because))

    def said(self, rule: str, because: str) -> None:
        """Something a reader should know that decided nothing."""
        self.reasons.append(Reason(rule=rule, because=because))

    def passed_over(self, what: str, because: str) -> None:
        """A motion or owner that was considered and not taken."""
        self.not_taken.append(RoadNotTaken(what=what, because=because))

    def window(self, channel: Channel, purpose: Purpose) -> Window | None:
        """The window of the moment that is judged, where it was looked at already."""
        return next((each for each in self.windows if each.channel is channel and each.purpose is purpose), None)

    def trace(self, faults: Sequence[tuple[str, str]] = (), ladder: Sequence[Item] = ()) -> Trace:
        """All of it, frozen."""
        return Trace(
            reasons=tuple(self.reasons),
            points=tuple(self.points),
            windows=tuple(self.windows),
            held=tuple(self.held),
            not_taken=tuple(self.not_taken),
            faults=tuple(Reason(rule=rule, because=because) for rule, because in dict.fromkeys(faults)),
            ladder=tuple(ladder),
            assignment=self.assignment,
            credit=self.credit,
            went_away=tuple(self.went_away),
        )


def plain(code: str) -> str:
    """A code of ours as people say it: a reason is read by people, and what a program wants of it has a field."""
    return code.replace("_", " ")
