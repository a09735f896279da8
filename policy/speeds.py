"""What counts as contact, and how fast is fast enough: the shape of a policy's `contact_counts` and `speeds` (N1, R2,
R14, R43)."""

from datetime import timedelta

from pydantic import Field

from domain.decisions import DecisionKind, Followup
from domain.values import Code, Given
from policy.fields import Duration, Name


class ContactCounts(Given):
    """What counts as two-way contact (N1). A machine's answer, such as out of office, never does."""

    reply: bool = True
    """A reply of the person's own, by text."""
    talk: Duration = timedelta(seconds=30)
    """A call in which they were connected for so long; an answering machine's don't count."""
    codes: tuple[Code, ...] = (Code.CONNECTED, Code.MEETING_SET)
    """Outcomes, given by a rep, that only two who talked can come to."""

    def counts(self, asked: Followup) -> bool:
        """Whether what is asked about is contact."""
        if asked.kind is DecisionKind.REPLY:
            return self.reply
        return asked.kind is DecisionKind.DISPOSE and asked.code in self.codes


class Target(Given):
    """How soon after a lead's arrival something should happen."""

    within: Duration | None = None
    """For every source that isn't named; without it they have no target."""
    sources: dict[Name, Duration] = Field(default_factory=dict)
    """For leads of these sources."""

    def of(self, source: str) -> timedelta | None:
        """The target of a source's leads."""
        return self.sources.get(source, self.within)


class SpeedTargets(Given):
    """Targets that `baton report speed` counts against. The first human attempt has its own: the SLA of each lead."""

    decision: Target = Target(within=timedelta(seconds=10))
    """Until the first motion is decided, in real time (R2)."""
    first_automation: Target = Target()
    """Until the system's first text; what the law or we ourselves put off counts from its permitted moment (R14)."""
    first_two_way_contact: Target = Target()
    """Until there was contact, as contact_counts has it."""
    first_meeting: Target = Target()
    """Until a meeting was set."""
