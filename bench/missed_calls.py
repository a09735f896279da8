"""`python -m bench.missed_calls`: from a call that nobody took to the text at the vendor, on a fresh embedded stack.
Exit status 1 when the bar is missed.

Open loop: callers come when they come (Poisson, seeded), hear it ring and hang up after about a second. Both moments
are the simulator's own. One machine holds callers, stack and simulator.
"""

import asyncio
import contextlib
import random
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, ConfigDict

from bench.latency import Spread, spread
from bench.outside import Outside, Reached, eventually
from bench.people import ENOUGH, someone
from bench.report import Rounds, say, write
from bench.rig import Rig

BARS = {"p99": 2000.0}
"""Milliseconds from the missed call to the text, at 5 calls a second."""

PATIENCE = 1.0  # seconds of ringing, about
SETTLE_LIMIT = 120.0
WARM_UP = 20
TEAM = ("+15125550101", "+13125550102", "+13055550103", "+13125550104")


class Measured(BaseModel):
    """One round. `text_ms`: from the missed call to the vendor's door; `late_ms`: our own delay in calling."""

    model_config = ConfigDict(frozen=True)

    rate: float
    calls: int
    text_ms: Spread
    late_ms: Spread
    lost: int
    doubled: int

    @property
    def meets_bars(self) -> bool:
        return self.text_ms.p99 < BARS["p99"] and not (self.lost or self.doubled)


@dataclass(slots=True)
class Callers:
    """Callers numbered from `first` on, `rate` a second."""

    outside: Outside
    rate: float
    calls: int
    first: int
    seed: int = 1
    late: list[float] = field(default_factory=list)

    async def run(self) -> Measured:
        """All call and hang up; waits for all texts, counts."""
        since = len(await self.outside.log())
        chance, due = random.Random(self.seed), time.time() + 0.2
        async with asyncio.TaskGroup() as group:
            for number in range(self.first, self.first + self.calls):
                due += chance.expovariate(self.rate)
                await asyncio.sleep(max(due - time.time(), 0.0))
                group.create_task(self._call(number, due, chance.uniform(0.8, 1.2) * PATIENCE))
        return await self._count(since)

    async def _call(self, number: int, due: float, patience: float) -> None:
        self.late.append(time.time() - due)
        response = await self.outside.simulate("inbound", {"from": someone(number).phone, "call": True})
        await asyncio.sleep(patience)
        await self.outside.simulate("hangup", {"sid": response.json()["sid"]})

    async def _count(self, since: int) -> Measured:
        phones = {someone(number).phone for number in range(self.first, self.first + self.calls)}

        async def all_texted() -> bool:
            return {entry.to for entry in await self.outside.log(since) if entry.kind == "sms"} >= phones

        with contextlib.suppress(TimeoutError):  # what doesn't come is counted as lost
            await eventually(all_texted, SETTLE_LIMIT, "every caller is texted")
        log = await self.outside.log(since)
        missed, texts = _missed(log, phones), _texts(log, phones)
        gaps = [min(at) - missed[phone] for phone, at in texts.items() if at and phone in missed]
        return Measured(
            rate=self.rate,
            calls=self.calls,
            text_ms=spread(gaps),
            late_ms=spread(self.late),
            lost=sum(not at for at in texts.values()),
            doubled=sum(len(at) - 1 for at in texts.values() if at),
        )


def _missed(log: list[Reached], phones: set[str]) -> dict[str, float]:
    """When each caller hung up, or first heard the voicemail."""
    found: dict[str, float] = {}
    for entry in log:
        if entry.to in phones and entry.kind in ("hung_up", "heard"):
            found.setdefault(str(entry.to), entry.real_at.timestamp())
    return found


def _texts(log: list[Reached], phones: set[str]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {phone: [] for phone in phones}
    for entry in log:
        if entry.kind == "sms" and entry.to in found:
            found[entry.to].append(entry.real_at.timestamp())
    return found


def main(
    rate: Annotated[float, typer.Option(help="Calls a second.")] = 5.0,
    calls: Annotated[int, typer.Option(help="Calls a round, the warm-up left out.")] = 200,
    rounds: int = 1,
    out: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Where to; - is standard output.")] = None,
) -> None:
    """Measure missed call -> text on the embedded stack."""
    if WARM_UP + calls * rounds > ENOUGH:
        raise typer.BadParameter(f"there are only {ENOUGH} fictional numbers for callers and warm-up")
    with tempfile.TemporaryDirectory(prefix="baton-bench-") as folder:
        report = asyncio.run(_measure(Path(folder), rate, calls, rounds))
    if out is not None:
        write(out, report)
    raise typer.Exit(0 if report.met else 1)


async def _measure(folder: Path, rate: float, calls: int, rounds: int) -> Rounds[Measured]:
    rig = Rig(folder)
    await rig.start()
    try:
        async with Outside(rig) as outside:
            await outside.simulate("personas", [{"phone": phone, "line": "no_answer"} for phone in TEAM])
            say(f"warm-up: {WARM_UP} calls")
            await Callers(outside, rate, WARM_UP, first=0).run()
            measured = []
            for number in range(rounds):
                first = WARM_UP + number * calls
                measured.append(await Callers(outside, rate, calls, first, seed=number).run())
                _show(measured[-1])
    finally:
        await rig.stop()
    return Rounds[Measured](bars_ms=BARS, met=all(each.meets_bars for each in measured), rounds=measured)


def _show(measured: Measured) -> None:
    say(f"{measured.calls} calls at {measured.rate:g}/s")
    say(f"  missed call -> text        {measured.text_ms}")
    say(f"  load generator was late    {measured.late_ms}")
    verdict = "met" if measured.meets_bars else "MISSED"
    say(f"  lost {measured.lost}, doubled {measured.doubled}; bar (p99 < {BARS['p99']:g} ms): {verdict}")


if __name__ == "__main__":
    typer.run(main)
