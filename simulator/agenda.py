"""What people are going to do and when, on the embedded clock. It keeps time; personas decide, phones and Slack act."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict

from simulator.clock import EmbeddedClock
from simulator.journal import Journal


class Reaction(BaseModel):
    """A person's next act: a text (phone, body) or a press of a button (rep, action_id, value).

    `key` identifies it for good: a text is sent under it as its SID, so that a repeat after a crash is recognised.
    """

    model_config = ConfigDict(frozen=True)

    key: str
    due: AwareDatetime
    phone: str | None = None
    body: str | None = None
    rep: str | None = None
    action_id: str | None = None
    value: str | None = None
    then_after_seconds: float | None = None
    then_code: str | None = None
    waiting: bool = False


class Agenda:
    """Reactions by due time, then in the order in which they were made. A released one is forgotten only when done."""

    def __init__(self, clock: EmbeddedClock, journal: Journal) -> None:
        self._clock = clock
        self._journal = journal
        self._wake = asyncio.Event()
        stored = [Reaction.model_validate(value) for value in journal.read("reaction").values()]
        self._pending = [reaction for reaction in stored if not reaction.waiting]
        self._waiting = [reaction for reaction in stored if reaction.waiting]

    def add(self, reaction: Reaction) -> None:
        self._journal.put("reaction", reaction.key, reaction)
        self._pending.append(reaction)
        self._wake.set()

    def wait_for_button(self, reaction: Reaction) -> None:
        """The button isn't there yet: keep the intention until a message shows it."""
        kept = reaction.model_copy(update={"waiting": True})
        self._journal.put("reaction", kept.key, kept)
        self._waiting.append(kept)

    def wanted(self, rep_sees: Callable[[Reaction], bool]) -> None:
        """Make due at once whatever waited for a button that a message now shows."""
        for reaction in [held for held in self._waiting if rep_sees(held)]:
            self._waiting.remove(reaction)
            self.add(reaction.model_copy(update={"waiting": False, "due": self._clock.now()}))

    def done(self, reaction: Reaction) -> None:
        self._journal.put("reaction", reaction.key, None)

    @property
    def next_due(self) -> datetime | None:
        return min((reaction.due for reaction in self._pending), default=None)

    @property
    def pending(self) -> int:
        return len(self._pending)

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    @property
    def upcoming(self) -> list[Reaction]:
        """What people are going to do, earliest first; those who wait for a button last."""
        return [*sorted(self._pending, key=lambda each: each.due), *self._waiting]

    def release(self) -> list[Reaction]:
        """Take what is due now, earliest first."""
        now = self._clock.now()
        ready = sorted((each for each in self._pending if each.due <= now), key=lambda each: each.due)
        self._pending = [each for each in self._pending if each.due > now]
        return ready

    async def sleep(self) -> None:
        """Until something is due or the clock or the agenda changed."""
        due = self.next_due
        self._wake.clear()
        pause = None if due is None else max((due - self._clock.now()).total_seconds(), 0.0)
        try:
            await asyncio.wait_for(self._wake.wait(), pause)
        except TimeoutError:
            return

    def changed(self) -> None:
        self._wake.set()

    def clear(self) -> None:
        self._pending.clear()
        self._waiting.clear()
        self._wake.set()
