"""Attempts at one touch, each as an activity of its own; any of them may be killed between two steps."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Literal, cast

from temporalio.testing import ActivityEnvironment

from activities.delivery import Delivery, Patience, Wire
from activities.intents import touch_id_of
from domain.ledger import Intent
from domain.orders import Touched
from domain.ports import Ledger
from domain.values import Channel, Purpose
from tests.builders import NOON
from tests.fake_ledger import FakeLedger
from tests.fakes import FakeSms

QUICK = Patience(
    callback=timedelta(milliseconds=5),
    first_listing=timedelta(milliseconds=10),
    listing=timedelta(milliseconds=10),
    limit=timedelta(milliseconds=200),
)
KEY = "lead-1:1:text-1"
INTENT = Intent(
    touch_id=touch_id_of(KEY),
    key=KEY,
    tenant="main",
    lead_id="lead-1",
    person_id="p1",
    channel=Channel.SMS,
    purpose=Purpose.RESPONSIVE,
    recipient="+15125550142",
    sender="+15125550100",
    body="Hi Dana",
    lead_now=NOON,
)

When = Literal["before", "after"]


class Killed(BaseException):
    """SIGKILL: nothing of the attempt runs any more, no handler, no cleanup."""


@dataclass
class Life:
    """Counts the steps of one attempt, and ends it before or after the one it is told; never, by default."""

    ends_at: int = 0
    when: When = "before"
    steps: list[str] = field(default_factory=list)

    def lived(self, real: object) -> Any:  # Any: stands for whatever port `real` is
        """`real`, each of whose methods is a step."""
        return _Mortal(real, self)

    async def step(self, name: str, method: Callable[..., Awaitable[object]], *args: object) -> object:
        self.steps.append(name)
        mine = len(self.steps) == self.ends_at
        if mine and self.when == "before":
            raise Killed
        done = await method(*args)
        if mine:
            raise Killed
        return done


class _Mortal:
    def __init__(self, real: object, life: Life) -> None:
        self._real = real
        self._life = life

    def __getattr__(self, name: str) -> Any:  # Any: a step, or the plain value that is no method
        method = getattr(self._real, name)
        if not callable(method):
            return method
        return lambda *args: self._life.step(name, method, *args)


@dataclass
class Stage:
    """A ledger, a phone network, and attempts at the same touch. A vendor's listing counts at once."""

    ledger: FakeLedger = field(default_factory=lambda: FakeLedger(grace=timedelta(0)))
    sms: FakeSms = field(default_factory=FakeSms)
    patience: Patience = QUICK
    heartbeats: list[tuple[Any, ...]] = field(default_factory=list)
    attempts: int = 0
    through: tuple[object, object] | None = (
        None  # the ledger and the phone network as attempts see them, if not plainly
    )

    async def attempt(self, life: Life | None = None) -> Touched:
        """The next attempt, by the protocol."""
        self.attempts += 1
        life = life or Life()
        seen = self.through or (self.ledger, self.sms)
        ledger, wire = cast(Ledger, life.lived(seen[0])), cast(Wire, life.lived(seen[1]))
        delivery = Delivery(ledger, self.patience)
        environment = ActivityEnvironment()
        environment.info = replace(environment.info, attempt=self.attempts)
        environment.on_heartbeat = lambda *details: self.heartbeats.append(details)
        touched: Touched = await environment.run(delivery.make, INTENT, wire)
        return touched

    async def dies(self, ends_at: int, when: When) -> bool:
        """An attempt that is killed at that step; False when it came to its end before."""
        try:
            await self.attempt(Life(ends_at, when))
        except Killed:
            return True
        return False

    @property
    def texts(self) -> int:
        """How many texts the phone really received."""
        return len(self.sms.told)

    @property
    def state(self) -> str:
        """Where the ledger says the touch stands."""
        return str(self.ledger.rows[INTENT.touch_id].state)
