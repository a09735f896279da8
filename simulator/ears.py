"""What the person on a leg hears, says and presses, and whom they are with. A machine hears nothing; it keeps what is
said to it after its beep."""

import asyncio
import time
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from simulator.lines import KeyPress

if TYPE_CHECKING:
    from simulator.leg import Leg


class Ears:
    """Everything that reaches the person goes through here, and into the log."""

    def __init__(self, leg: "Leg") -> None:
        self._leg = leg
        self._presses = deque(leg.line.presses)
        self._keys: asyncio.Queue[str] | None = None
        self._kept: list[str] = []
        self._heard: list[str] = []
        self._since: float | None = None
        self._clock: asyncio.TimerHandle | None = None
        self.talked = 0.0

    async def hear(self, words: str, seconds: float) -> None:
        """Words or a sound that last so long. A machine keeps of them what was said before the line was cut."""
        leg, begun = self._leg, time.monotonic()
        if not leg.line.is_machine:
            self._heard.append(words)
            leg.note("heard", words)
        elif begun < leg.answered_at + leg.line.greeting:
            leg.note("unheard", words, delivered=False, detail="the greeting was still playing")
        else:
            self._kept.append(words)
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            self._cut(words, (time.monotonic() - begun) / seconds if seconds else 1.0)
            raise

    def _cut(self, words: str, part: float) -> None:
        if self._kept and self._kept[-1] == words:
            said = words.split()
            self._kept[-1] = " ".join(said[: int(len(said) * part)])

    def listen(self) -> asyncio.Queue[str]:
        """Something listens for keys from now on; a person presses the first of their presses that fits, in its
        time."""
        keys = self._keys = asyncio.Queue()
        if not self._leg.line.is_machine:
            self._choose(keys, time.monotonic())
        return keys

    def _choose(self, keys: "asyncio.Queue[str]", begun: float) -> None:
        """Look at each press when its time has come, in their order; one that fits whatever was heard is spent now."""
        gone = time.monotonic() - begun
        for turn in tuple(self._presses) if self._keys is keys else ():
            if turn.about is not None and gone < turn.after:
                self._leg.later(turn.after - gone, partial(self._choose, keys, begun))
                return
            if turn.about is None or any(turn.about in words for words in self._heard):
                self._spend(turn)
                self._leg.later(max(turn.after - gone, 0.0), partial(self._press_into, keys, turn.digits))
                return

    def _press_into(self, keys: "asyncio.Queue[str]", digits: str) -> None:
        if self._keys is keys:
            self.press(digits)

    def _spend(self, turn: KeyPress) -> None:
        self._presses.remove(turn)
        self._leg.switch.lines.pressed(self._leg.phone, turn)

    def listen_quietly(self) -> asyncio.Queue[str]:
        """As `listen`, where nobody was asked to press anything: only keys that a test presses come."""
        self._keys = asyncio.Queue()
        return self._keys

    def stop_listening(self) -> None:
        self._keys = None

    def press(self, digits: str) -> None:
        self._leg.note("pressed", digits, detail=None if self._keys else "nothing listened")
        for digit in digits if self._keys else "":
            self._keys.put_nowait(digit)  # type: ignore[union-attr]  # the line above says so

    def together(self, with_somebody: bool) -> None:
        """Whether another person hears them now; their time of talk runs meanwhile."""
        now, leg = time.monotonic(), self._leg
        if with_somebody and self._since is None:
            self._since = now
            if leg.line.talks_for is not None:
                left = max(leg.line.talks_for - self.talked, 0.0)
                self._clock = leg.later(left, lambda: leg.hang_up("the person hung up"))
        elif not with_somebody and self._since is not None:
            self.talked += now - self._since
            self._since = None
            if self._clock is not None:
                self._clock.cancel()

    @property
    def ahead(self) -> float:
        """How many more seconds of talk the vendor reports than took place until now."""
        talked = self.talked + (time.monotonic() - self._since if self._since is not None else 0.0)
        return talked * (self._leg.switch.settings.sim_call_pace - 1)

    def close(self) -> None:
        """The line is dead: what was left on the machine, and how the call ended."""
        self.together(with_somebody=False)
        leg = self._leg
        left = " ".join(words for words in self._kept if words)
        if left:
            leg.note("voicemail_left", left)
        talk = self.talked * leg.switch.settings.sim_call_pace
        leg.note("hung_up", detail=f"{leg.call.status}: {leg.how}, {talk:.1f} s of talk")
