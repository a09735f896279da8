"""How the demo is shown: a live timeline on a terminal, plain lines elsewhere, nothing at all for --json."""

import asyncio
import sys
from datetime import datetime
from pathlib import Path
from typing import Protocol, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from runtime.demo.performance import Report
from runtime.demo.timeline import Kind, Line, Timeline
from runtime.embedded.addresses import Urls
from runtime.unseen import printable

SLOW = 6
"""So many leads come at a pace at which one can read."""

SLOW_PACE, QUICK_PACE = 5.0, 1.5
STEP_PACE = 0.25
"""Seconds: after a slow lead, after a quick one, after a step of time."""

WAITING = 6
ROOM = 5
_STYLES: dict[Kind, tuple[str, str]] = {
    "came": ("comes", "bold cyan"),
    "decided": ("decided", "yellow"),
    "text": ("text →", "green"),
    "said": ("says ←", "bold magenta"),
    "chat": ("chat", "blue"),
    "press": ("presses", "bold blue"),
    "went": ("goes", "bold red"),
    "calls": ("calls ←", "bold magenta"),
    "rings": ("rings", "bright_yellow"),
    "hears": ("hears", "yellow"),
    "takes": ("takes", "bold green"),
    "passes": ("passes", "bold red"),
    "talks": ("talks", "bold bright_green"),
    "machine": ("machine", "red"),
}


class Screen(Protocol):
    """An audience that also sees the verdict; entered for as long as it watches."""

    is_watching: bool

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None: ...

    def sees(self, timeline: Timeline, lines: list[Line], now: datetime) -> None: ...

    def pace(self, number: int) -> float: ...

    async def linger(self, moment: datetime) -> None: ...

    def hears(self, words: str) -> None:
        """News of the stack itself: deaths and restarts."""

    def ends(self, report: Report) -> None: ...


class Nothing:
    """For --json: sees nothing, says nothing, in no hurry to be understood."""

    is_watching = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        return None

    def hears(self, words: str) -> None:
        sys.stderr.write(f"{words}\n")

    def sees(self, timeline: Timeline, lines: list[Line], now: datetime) -> None:
        return None

    def pace(self, number: int) -> float:
        return 0.0

    async def linger(self, moment: datetime) -> None:
        return None

    def ends(self, report: Report) -> None:
        return None


class _Output(Console):
    """A reader who has seen enough is the caller's to notice; rich would end the process in the midst of a task."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


class Lines(Nothing):
    """A line for each thing that happens. `speed`: so many times as fast as a person reads; infinite: no pauses."""

    is_watching = True

    def __init__(self, speed: float, console: Console | None = None) -> None:
        self.console = console or _Output(highlight=False, soft_wrap=True)
        self._speed = speed

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is asyncio.CancelledError:
            self.console.print("Stopping…")

    def hears(self, words: str) -> None:
        for line in words.splitlines():
            self.console.print(Text.assemble((f"{'':21}{'stack':<9}", "bold red"), printable(line)))

    def sees(self, timeline: Timeline, lines: list[Line], now: datetime) -> None:
        for line in lines:
            self.console.print(self.lay_out(timeline, line))

    def lay_out(self, timeline: Timeline, line: Line) -> RenderableType:
        """One line, however long."""
        return Text.assemble(*stamp(timeline, line), *told(line))

    def pace(self, number: int) -> float:
        return (SLOW_PACE if number < SLOW else QUICK_PACE) / self._speed

    async def linger(self, moment: datetime) -> None:
        if pause := STEP_PACE / self._speed:
            await asyncio.sleep(pause)

    def ends(self, report: Report) -> None:
        for line in plain_verdict(report):
            self.console.print(Text(line))


class Terminal(Lines):
    """Lines that scroll, and below them, always in sight: addresses, clock, what waits next."""

    def __init__(self, speed: float, urls: Urls, data: Path) -> None:
        super().__init__(speed, _Output(highlight=False))
        self._urls = urls
        self._data = data
        self._live = Live(Text("starting"), console=self.console, refresh_per_second=8, transient=True)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        self._live.stop()
        super().__exit__(kind, *rest)

    def ends(self, report: Report) -> None:
        self.console.print(verdict(report))

    def sees(self, timeline: Timeline, lines: list[Line], now: datetime) -> None:
        super().sees(timeline, lines, now)
        self._live.update(self._panel(timeline, now))

    def lay_out(self, timeline: Timeline, line: Line) -> RenderableType:
        """What doesn't fit goes on below, beside the clock."""
        grid = Table.grid(padding=0)
        grid.add_column(no_wrap=True)
        grid.add_column(ratio=1)
        grid.add_row(Text.assemble(*stamp(timeline, line)), Text.assemble(*told(line)))
        return grid

    def _panel(self, timeline: Timeline, now: datetime) -> Panel:
        waiting = Table(box=None, pad_edge=False, show_header=False)
        for each in timeline.waiting(WAITING):
            waiting.add_row(Text(timeline.clock(each.at), "dim"), Text(printable(each.who), "bold"), Text(each.what))
        where = Text.assemble(
            ("console ", "dim"), f"{self._urls.console}   ", ("Temporal UI ", "dim"), f"{self._urls.temporal_ui}   ",
            ("Ctrl-C ends", "dim"),
        )  # fmt: skip
        stand = Text.assemble((timeline.clock(now), "bold"), f"   {timeline.count()}")
        listed = Text.assemble(("leads ", "dim"), f"baton lead list --data {self._data}")
        shown = Group(where, listed, stand, Text("what waits next", "dim"), waiting)
        # A terminal writes ^C where the cursor is: with room for it, it breaks no line and the panel can be wiped.
        return Panel(shown, title="Baton", border_style="cyan", width=max(self.console.width - ROOM, 1))


def stamp(timeline: Timeline, line: Line) -> list[tuple[str, str]]:
    """When, and what sort."""
    label, style = _STYLES[line.kind]
    return [(f"{timeline.clock(line.at)}  ", "dim"), (f"{label:<9}", style)]


def told(line: Line) -> list[tuple[str, str]]:
    """Who, and what."""
    who = "" if line.kind == "chat" else printable(line.who)
    return [(f"{who}  " if who and line.what else who, "bold"), (printable(line.what), "")]


def verdict(report: Report) -> Group:
    """How everything ended."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("", "lead", "id", "source", "ended"):
        table.add_column(name, overflow="fold")
    for each in report.leads:
        mark = Text("✓", "green") if each.ok else Text("✗", "bold red")
        said = "\n".join(map(printable, (each.ended, *each.faults)))
        table.add_row(mark, each.lead, each.lead_id or "", each.source.replace("_", " "), Text(said))
    return Group(Text(), table, Text(), Text(_figures(report), "bold"))


def plain_verdict(report: Report) -> list[str]:
    """The same, a line for each lead, however wide."""
    rows = [
        f"{'✓' if each.ok else '✗'}  {each.lead:<8}{each.lead_id or '':<38}{each.source.replace('_', ' '):<18}"
        f"{printable('; '.join((each.ended, *each.faults)))}"
        for each in report.leads
    ]
    return ["", *rows, "", _figures(report)]


def _figures(report: Report) -> str:
    s = report.summary
    figures = (
        f"{s.leads} leads, {s.connected} of {s.calls} calls connected, "
        f"{s.held} held until a decent hour, {s.lost} lost, {s.duplicate_touches} touched twice; "
        f"first text after {s.first_touch_p50_ms} ms (p50), {s.first_touch_p99_ms} ms (p99)"
    )
    good = sum(each.ok for each in report.leads)
    return f"{good} of {len(report.leads)} ended as scripted. {figures}"
