"""What people really answer, labelled: precision and recall of the rules, kind by kind, what they never miss."""

from collections import Counter
from pathlib import Path

import pytest

from domain.replies import TOLD, ReplyKind
from policy.replies import meaning_of
from policy.reply_signals import RuleClassifier, kind_of

HERE = Path(__file__).parent
Labelled = list[tuple[ReplyKind, str]]


def labelled(name: str) -> Labelled:
    """One a line: the kind, a bar, the text."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [(ReplyKind(kind), body) for kind, _, body in (line.partition("|") for line in lines)]


TUNED, UNSEEN = labelled("said_kinds.txt"), labelled("said_kinds_unseen.txt")
"""Texts that the phrases were written by, and texts that were written after them and left alone."""


def measured(texts: Labelled) -> dict[ReplyKind, tuple[float, float]]:
    """Precision and recall of each kind."""
    given = Counter(kind for kind, _ in texts)
    told = Counter(kind_of(body) for _, body in texts)
    right = Counter(kind for kind, body in texts if kind_of(body) is kind)
    return {kind: (right[kind] / max(told[kind], 1), right[kind] / max(given[kind], 1)) for kind in TOLD}


def test_there_are_enough_texts_of_every_kind() -> None:
    assert len(TUNED) + len(UNSEEN) >= 450
    assert len({body for _, body in TUNED + UNSEEN}) == len(TUNED + UNSEEN)
    for texts in (TUNED, UNSEEN):
        assert min(Counter(kind for kind, _ in texts)[kind] for kind in TOLD) >= 8


@pytest.mark.parametrize(("texts", "precision", "recall"), [(TUNED, 0.98, 0.98), (UNSEEN, 0.95, 0.75)])
def test_a_buying_signal_is_told_with_so_much_precision_and_recall(
    texts: Labelled, precision: float, recall: float
) -> None:
    found = measured(texts)
    for kind, (how_right, how_many) in found.items():  # shown with -s, and when it fails
        print(f"{len(texts)} texts, {kind}: precision {how_right:.2f}, recall {how_many:.2f}")  # noqa: T201 - the measure
    assert found[ReplyKind.BUYING_SIGNAL][0] >= precision
    assert found[ReplyKind.BUYING_SIGNAL][1] >= recall


@pytest.mark.parametrize("kind", [ReplyKind.NOT_NOW, ReplyKind.WRONG_PERSON, ReplyKind.OUT_OF_OFFICE])
def test_no_reply_that_a_person_should_answer_is_put_aside(kind: ReplyKind) -> None:
    """What isn't understood is other, which the owner answers: so little is taken for what ends or changes nothing."""
    precision, recall = measured(UNSEEN)[kind]
    assert precision >= 0.95
    assert recall >= 0.8


@pytest.mark.parametrize("kind", TOLD)
def test_each_kind_is_told_on_texts_the_phrases_were_written_by(kind: ReplyKind) -> None:
    assert min(measured(TUNED)[kind]) >= 0.95


def test_no_text_of_the_set_is_a_wish_to_stop() -> None:
    assert [body for _, body in TUNED + UNSEEN if meaning_of(body) in ("stop", "start", "help")] == []


@pytest.mark.parametrize("body", ["", " ", "?", "\0", "🙏" * 2000, "yes " * 5000, "a" * 20_000, "call me " * 3000])
async def test_whatever_is_written_has_a_kind_at_once(body: str) -> None:
    assert (await RuleClassifier().read(body)).kind in ReplyKind
