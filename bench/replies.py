"""`python -m bench.replies`: how well replies are told apart, by the rules alone, by the one that learnt alone, and by
the rules with the one that learnt where they say other. Exit status 1 when a bar is missed. Needs no server.
"""

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, ConfigDict

from adapters.replies import learnt
from bench.report import say, write
from domain.replies import TOLD, ReplyKind
from policy.replies import meaning_of
from policy.reply_signals import kind_of

SAID = Path(__file__).parents[1] / "tests" / "policy"
FRESH, STOPS, NO_STOPS = SAID / "said_kinds_fresh.txt", SAID / "said_stop.txt", SAID / "said_otherwise.txt"

BARS = {
    ReplyKind.BUYING_SIGNAL: 0.75,
    ReplyKind.NOT_NOW: 0.75,
    ReplyKind.WRONG_PERSON: 0.85,
    ReplyKind.OUT_OF_OFFICE: 0.85,
}
"""The least precision of both together on the set here, much of which is meant to mislead: of the kinds that dial, end
a ladder or change nothing."""

Reader = Callable[[str], ReplyKind]


class Told(BaseModel):
    """One kind: how many are of it, how many were taken for it, and the two shares of those that are both."""

    model_config = ConfigDict(frozen=True)

    given: int
    told: int
    precision: float
    recall: float


class Measured(BaseModel):
    """One reader: each kind, and how often what was given was taken for what."""

    model_config = ConfigDict(frozen=True)

    right: float
    kinds: dict[ReplyKind, Told]
    taken_for: dict[ReplyKind, dict[ReplyKind, int]]


class Report(BaseModel):
    """What `--json` writes."""

    model_config = ConfigDict(frozen=True)

    texts: int
    bars: dict[ReplyKind, float]
    met: bool
    rules: Measured
    learnt: Measured
    both: Measured
    stops_heard: float
    stops_misheard: float
    text_ms: float


def both(body: str) -> ReplyKind:
    """As the classifier `learnt` reads: the rules where they are sure."""
    found = kind_of(body)
    return learnt.alone(body).kind if found is ReplyKind.OTHER else found


def measured(texts: learnt.Labelled, reader: Reader) -> Measured:
    """What a reader takes these texts for."""
    pairs = Counter((kind, reader(body)) for kind, body in texts)
    given, told = Counter(kind for kind, _ in texts), Counter[ReplyKind]()
    for (_, taken), count in pairs.items():
        told[taken] += count
    kinds = {
        kind: Told(
            given=given[kind],
            told=told[kind],
            precision=round(pairs[kind, kind] / max(told[kind], 1), 3),
            recall=round(pairs[kind, kind] / max(given[kind], 1), 3),
        )
        for kind in TOLD
    }
    right = sum(pairs[kind, kind] for kind in TOLD) / max(len(texts), 1)
    rows = {kind: {taken: pairs[kind, taken] for taken in TOLD} for kind in TOLD}
    return Measured(right=round(right, 3), kinds=kinds, taken_for=rows)


def main(
    texts: Annotated[
        Path, typer.Option("--set", metavar="FILE", help="Labelled texts, one a line: kind|text.")
    ] = FRESH,
    out: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Where to; - is standard output.")] = None,
) -> None:
    """Measure who tells replies apart how well."""
    labelled = learnt.labelled(texts)
    learnt.alone("warm up")
    began = time.perf_counter()
    alone = measured(labelled, lambda body: learnt.alone(body).kind)
    each_ms = (time.perf_counter() - began) * 1000 / len(labelled)
    together = measured(labelled, both)
    report = Report(
        texts=len(labelled),
        bars=BARS,
        met=all(together.kinds[kind].precision >= bar for kind, bar in BARS.items()),
        rules=measured(labelled, kind_of),
        learnt=alone,
        both=together,
        stops_heard=_stops(STOPS),
        stops_misheard=_stops(NO_STOPS),
        text_ms=round(each_ms, 2),
    )
    _show(report)
    if out is not None:
        write(out, report)
    raise typer.Exit(0 if report.met else 1)


def _stops(path: Path) -> float:
    bodies = path.read_text(encoding="utf-8").splitlines()
    return round(sum(meaning_of(body) == "stop" for body in bodies) / len(bodies), 3)


def _show(report: Report) -> None:
    say(f"{report.texts} texts; {report.text_ms:g} ms for each by the one that learnt")
    for name in ("rules", "learnt", "both"):
        found: Measured = getattr(report, name)
        say(f"{name}: {found.right:.1%} right")
        for kind, told in found.kinds.items():
            bar = f"   bar {BARS[kind]:g}" if name == "both" and kind in BARS else ""
            say(f"  {kind:<14} precision {told.precision:.3f}  recall {told.recall:.3f}{bar}")
    say("both, given (down) taken for (across): " + " ".join(ReplyKind))
    for kind, row in report.both.taken_for.items():
        say(f"  {kind:<14} " + " ".join(f"{row[taken]:>{len(taken)}}" for taken in TOLD))
    say(f"stops heard by the rules: {report.stops_heard:.1%}; other texts taken for one: {report.stops_misheard:.1%}")
    say("bars met" if report.met else "a bar is MISSED")


if __name__ == "__main__":
    typer.run(main)
