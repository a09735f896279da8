"""Running leads on their way to another policy: which ones, what would change, what was done. No judgement.

`InFlight` holds facts, and so personal data; what is answered to people holds ids, stages and moments only.
"""

from datetime import datetime
from typing import Protocol

from pydantic import Field

from domain.adoption import Answered
from domain.lead import Lead
from domain.messages import HASH, WORD
from domain.publications import Candidate
from domain.values import Action, Given, Stage, Stored

LEAD_ID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"

BY = r"^[a-z0-9][a-z0-9_.:-]{0,63}$"
"""Who moves leads: a handle or a system's name. It reaches Temporal, so it is nobody's address."""


class Selection(Given):
    """Which running leads; None means any."""

    source: str | None = Field(default=None, pattern=WORD, max_length=64)
    stage: Stage | None = None
    lead: str | None = Field(default=None, pattern=LEAD_ID)


class Previewing(Given):
    """What would change for leads under a published policy, `to`, or a candidate; neither means the active policy.
    `cursor` goes on where the page before ended."""

    to: str | None = Field(default=None, pattern=HASH)
    candidate: Candidate | None = None
    selection: Selection = Selection()
    limit: int = Field(default=200, ge=1, le=200)
    cursor: str | None = Field(default=None, pattern=LEAD_ID)


class Moving(Given):
    """Tell running leads to follow a policy: `to`, or the active one. `key` names the migration: a lead is told once
    under it."""

    to: str | None = Field(default=None, pattern=HASH)
    selection: Selection = Selection()
    by: str = Field(pattern=BY)
    key: str = Field(pattern=BY)
    note: str = Field(default="", max_length=500)
    limit: int = Field(default=50, ge=1, le=50)
    cursor: str | None = Field(default=None, pattern=LEAD_ID)


class InFlight(Stored):
    """A running lead: its state as last written down, its own clock, and what was answered in this cycle."""

    lead: Lead
    now: datetime
    answers: tuple[Answered, ...] = ()


class NextAction(Stored):
    """What a lead does next, and when; nothing is due where `action` is None. A rest that runs out
    is wake, an SLA that is missed sla, the end of a lead close. Now, without a moment: work where the first ladder is
    over and an outcome is owed, end where nothing is left to ask for it by, so that policy is asked what comes next."""

    action: Action | str | None = None
    at: datetime | None = None
    template: str | None = None


class Moved(Stored):
    """One lead whose next action would change. `fires`: something would be due now that isn't yet."""

    lead_id: str
    source: str
    stage: str
    owner: str | None
    follows: str
    before: NextAction
    after: NextAction
    fires: bool


class Preview(Stored):
    """One page. `unclear` are leads that could not be judged by that policy; they are listed by id."""

    to: str
    in_flight: int
    changing: int
    firing: int
    leads: tuple[Moved, ...]
    unclear: tuple[str, ...] = ()
    cursor: str | None = None


class Untold(Stored):
    """A lead that didn't take it up, and why."""

    lead_id: str
    because: str


class Migrated(Stored):
    """One page: how many took it up, which refused, and which could not be reached, to be told again."""

    to: str
    adopted: int
    refused: tuple[Untold, ...] = ()
    unreachable: tuple[Untold, ...] = ()
    cursor: str | None = None


class Page(Stored):
    """Leads in the order of their ids; a cursor when there are more."""

    leads: tuple[InFlight, ...]
    cursor: str | None = None


class Wanted(Stored):
    """A page of running leads that don't follow policy `to` yet."""

    to: str
    selection: Selection
    limit: int
    cursor: str | None = None


class MigrationRow(Stored):
    """One line of the log of migrations: what one page came to."""

    key: str
    to_hash: str
    by: str
    note: str
    selection: Selection
    adopted: int
    refused: int
    unreachable: int


class Cohorts(Protocol):
    """Running leads by policy, and the log of migrations. One tenant's."""

    async def page(self, wanted: Wanted, now: datetime) -> Page: ...

    async def log(self, row: MigrationRow) -> None: ...
