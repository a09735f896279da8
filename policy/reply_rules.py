"""What is done about a person's reply, by what it says: the shape of a policy's `replies` (R15, R23, R57)."""

from datetime import timedelta
from typing import Literal

from pydantic import Field

from domain.replies import ReplyKind
from domain.values import Code, Given
from policy.fields import Duration, Name
from policy.routing import Escalation

RULES = "rules"
"""The classifier that every Baton has: phrases in English and Spanish."""

LEARNT = "learnt"
"""The rules where they are sure, and one that has learnt from examples where they say other (adapters/replies)."""

Ends = Literal[ReplyKind.NOT_NOW, ReplyKind.WRONG_PERSON]


class Ending(Given):
    """A reply that amounts to a reason code, given `after` so much business time unless somebody takes the lead."""

    code: Code
    """The reason code, as if a rep had given it."""
    after: Duration = timedelta(0)
    """So much business time somebody has to take the lead instead."""


class Replies(Given):
    """Who tells what a reply says, and what follows from it. What isn't named here is answered by the owner."""

    classifier: Name = RULES
    """Who tells what a reply says; where that one fails, the rules do."""
    escalate: Escalation | None = None
    """The call that a reply leads to."""
    ends: dict[Ends, Ending | None] = Field(default_factory=dict)
    """Replies that amount to a reason code; null has them answered by the owner."""
    help: Name | None = None
    """The text that answers HELP where the vendor hasn't: who writes, how to reach them, how to stop. Without one only
    our people see that somebody asked."""
