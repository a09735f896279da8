"""How the demo is shown: a live timeline on a terminal, plain lines elsewhere, nothing at all for --json."""

import asyncio
from datetime import datetime
from typing import Protocol, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from runtime.demo.performance import Report
from runtime.demo.timeline import Kind, Line, Timeline
from runtime.embedded.addresses import Urls

SLOW = 6
"""So many leads come at a pace at which one can read."""

SLOW_PACE, QUICK_PACE = 5.0, 1.5
STEP_PACE = 0.25
"""Seconds: after a slow lead, after a quick one, after a step of time."""

WAITING = 6
_STYLES: dict[Kind, tuple[str, str]] = {
    "came": ("comes", "bold cyan"),
    "decided": ("decided", "yellow"),
    "text": ("text →", "green"),
    "said": ("says ←", "bold magenta"),
    "chat": ("chat", "blue"),
    "press": ("presses", "bold blue"),
    "went": ("goes", "bold red"),
}


class Screen(Protocol):
    """An audience that also sees the verdict; entered for as long as it watches."""

    is_watching: bool

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def sees(self, timeline: Timeline, lines: list[Line], now: datetime) -> None: ...

    def pace(self, number: int) -> float: ...

    async def linger(self, moment: datetime) -> None: ...

    def ends(self, report: Report) -> None: ...


class Nothing:
    """For --json: sees nothing, says nothing, in no hurry to be understood."""

    is_watching = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def sees(self, timeline: Timeline, lines: list[Line], now: datetime) -> None:
        return None

    def pace(self, number: int) -> float:
        return 0.0

    async def linger(self, moment: datetime) -> None:
        return None

    def ends(self, report: Report) -> None:
        return None


class Lines(Nothing):
    """A line for each thing that happens. `human` keeps a person's pace."""

    is_watching = True

    def __init__(self, human: bool, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, soft_wrap=True)
        self._human = human

    def sees(self, timeline: Timeline, lines: list[Line], now: datetime) -> None:
        for line in lines:
            self.console.print(self.lay_out(timeline, line))

    def lay_out(self, timeline: Timeline, line: Line) -> RenderableType:
        """One line, however long."""
        return Text.assemble(*stamp(timeline, line), *told(line))

    def pace(self, number: int) -> float:
        return 0.0 if not self._human else SLOW_PACE if number < SLOW else QUICK_PACE

    async def linger(self, moment: datetime) -> None:
        if self._human:
            await asyncio.sleep(STEP_PACE)

    def ends(self, report: Report) -> None:
        self.console.print(verdict(report))


class Terminal(Lines):
    """Lines that scroll, and below them, always in sight: addresses, clock, what waits next."""

    def __init__(self, human: bool, urls: Urls) -> None:
        super().__init__(human, Console(highlight=False))
        self._urls = urls
        self._live = Live(Text("starting"), console=self.console, refresh_per_second=8, transient=False)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

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
            waiting.add_row(Text(timeline.clock(each.at), "dim"), Text(each.who, "bold"), Text(each.what))
        where = Text.assemble(
            ("console ", "dim"), f"{self._urls.console}   ", ("Temporal UI ", "dim"), f"{self._urls.temporal_ui}   ",
            ("Ctrl-C ends", "dim"),
        )  # fmt: skip
        stand = Text.assemble((timeline.clock(now), "bold"), f"   {timeline.count()}")
        return Panel(Group(where, stand, Text("what waits next", "dim"), waiting), title="Baton", border_style="cyan")


def stamp(timeline: Timeline, line: Line) -> list[tuple[str, str]]:
    """When, and what sort."""
    label, style = _STYLES[line.kind]
    return [(f"{timeline.clock(line.at)}  ", "dim"), (f"{label:<9}", style)]


def told(line: Line) -> list[tuple[str, str]]:
    """Who, and what."""
    return [("" if line.kind == "chat" else f"{line.who}  ", "bold"), (line.what, "")]


def verdict(report: Report) -> Group:
    """How everything ended."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("", "lead", "source", "ended"):
        table.add_column(name, overflow="fold")
    for each in report.leads:
        mark = Text("✓", "green") if each.ok else Text("✗", "bold red")
        said = "\n".join((each.ended, *each.faults))
        table.add_row(mark, each.lead, each.source.replace("_", " "), Text(said))
    s = report.summary
    figures = (
        f"{s.leads} leads, {s.held} held until a decent hour, {s.lost} lost, {s.duplicate_touches} touched twice; "
        f"first text after {s.first_touch_p50_ms} ms (p50), {s.first_touch_p99_ms} ms (p99)"
    )
    good = sum(each.ok for each in report.leads)
    return Group(Text(), table, Text(), Text(f"{good} of {len(report.leads)} ended as scripted. {figures}", "bold"))
