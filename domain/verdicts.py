"""What a vendor's error code comes to, in our own words. The tables of codes are data beside it; nothing is decided
here."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Verdict(StrEnum):
    """Each code has one. What is done about it is in docs/decisions/0026-what-a-vendors-error-means.md."""

    FINAL = "final"  # this touch won't be made; another may
    RETRY = "retry"  # the way was closed for a while
    FIX_DATA = "fix_data"  # the number takes none of our texts: none goes there again until it is given anew
    OPT_OUT = "opt_out"  # the person told it to stop
    OURS = "ours"  # credentials, account, sender, webhooks: an operator must act
    THROTTLED = "throttled"  # too fast, or too much for a day


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one code means. `says` ends the sentence "the vendor says: …" and names no person; `after` is how long to
    wait where waiting helps."""

    verdict: Verdict
    says: str
    after: timedelta | None = None
