"""`python -m bench`: the performance suite on a fresh embedded stack. Exit status 1 when a bar is missed."""

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from bench.latency import BARS, Load, Measured
from bench.outside import Outside
from bench.people import ENOUGH
from bench.report import Rounds, say, write
from bench.rig import Rig

WARM_UP = 50


def main(
    rate: Annotated[float, typer.Option(help="Leads a second.")] = 5.0,
    leads: Annotated[int, typer.Option(help="Leads a round, the warm-up left out.")] = 300,
    rounds: int = 1,
    out: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Where to; - is standard output.")] = None,
    data: Annotated[Path | None, typer.Option(metavar="DIR", help="Keep the stack's data here.")] = None,
) -> None:
    """Measure webhook -> vendor request on the embedded stack."""
    if WARM_UP + leads * rounds > ENOUGH:
        raise typer.BadParameter(f"there are only {ENOUGH} fictional numbers for leads and warm-up")
    with tempfile.TemporaryDirectory(prefix="baton-bench-") as folder:
        report = asyncio.run(_measure(data or Path(folder), rate, leads, rounds))
    if out is not None:
        write(out, report)
    raise typer.Exit(0 if report.met else 1)


async def _measure(folder: Path, rate: float, leads: int, rounds: int) -> Rounds[Measured]:
    rig = Rig(folder)
    await rig.start()
    try:
        async with Outside(rig) as outside:
            say(f"warm-up: {WARM_UP} leads")
            await Load(outside, rate, WARM_UP, first=0).run()
            measured = []
            for number in range(rounds):
                first = WARM_UP + number * leads
                measured.append(await Load(outside, rate, leads, first, seed=number).run())
                _show(measured[-1])
    finally:
        await rig.stop()
    return Rounds[Measured](bars_ms=BARS, met=all(each.meets_bars for each in measured), rounds=measured)


def _show(measured: Measured) -> None:
    say(f"{measured.leads} leads at {measured.rate:g}/s, {measured.busy_cores:g} cores busy")
    say(f"  webhook -> answer          {measured.ack_ms}")
    say(f"  webhook -> vendor request  {measured.touch_ms}")
    say(f"  load generator was late    {measured.late_ms}")
    verdict = "met" if measured.meets_bars else "MISSED"
    wanted = ", ".join(f"{name} < {limit:g} ms" for name, limit in BARS.items())
    say(f"  lost {measured.lost}, duplicate touches {measured.duplicate_touches}; bars ({wanted}): {verdict}")


if __name__ == "__main__":
    typer.run(main)
