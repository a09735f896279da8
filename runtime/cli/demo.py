"""`baton demo`: scripted leads on an embedded stack of its own, live or played through in one go. No decision here."""

import asyncio
import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from domain.errors import BatonError
from runtime.cli.options import AsJson, refuse
from runtime.cli.stack import PortBase, require_usable
from runtime.demo import script
from runtime.demo.lines import AT_ONCE, WATCHED
from runtime.demo.patience import DemoError
from runtime.demo.performance import Performance, Report
from runtime.demo.screen import Lines, Nothing, Screen, Terminal
from runtime.embedded import foreground
from runtime.embedded.stack import DEFAULT_POLICY, Options, Stack
from runtime.logs import configure_logs

LOOK_EVERY = 0.5
SLOWEST, FASTEST = 0.1, 1000

Data = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="DIR", help="Where to keep everything.", show_default="a new folder, gone at the end"
    ),
]
Once = Annotated[bool, typer.Option("--once", help="Play all of it at once, check how it ended, and stop.")]
Speed = Annotated[
    float, typer.Option(metavar="N", help="So many times as fast as one can read along, 0.1 to 1000; without --once.")
]


def demo(
    once: Once = False, as_json: AsJson = False, data: Data = None, port_base: PortBase = None, speed: Speed = 1.0
) -> None:
    """Watch a morning of leads come in through the real webhooks, and the days after it. Ctrl-C ends it.

    With --once it is played without pauses; exit status 0 only if every lead ended as the script says.
    """
    if as_json and not once:
        raise typer.BadParameter("it is the report of --once: say both", param_hint="--json")
    if not SLOWEST <= speed <= FASTEST:
        raise typer.BadParameter(f"{speed} is not from {SLOWEST} to {FASTEST}", param_hint="--speed")
    configure_logs()
    require_usable(DEFAULT_POLICY)
    folder = data or Path(tempfile.mkdtemp(prefix="baton-demo-"))
    show = _Show(folder, port_base, math.inf if once else speed, as_json)
    kept = data is not None
    try:
        asyncio.run(foreground.run(show.stack, show.announce, show.play))
    except BatonError as reason:
        kept = True
        refuse(f"{reason}\nEverything of this run is kept in {folder}.")
    except BrokenPipeError:
        _stop_writing()
    finally:
        if not kept:
            _remove(folder)
    if once and not (show.report and show.report.is_as_scripted):
        raise typer.Exit(1)


class _Show:
    """One evening: which screen, what is announced, what is played."""

    def __init__(self, folder: Path, port_base: int | None, speed: float, as_json: bool) -> None:
        self._tempo = WATCHED if speed < math.inf else AT_ONCE
        options = Options(port_base=port_base, start_at=script.START, call_pace=self._tempo.pace, say=self._aside)
        self.stack = Stack(folder, options)
        self._watching: Screen = Nothing()
        self.report: Report | None = None
        self._speed = speed
        self._as_json = as_json

    def announce(self, stack: Stack) -> None:
        """Where everything is."""
        if not self._as_json:
            typer.echo(_welcome(stack))

    async def play(self) -> None:
        """The performance; then, unless it is played just once, whatever still comes."""
        with self._screen() as screen:
            self._watching = screen
            try:
                await self._perform(screen)
            finally:
                self._watching = Nothing()  # what the stack says while it stops

    async def _perform(self, screen: Screen) -> None:
        async with Performance(self.stack, screen, self._tempo) as performance:
            if not await performance.is_fresh():
                where = self.stack.data.path
                raise DemoError(f"{where} holds leads already: go on with `baton up --data {where}`, or name another.")
            self.report = await performance.play()
            screen.ends(self.report)
            if self._as_json:
                typer.echo(self.report.model_dump_json())
            while self._is_watched:
                await asyncio.sleep(LOOK_EVERY)
                await performance.look()

    def _aside(self, words: str) -> None:
        self._watching.hears(words)

    def _screen(self) -> Screen:
        if self._as_json:
            return Nothing()
        if self._is_watched and sys.stdout.isatty():
            return Terminal(self._speed, self.stack.urls, self.stack.data.path)
        return Lines(self._speed)

    @property
    def _is_watched(self) -> bool:
        return self._speed < math.inf


def _welcome(stack: Stack) -> str:
    urls = stack.urls
    return (
        f"Console      {urls.console}\n"
        f"Temporal UI  {urls.temporal_ui}\n"
        f"Simulator    {urls.simulator}/sim/log\n"
        f"Data         {stack.data.path}\n"
        f"Leads        baton lead list --data {stack.data.path}\n"
        "Everybody here is fictional. The clock begins on a Tuesday at nine in Chicago, whatever the hour is here.\n"
    )


def _remove(folder: Path) -> None:
    """Thousands of files take seconds: a child of no terminal does it, which no Ctrl-C reaches and nobody waits for."""
    quiet = subprocess.DEVNULL
    subprocess.Popen(["rm", "-rf", "--", str(folder)], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)


def _stop_writing() -> None:
    """Whoever read us has seen enough; what is still to be flushed goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
