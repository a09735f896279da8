"""What people really write, labelled. The doubtful ones say stop only where they are said to us."""

from collections.abc import Callable
from pathlib import Path

import pytest

from policy.replies import meaning_of

HERE = Path(__file__).parent

HELP = ["HELP", "help", "Help!", "INFO", "info.", " Help ", "ayuda", "“HELP”"]
START = ["START", "start", "Start.", "UNSTOP", " unstop! ", "“START”"]


def said(name: str) -> list[str]:
    """One text a line; line ends, NUL and the zero-width blank are written out."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.replace("\\n", "\n").replace("\\0", "\0").replace("\\u200b", "\u200b") for line in lines]


@pytest.mark.parametrize("body", said("said_stop.txt"))
def test_this_means_stop(body: str) -> None:
    assert meaning_of(body) == "stop"


@pytest.mark.parametrize("body", said("said_otherwise.txt"))
def test_this_is_a_reply(body: str) -> None:
    assert meaning_of(body) == "reply"


@pytest.mark.parametrize("body", HELP)
def test_this_asks_for_help(body: str) -> None:
    assert meaning_of(body) == "help"


@pytest.mark.parametrize("body", START)
def test_this_starts_again(body: str) -> None:
    assert meaning_of(body) == "start"


@pytest.mark.parametrize("body", ["YES", "yes", "Yes!", "Sí"])
def test_a_bare_yes_is_told_apart_so_that_it_can_take_an_opt_out_back(body: str) -> None:
    assert meaning_of(body) == "yes"


def test_yes_with_more_words_never_takes_an_opt_out_back() -> None:
    assert meaning_of("yes please call me") == "reply"


def test_a_very_long_text_is_read_quickly_and_calmly() -> None:
    assert meaning_of("please " * 20_000) == "reply"
    assert meaning_of("stop " * 20_000) == "stop"
    assert meaning_of("do not want to receive " * 5_000) == "reply"


@pytest.mark.parametrize(
    "word", ["stop", "unsubscribe", "cancel", "end", "quit", "revoke", "opt out", "stopall", "optout"]
)
@pytest.mark.parametrize(
    "frame", ["{}", "{}.", "  {}\n", "{} please", "please {}", "“{}”", "{} 🙏", "OK {}!!", "¡{}!", "*{}*"]
)
@pytest.mark.parametrize("case", [str.lower, str.upper, str.title])
def test_each_per_se_word_counts_in_each_dress(word: str, frame: str, case: Callable[[str], str]) -> None:
    assert meaning_of(frame.format(case(word))) == "stop"
