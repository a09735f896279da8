"""The shape of a "no" of policy. It holds no judgement."""

from datetime import datetime

from domain.values import Refusal

Answer = tuple[Refusal, datetime | None, str]
"""The refusal, when it may be tried again (None: not by waiting), and the rule's name."""
