"""What kinds of values a condition compares, and how deep its loops go: what CEL itself finds out only while it runs,
or never (a text is simply not equal to a number). Follows the grammar of CEL as far as conditions need it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

MOST_LOOPS = 1
"""Loops over what a lead brings, one within the other; over a list that is written out, one more."""

TEXT, NUMBER, YES_NO, TEXTS, TEXT_MAP = "text", "number", "yes/no", "list of texts", "map of texts"
_A_KIND = {TEXT: "a text", NUMBER: "a number", YES_NO: "true or false", TEXTS: "a list", TEXT_MAP: "a map"}

_TOKEN = re.compile(
    r"""(?:\s|//[^\n]*)*(?:(?P<text>[rR]?(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))"""
    r"""|(?P<number>(?:0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)[uU]?)"""
    r"""|(?P<name>[A-Za-z_]\w*)|(?P<sign>&&|\|\||[=!<>]=|[-<>+*/%!?:.,()\[\]{}]))"""
)
_LOOPS = ("all", "exists", "exists_one", "filter", "map")
_OF_FUNCTION = {"size": NUMBER, "int": NUMBER, "double": NUMBER, "string": TEXT, "has": YES_NO}
_OF_METHOD = {"size": NUMBER} | dict.fromkeys(
    ("contains", "startsWith", "endsWith", "matches", "all", "exists", "exists_one"), YES_NO
)

Kind = str | None
"""None where it can't be told."""


class _Lost(Exception):
    """The condition uses more of CEL than is followed here."""


def problem_of(expression: str, facts: Mapping[str, str]) -> str | None:
    """What can't be meant in a condition that CEL could parse, in a sentence. `facts` has the kind of each."""
    reader = _Reader(expression, _tokens(expression), dict(facts))
    try:
        reader.whole()
    except (_Lost, RecursionError):
        return "says more than a condition can; split it, or write it more simply"
    return next(iter(reader.problems), None)


def words_of(expression: str) -> list[str]:
    """A condition word by word: names, signs, numbers, texts with their quotes."""
    return [token[_group(token)] for token in _tokens(expression)]


def _tokens(expression: str) -> list[re.Match[str]]:
    found, at = [], 0
    while (token := _TOKEN.match(expression, at)) is not None:
        found.append(token)
        at = token.end()
    return found if not re.sub(r"//[^\n]*", "", expression[at:]).strip() else []


def _group(token: re.Match[str]) -> str:
    return token.lastgroup or "sign"


@dataclass(slots=True)
class _Reader:
    """One condition, token by token. `names` has the kinds of facts and of what loops bind."""

    expression: str
    tokens: list[re.Match[str]]
    names: dict[str, Kind]
    problems: list[str] = field(default_factory=list)
    at: int = 0
    loops: int = 0
    written_loops: int = 0

    def whole(self) -> None:
        """All of it. Raises _Lost."""
        self._choice()
        if self.at < len(self.tokens):
            raise _Lost

    def _next(self) -> str:
        return self.tokens[self.at][_group(self.tokens[self.at])] if self.at < len(self.tokens) else ""

    def _take(self, *signs: str) -> str:
        """The next token when it is one of these, else nothing."""
        found = self._next()
        if not found or found not in signs:
            return ""
        self.at += 1
        return found

    def _need(self, sign: str) -> None:
        if not self._take(sign):
            raise _Lost

    def _choice(self) -> Kind:
        found = self._any_of()
        if not self._take("?"):
            return found
        one = self._choice()
        self._need(":")
        return one if one == self._choice() else None

    def _any_of(self) -> Kind:
        found = self._all_of()
        while self._take("||"):
            self._all_of()
            found = YES_NO
        return found

    def _all_of(self) -> Kind:
        found = self._compared()
        while self._take("&&"):
            self._compared()
            found = YES_NO
        return found

    def _compared(self) -> Kind:
        start = self.at
        left = self._sum()
        while sign := self._take("==", "!=", "<", "<=", ">", ">=", "in"):
            middle = self.at
            right = self._sum()
            if said := _unlike(sign, left, right):
                self.problems.append(f"“{self._said(start, middle - 1)}” {said} “{self._said(middle, self.at)}”")
            left = YES_NO
        return left

    def _said(self, start: int, end: int) -> str:
        first = self.tokens[start]
        return self.expression[first.start(_group(first)) : self.tokens[end - 1].end()]

    def _sum(self) -> Kind:
        found = self._single()
        while self._take("+", "-", "*", "/", "%"):
            other = self._single()
            found = found if found == other else None
        return found

    def _single(self) -> Kind:
        if self._take("!"):
            self._single()
            return YES_NO
        if self._take("-"):
            return self._single()
        return self._member()

    def _member(self) -> Kind:
        is_written = self._next() == "["
        found = self._primary()
        while sign := self._take(".", "["):
            if sign == "[":
                self._choice()
                self._need("]")
                found = TEXT if found in (TEXTS, TEXT_MAP) else None
            else:
                found = self._of_dot(found, is_written)
            is_written = False
        return found

    def _of_dot(self, of: Kind, is_written: bool) -> Kind:
        name = self._name()
        if not self._take("("):
            return TEXT if of == TEXT_MAP else None
        if name in _LOOPS:
            self._loop(TEXT if of in (TEXTS, TEXT_MAP) else None, is_written)
        else:
            self._listed(")", self._choice)
        return of if name == "filter" else _OF_METHOD.get(name)

    def _loop(self, each: Kind, is_written: bool) -> None:
        bound = self._name()
        self._need(",")
        before = self.loops, self.written_loops, self.names
        self.loops, self.written_loops = self.loops + (not is_written), self.written_loops + is_written
        self.names = {**self.names, bound: each}
        if self.loops > MOST_LOOPS or self.written_loops > 1:
            self.problems.append("a loop within a loop takes too long; write out one of the lists, or use “in”")
        self._listed(")", self._choice)
        self.loops, self.written_loops, self.names = before

    def _name(self) -> str:
        found = self._next()
        if not found.isidentifier():
            raise _Lost
        self.at += 1
        return found

    def _listed(self, end: str, read: Callable[[], Kind]) -> list[Kind]:
        """Values with commas between them, up to the sign that ends them."""
        found = []
        while not self._take(end):
            found.append(read())
            if self._next() != end:
                self._need(",")
        return found

    def _pair(self) -> Kind:
        self._choice()
        self._need(":")
        return self._choice()

    def _primary(self) -> Kind:
        if self._take("("):
            found = self._choice()
            self._need(")")
            return found
        if self._take("["):
            kinds = self._listed("]", self._choice)
            if all(kind == TEXT for kind in kinds):
                return TEXTS
            return f"list of {kinds[0]}s" if len(set(kinds)) == 1 else None
        if self._take("{"):
            return TEXT_MAP if set(self._listed("}", self._pair)) == {TEXT} else None
        return self._atom()

    def _atom(self) -> Kind:
        if self.at == len(self.tokens):
            raise _Lost
        token = self.tokens[self.at]
        self.at += 1
        if token["name"] is None:
            return TEXT if token["text"] else NUMBER if token["number"] else self._lost()
        if token["name"] in ("true", "false"):
            return YES_NO
        if self._take("("):
            self._listed(")", self._choice)
            return _OF_FUNCTION.get(token["name"])
        return "null" if token["name"] == "null" else self.names.get(token["name"])

    def _lost(self) -> Kind:
        raise _Lost


def _unlike(sign: str, left: Kind, right: Kind) -> str | None:
    """Why two kinds can't be compared, in words that stand between them."""
    if left is None or right is None:
        return None
    if sign == "in":
        return _unlike_in(left, right)
    if left == right and (sign in ("==", "!=") or left in (TEXT, NUMBER)):
        return None
    return f"is {_A_KIND.get(left, left)} and can't be compared with"


def _unlike_in(left: Kind, right: Kind) -> str | None:
    if right in (TEXTS, TEXT_MAP) or (right or "").startswith("list of "):
        of = TEXT if right == TEXT_MAP else (right or "").removeprefix("list of ").removesuffix("s")
        return None if left == of else f"is {_A_KIND.get(left or '', left)} and can't be in"
    return "can be in a list, and that is none:"
