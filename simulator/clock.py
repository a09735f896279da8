"""The embedded clock: real time plus the stack's offset. People live by it, and the log's `at` and events show it.

Signatures and the vendors' own stamps (dates of a Message, a Slack ts, createdate) use real time, as Baton does when it
looks for what it sent: it compares them with its database's clock. Calls live in real time altogether, with
their rings, words and presses: `real_inflight` of GET /sim/next counts a live one, and no clock is moved on under it.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import Field

CENTURY = 36525 * 86400.0
"""Seconds: how far the clock may be moved, and how long people may wait. Further on, dates come to their end."""

Wait = Annotated[float, Field(ge=0, le=CENTURY, allow_inf_nan=False)]
"""Seconds until a person acts."""


class EmbeddedClock:
    """Aware UTC times; the offset may be moved while the simulator runs."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self.offset = offset

    def now(self) -> datetime:
        return self.real_now() + self.offset

    @staticmethod
    def real_now() -> datetime:
        return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """UTC with a Z and microseconds, the form used in every answer of /sim."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
