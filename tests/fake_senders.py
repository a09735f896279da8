"""Our numbers in memory: domain.senders.Senders and Bursts, held to the same suite as the real ones."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.senders import Asking, Backlog, Burst, Known, Turn

GONE = timedelta(seconds=5)


@dataclass
class Waiting:
    """A text whose turn has not come."""

    asking: Asking
    asked: datetime
    back: datetime

    @property
    def order(self) -> tuple[int, datetime, str]:
        return self.asking.rank, self.asked, self.asking.touch_id


@dataclass
class FakeSenders:
    """`knows` is what is answered of everybody; `now` the server's clock."""

    knows: Known = field(default_factory=Known)
    now: datetime | None = None
    free: dict[tuple[str, str], datetime] = field(default_factory=dict)
    spent: dict[tuple[str, str, str], int] = field(default_factory=dict)
    queue: dict[str, Waiting] = field(default_factory=dict)
    asked: list[Asking] = field(default_factory=list)
    open: dict[str, Burst] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)

    async def known(self, tenant: str, person_id: str, phone: str | None, zone: str, touch_id: str) -> Known:
        return self.knows

    async def take(self, asking: Asking, now: datetime | None = None) -> Turn:
        moment = now or self.now or datetime.now(UTC)
        self.asked.append(asking)
        local = moment.astimezone(ZoneInfo(asking.zone))
        day = str(local.date())
        if self._is_full(asking, day):
            self.queue.pop(asking.touch_id, None)
            midnight = datetime.combine(local.date() + timedelta(days=1), local.min.time(), local.tzinfo)
            return Turn(granted=False, full=True, wait=midnight - moment)
        if asking.per_second is not None and (wait := self._wait(asking, moment)):
            return Turn(granted=False, wait=wait)
        spent = (asking.tenant, day, asking.sender)
        self.spent[spent] = self.spent.get(spent, 0) + asking.segments
        return Turn(granted=True)

    def _is_full(self, asking: Asking, day: str) -> bool:
        own = self.spent.get((asking.tenant, day, asking.sender), 0) + asking.segments
        of_all = asking.segments + sum(
            each for (tenant, when, _), each in self.spent.items() if (tenant, when) == (asking.tenant, day)
        )
        return (asking.per_day is not None and own > asking.per_day) or (
            asking.all_per_day is not None and of_all > asking.all_per_day
        )

    def _wait(self, asking: Asking, now: datetime) -> timedelta:
        key, rate = (asking.tenant, asking.sender), float(asking.per_second or 1)
        self.queue = {name: each for name, each in self.queue.items() if each.back >= now - GONE}
        mine = self.queue.setdefault(asking.touch_id, Waiting(asking, now, now))
        mine.asking = asking
        ahead = [each for each in self.queue.values() if self._key(each) == key and each.order < mine.order]
        free = max(self.free.get(key, now), now)
        wait = free - now + timedelta(seconds=sum(each.asking.segments for each in ahead) / rate)
        if wait > timedelta(0):
            mine.back = now + wait
            return wait
        self.free[key] = free + timedelta(seconds=asking.segments / rate)
        del self.queue[asking.touch_id]
        return timedelta(0)

    @staticmethod
    def _key(waiting: Waiting) -> tuple[str, str]:
        return waiting.asking.tenant, waiting.asking.sender

    async def waiting(self, tenant: str) -> tuple[Backlog, ...]:
        found: dict[str, list[Waiting]] = {}
        for each in self.queue.values():
            if each.asking.tenant == tenant:
                found.setdefault(each.asking.sender, []).append(each)
        return tuple(
            Backlog(sender=sender, waiting=len(all_), last_in=max(each.back for each in all_) - all_[0].asked)
            for sender, all_ in sorted(found.items())
        )

    async def bursts(self, tenant: str, again: timedelta) -> tuple[Burst, ...]:
        return tuple(burst for name, burst in self.open.items() if name not in self.heard)

    async def told(self, alert_id: str) -> None:
        self.heard.append(alert_id)
