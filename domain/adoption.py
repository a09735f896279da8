"""What a policy that is to be adopted is asked: the lead as it stands, and what was answered in this cycle so far.

Holds facts, and so personal data: PostgreSQL only. No workflow may import this.
"""

from domain.decisions import Decision, Followup
from domain.facts import Facts
from domain.lead import Lead
from domain.values import Stored


class Answered(Stored):
    """A stored answer with what it was made from; `asked` is None for a triage."""

    decision: Decision
    facts: Facts
    asked: Followup | None = None


class Adopting(Followup):
    """The question. `answers` are those of the lead's cycle, oldest first."""

    lead: Lead
    answers: tuple[Answered, ...] = ()


def read_question(text: str) -> Followup:
    """A stored question, of whichever kind."""
    plain = Followup.model_validate_json(text)
    return Adopting.model_validate_json(text) if plain.kind == "adopt" else plain
