"""Strangers' words on a terminal: names, texts and handles may hold signs that do something there."""

import unicodedata
from collections.abc import Iterable

_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_JOINERS = "\u200c\u200d"  # they shape letters in names of several scripts, and move nothing


def printable(line: str) -> str:
    """A line that only shows: what would end it, colour it, turn it round or move the cursor is replaced."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(sign) in _UNSEEN and sign not in _JOINERS else sign
        for sign in line
    )


def lines(words: Iterable[str]) -> str:
    """Lines below each other, each of them one."""
    return "\n".join(map(printable, words))
