"""Values that a condition compares a fact with and that the fact never has: a misspelt one is simply never equal, and
the condition quietly false. Looks at what is written out beside the fact, and passes over what is computed."""

from collections.abc import Iterator, Mapping, Sequence

from policy import condition_kinds
from policy.condition_shapes import Words, plain_text

Values = Mapping[str, Sequence[str]]
"""Facts whose values are known, each with all it may have, or, if it is a list, all that may be in it."""

_EQUAL = ("==", "!=")
_LOOPS = ("all", "exists", "exists_one", "filter")


def misspelt(condition: str, known: Values) -> Iterator[tuple[str, str]]:
    """Each (fact, value) of a condition of which nothing can come."""
    words = condition_kinds.words_of(condition)
    bound = _bound(words)
    known = {**known, **{name: known[fact] for name, fact in bound.items() if fact in known}}
    for at, word in enumerate(words):
        if word in known and words[at - 1 : at] != ["."]:
            for value in _beside(words, at):
                if value not in known[word]:
                    yield bound.get(word, word), value


def _bound(words: Words) -> dict[str, str]:
    """Names that stand for the parts of a list, as in flags.exists(flag, …), and the list."""
    return {
        words[at + 4]: words[at]
        for at in range(len(words) - 5)
        if words[at + 1] == "." and words[at + 2] in _LOOPS and words[at + 3] == "(" and words[at + 5] == ","
    }


def _beside(words: Words, at: int) -> Iterator[str]:
    """Texts that the fact at this place is compared with, on either side of it."""
    after, before = words[at + 1 : at + 2], words[at - 1 : at]
    if after and after[0] in _EQUAL:
        yield from _text(words[at + 2 : at + 4])
    elif list(words[at + 1 : at + 3]) == ["in", "["]:
        yield from _listed(words, at + 3)
    is_sum = words[max(0, at - 3) : at - 2] == ["+"]
    if before and before[0] in (*_EQUAL, "in") and _ends(words[at + 1 : at + 2]) and not is_sum:
        yield from _text(words[at - 2 : at - 1])


def _text(words: Words) -> Iterator[str]:
    """The text that these words begin with, unless more is made of it."""
    value = plain_text(words[0]) if words else None
    if value is not None and _ends(words[1:]):
        yield value


def _ends(words: Words) -> bool:
    return not words or words[0] not in (".", "[", "+")


def _listed(words: Words, start: int) -> Iterator[str]:
    """The texts of a list that is written out, up to its end."""
    for word in words[start:]:
        if word == "]":
            return
        if (value := plain_text(word)) is not None:
            yield value
