"""People who answered a call and were connected with nobody: counted by what they came by, over thirty days (N24).
Pure; no personal data."""

from domain.values import Stored


class Abandonment(Stored):
    """Calls of thirty days that a person answered, and those of them that were abandoned: 16 CFR 310.4(b)(4)(i)."""

    answered: int = 0
    abandoned: int = 0

    def is_near(self, most: float, margin: float) -> bool:
        """Whether one more abandoned call would come nearer to `most`, a share, than `margin` of it allows."""
        return self.abandoned + 1 > most * (1 - margin) * (self.answered + 1)
