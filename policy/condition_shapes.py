"""A condition as its plain tests put together with && || and !, as far as it is made of such. All else is one test that
isn't plain: nothing is known of it but that the same words mean the same."""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from policy import condition_kinds
from policy.condition_kinds import NUMBER, TEXT, YES_NO

_PLAIN_TEXT = re.compile(r"""(?:"([^"\\]*)"|'([^'\\]*)')""")
_OPEN, _CLOSE = "([{", ")]}"
_TURNED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_NEGATED = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_OPERATORS: Mapping[str, Callable[[int, int], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_DEEPEST = 60


@dataclass(frozen=True, slots=True)
class Test:
    """One test of one fact. `kind` is the fact's, None where `fact` is words of their own that may also fail."""

    fact: str
    kind: str | None
    sign: str  # in or not in, else a comparison with a number
    values: tuple[str | int, ...]

    @property
    def is_number(self) -> bool:
        """Whether it compares a number."""
        return self.kind == NUMBER

    @property
    def is_text(self) -> bool:
        """Whether it compares a text."""
        return self.kind == TEXT

    @property
    def is_plain(self) -> bool:
        """Whether it can't fail."""
        return self.kind is not None

    def allows(self, point: str | int) -> bool:
        """Whether this value of the fact passes the test."""
        if self.is_number:
            return _OPERATORS[self.sign](int(point), int(self.values[0]))
        return (point in self.values) == (self.sign == "in")


@dataclass(frozen=True, slots=True)
class Either:
    """True when one of its parts is."""

    parts: tuple["Shape", ...]


@dataclass(frozen=True, slots=True)
class Every:
    """True when all its parts are."""

    parts: tuple["Shape", ...]


Shape = Test | Either | Every
Words = Sequence[str]


def shape_of(condition: str, kinds: Mapping[str, str]) -> Shape:
    """The shape of a condition that can be used; `kinds` has the kind of each fact."""
    return _shape(condition_kinds.words_of(condition), kinds, True, _DEEPEST)


def _shape(words: Words, kinds: Mapping[str, str], wanted: bool, deep: int) -> Shape:
    """`wanted`: whether it is asked to be true, or to be false."""
    if deep <= 0 or "?" in _outside(words):
        return _opaque(words, wanted)
    for sign, together in (("||", Either), ("&&", Every)):
        parts = _split(words, sign)
        if len(parts) > 1:
            found = tuple(_shape(part, kinds, wanted, deep - 1) for part in parts)
            # Not both is either not: the sign turns round with what is wanted.
            return together(found) if wanted else (Every if together is Either else Either)(found)
    if words[0] == "!" and _is_one(words[1:]):
        return _shape(words[1:], kinds, not wanted, deep - 1)
    if words[0] == "(" and _is_one(words):
        return _shape(words[1:-1], kinds, wanted, deep - 1)
    return _test(words, kinds, wanted) or _opaque(words, wanted)


def _outside(words: Words) -> list[str]:
    """The words that stand in no brackets."""
    found, depth = [], 0
    for word in words:
        depth -= word in _CLOSE
        if depth == 0:
            found.append(word)
        depth += word in _OPEN
    return found


def _split(words: Words, sign: str) -> list[Words]:
    parts: list[list[str]] = [[]]
    depth = 0
    for word in words:
        depth += (word in _OPEN) - (word in _CLOSE)
        if word == sign and depth == 0:
            parts.append([])
        else:
            parts[-1].append(word)
    return list(parts)


def _is_one(words: Words) -> bool:
    """A name alone, or all of it in one pair of brackets."""
    return len(words) == 1 or (words[:1] == ["("] and _outside(words) == ["(", ")"])


def _opaque(words: Words, wanted: bool) -> Shape:
    return Test(" ".join(words), None, "in", ("true" if wanted else "false",))


def _test(words: Words, kinds: Mapping[str, str], wanted: bool) -> Shape | None:
    if len(words) == 1:
        return _alone(words[0], kinds, wanted)
    name, sign, rest = words[0], words[1], words[2:]
    if len(words) == 3 and name not in kinds:
        name, sign, rest = words[2], _TURNED.get(sign, ""), words[:1]
    reader = _READERS.get(kinds.get(name, ""))
    return reader(name, sign, rest, wanted) if reader else None


def _alone(word: str, kinds: Mapping[str, str], wanted: bool) -> Shape | None:
    if word in ("true", "false"):
        return Every(()) if (word == "true") == wanted else Either(())
    return _of_yes_no(word, "==", ["true"], wanted) if kinds.get(word) == YES_NO else None


def _of_yes_no(name: str, sign: str, rest: Words, wanted: bool) -> Shape | None:
    if sign not in ("==", "!=") or list(rest) not in (["true"], ["false"]):
        return None
    asked = (rest[0] == "true") == ((sign == "==") == wanted)
    return Test(name, YES_NO, "in", ("true" if asked else "false",))


def _of_text(name: str, sign: str, rest: Words, wanted: bool) -> Shape | None:
    is_list = sign == "in" and list(rest[:1]) == ["["] and rest[-1] == "]"
    if not is_list and (sign not in ("==", "!=") or len(rest) != 1):
        return None
    found = [plain_text(word) for word in (rest[1:-1] if is_list else rest) if word != ","]
    values = tuple(value for value in found if value is not None)
    if len(values) < len(found):
        return None
    return Test(name, TEXT, "in" if (sign != "!=") == wanted else "not in", values)


def plain_text(word: str) -> str | None:
    """What stands between the quotes of a word; None for a word without, and for a text with escapes."""
    match = _PLAIN_TEXT.fullmatch(word)
    return None if match is None else match[1] or match[2] or ""


def _of_number(name: str, sign: str, rest: Words, wanted: bool) -> Shape | None:
    digits = "".join(rest)
    if sign not in _OPERATORS or not re.fullmatch(r"-?[0-9]{1,15}", digits):
        return None
    return Test(name, NUMBER, sign if wanted else _NEGATED[sign], (int(digits),))


_READERS = {YES_NO: _of_yes_no, TEXT: _of_text, NUMBER: _of_number}
