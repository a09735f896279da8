"""The sweeper: what a crash or an outage left behind reaches its lead, whatever is wrong with the rows beside it."""

from dataclasses import dataclass, field
from datetime import timedelta

from domain.errors import Unavailable
from domain.lead import Lead
from domain.messages import RowRef
from domain.ports import Captured
from runtime.dispatch import Dispatch
from tests.builders import NOON
from tests.fake_phones import FakeCalls


def row(row_id: str, status: str = "joined") -> Captured:
    ref = RowRef(row_id=row_id, kind="reply", at=NOON)
    return Captured(row_id=row_id, status=status, lead_id=f"lead-{row_id}", ref=ref)


@dataclass
class Rows:
    """The sweeper's side of the Captures port."""

    left: tuple[Captured, ...]
    told: list[str] = field(default_factory=list)

    async def left_behind(self, tenant: str, older_than: timedelta, limit: int) -> tuple[Captured, ...]:
        return self.left if tenant == "main" else ()

    async def dispatched(self, row_id: str) -> None:
        self.told.append(row_id)


class Again:
    """A capture that can't take one of the rows."""

    async def again(self, row_id: str) -> Captured:
        if row_id == "torn":
            raise ValueError(row_id)
        return row(row_id)


@dataclass
class Leads:
    """The gateway's side; `down` can't be told."""

    down: str = ""

    async def tell(self, lead_id: str, ref: RowRef) -> None:
        if ref.row_id == self.down:
            raise Unavailable("Temporal does not answer")

    async def start_or_tell(self, lead: Lead, ref: RowRef) -> None:
        raise AssertionError("no lead starts here")


def sweeper(rows: Rows, leads: Leads) -> Dispatch:
    return Dispatch("main", rows, Again(), leads, FakeCalls())  # type: ignore[arg-type]  # the parts of the ports that a sweep asks


async def test_a_row_that_can_not_be_taken_again_holds_up_nobody_elses() -> None:
    rows = Rows((row("torn", "undecided"), row("later", "undecided"), row("told")))
    assert await sweeper(rows, Leads()).sweep() == 3
    assert rows.told == ["later", "told"]


async def test_a_lead_that_can_not_be_told_now_is_told_by_a_later_sweep() -> None:
    rows = Rows((row("first"), row("second")))
    await sweeper(rows, Leads(down="first")).sweep()
    assert rows.told == ["second"]
    await sweeper(rows, Leads()).sweep()
    assert rows.told == ["second", "first", "second"]
