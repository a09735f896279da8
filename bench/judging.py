"""`python -m bench.judging`: what a judgement costs, in CPU of one core. Exit status 1 when a bar is missed.

CPU, not the clock on the wall, and the least of several rounds: others on a shared machine only add to it, by half and
more. Needs no server.
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, ConfigDict

from bench.report import say, write
from domain.messages import Inquiry
from policy import explain
from policy.load import LoadedPolicy, read_policy
from policy.triage import triage
from policy.whatif import assumptions
from policy.whatif.simulation import Scenario
from runtime.cli.arrivals import arrivals_of
from runtime.cli.policy import judged
from runtime.cli.simulate import ran
from runtime.collecting import uncollected

DEFAULT = Path(__file__).parents[1] / "policies" / "default.yaml"
BARS = {"triage_ms": 0.8, "explain_ms": 50.0, "simulate_10000_s": 10.0}
ROUNDS = 9
MORNING = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
MIX = ("paid_lead_form",) * 8 + ("content_download",) * 7 + ("demo_request",) * 3 + ("missed_call",) * 2
AREA_CODES = ("512", "214", "312", "305", "415", "206", "303", "602", "404", "617", "808", "850")
ZIPS = ("78701", "75201", "60601", "33101", "94102", "98101", "80202", "85001", "30303", "02108", "96813", "32501")
TITLES = ("Owner", "VP Sales", "Student", "Head of Operations", "Plumber", "")


class Report(BaseModel):
    """What `--json` writes: the least of so many rounds, and the bars."""

    model_config = ConfigDict(frozen=True)

    bars: dict[str, float]
    measured: dict[str, float]
    met: bool


def main(
    policy: Annotated[Path, typer.Option(help="The policy to judge by.")] = DEFAULT,
    leads: Annotated[int, typer.Option(help="Leads of the simulation.")] = 10_000,
    out: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Where to; - is standard output.")] = None,
) -> None:
    """Measure a triage, an explanation and a simulation."""
    loaded, crowd = read_policy(policy), list(_crowd(leads))
    measured = {
        "triage_ms": _of_a_triage(loaded, crowd[:300]) * 1000,
        "explain_ms": _cpu(lambda: _explained(loaded, crowd[0])) * 1000,
        "simulate_10000_s": min(_cpu(lambda: _simulated(loaded, crowd)) for _ in range(3)) * 10_000 / leads,
    }
    met = all(measured[name] < bar for name, bar in BARS.items())
    for name, bar in BARS.items():
        say(f"{name:<18} {measured[name]:8.3f}   bar {bar:g}")
    if out is not None:
        write(out, Report(bars=BARS, measured=measured, met=met))
    raise typer.Exit(0 if met else 1)


def _crowd(count: int) -> Iterator[Inquiry]:
    for number in range(count):
        person = {
            "name": f"Dana Ortiz {number}",
            "phone": f"+1{AREA_CODES[number % 12]}{2_000_000 + number * 7:07d}",
            "email": f"dana{number}@customer{number}.example",
            "company": f"Ortiz {number}",
            "title": TITLES[number % 6],
            "address": {"country": "US", "postal_code": ZIPS[number % 12]},
        }
        yield Inquiry.model_validate(
            {
                "source": MIX[number % 20],
                "source_event_id": f"lead-{number}",
                "occurred_at": MORNING + timedelta(seconds=number),
                "person": person,
                "consent": {"sms": True, "call": True, "kind": "express"},
                "signals": [{"kind": "page_view", "page": "/pricing"}] * (number % 3),
            }
        )


def _of_a_triage(loaded: LoadedPolicy, crowd: list[Inquiry]) -> float:
    facts = [arrival.facts for arrival in arrivals_of(crowd, loaded)[0]]

    def judge_all() -> None:
        for number, each in enumerate(facts):
            triage(each, loaded, MORNING + timedelta(seconds=number), "measured:1:triage:0")

    judge_all()  # as a running process, which has read its calendars
    return min(_cpu(judge_all) for _ in range(ROUNDS)) / len(facts)


def _explained(loaded: LoadedPolicy, inquiry: Inquiry) -> None:
    facts, judgement = judged(inquiry, loaded, MORNING)
    explain.as_json(judgement, loaded, facts)


def _simulated(loaded: LoadedPolicy, crowd: list[Inquiry]) -> None:
    scenario = Scenario(assumptions.read(["paid_lead_form.buying_signal=0.20"]))
    with uncollected():
        arrivals, _ = arrivals_of(crowd, loaded)
        ran(arrivals, loaded, scenario)


def _cpu(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    typer.run(main)
