"""How people behave on the phone: what happens when their number is rung. It decides; simulator/leg.py acts it out.

Calls live in real time, not on the embedded clock: every figure here is in real seconds, whatever BATON_SIM_CALL_PACE
makes of a talk in what the vendor reports.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from simulator.journal import Journal
from simulator.personas import MOST

Seconds = Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)]
Digits = Annotated[str, Field(pattern=r"^[0-9*#]{1,32}$")]


class KeyPress(BaseModel):
    """Keys that a person presses, `after` seconds into a Gather that listens.

    `about` is a part of what was heard on this call by then, say a lead's name: without it this press isn't made, and
    the next one is tried. `times`: in so many calls (None: in each).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    digits: Digits
    after: Seconds = 0.5
    about: str | None = Field(default=None, min_length=1)
    times: int | None = Field(default=None, ge=1, le=MOST)


class Manners(BaseModel):
    """What a person does while on the line.

    `presses` are spent one per Gather that listens; with none left, or none that fits, nothing is pressed.
    `hangs_up_after` counts from the moment the line was answered (None: stays until the other side ends). `talks_for`
    counts while the person is with another one, in a conference or a bridge, and ends in hanging up. `says` is what a
    Record hears.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    presses: tuple[KeyPress, ...] = ()
    hangs_up_after: Seconds | None = None
    talks_for: Seconds | None = None
    says: str = ""


class LinePersona(Manners):
    """Takes the next `times` calls to this phone (None: every one)."""

    phone: str = Field(pattern=r"^\+[1-9]\d{6,14}$")
    line: Literal["answers", "no_answer", "busy", "voicemail", "rejects", "unreachable"]
    rings_for: Seconds = 1.0
    greeting: Seconds = 1.0
    times: int | None = Field(default=None, ge=1, le=MOST)
    line_type: Literal["mobile", "landline", "voip"] = "mobile"

    @property
    def is_machine(self) -> bool:
        return self.line == "voicemail"


class Lines:
    """A number has a queue of line personas: the first with turns left takes the call. Without one nobody answers."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._queues = {
            phone: [LinePersona.model_validate(each) for each in value]
            for phone, value in journal.read("line").items()
            if isinstance(value, list)
        }

    def set(self, personas: Sequence[LinePersona]) -> None:
        """Replace the queues of the numbers named."""
        queues: dict[str, list[LinePersona]] = {}
        for persona in personas:
            queues.setdefault(persona.phone, []).append(persona)
        for phone, queue in queues.items():
            self._keep(phone, queue)

    def clear(self) -> None:
        self._queues.clear()

    def meets_call(self, phone: str) -> LinePersona:
        """Who is at the other end; spends one turn."""
        queue = self._queues.get(phone, [])
        if not queue:
            return LinePersona(phone=phone, line="no_answer")
        first, rest = queue[0], queue[1:]
        if first.times is not None:
            spent = first.model_copy(update={"times": first.times - 1})
            self._keep(phone, [spent, *rest] if first.times > 1 else rest)
        return first

    def pressed(self, phone: str, press: KeyPress) -> None:
        """One of this press's calls is spent, where it is counted."""
        if press.times is None:
            return
        left = press.model_copy(update={"times": press.times - 1}) if press.times > 1 else None
        queue = self._queues.get(phone, [])
        holder = next((each for each in queue if press in each.presses), None)
        if holder is not None:
            after = holder.model_copy(update={"presses": _with(holder.presses, press, left)})
            self._keep(phone, [after if each is holder else each for each in queue])

    def line_type(self, phone: str) -> str:
        queue = self._queues.get(phone)
        return queue[0].line_type if queue else "mobile"

    def _keep(self, phone: str, queue: list[LinePersona]) -> None:
        self._queues[phone] = queue
        self._journal.put("line", phone, [each.model_dump(mode="json") for each in queue])


def _with(presses: tuple[KeyPress, ...], press: KeyPress, left: KeyPress | None) -> tuple[KeyPress, ...]:
    place = presses.index(press)
    return (*presses[:place], *([left] if left is not None else []), *presses[place + 1 :])
