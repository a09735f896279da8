"""Liquid as texts may use it: enough for a message, too little to harm anybody. It knows neither policies nor people.

What Liquid's own limits leave open is closed here: ranges that are spelled out, filters whose results grow, the clock.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from functools import lru_cache, wraps
from typing import TextIO

from liquid import BoundTemplate, Environment, RenderContext, StrictUndefined
from liquid.ast import BlockNode
from liquid.builtin.tags.case_tag import CaseNode, CaseTag, MultiExpressionBlockNode
from liquid.builtin.tags.if_tag import IfNode, IfTag
from liquid.builtin.tags.unless_tag import UnlessNode, UnlessTag
from liquid.exceptions import LiquidError, LiquidSyntaxError, ResourceLimitError

MOST = 4000
"""Characters of a template, of what it writes, and of what a filter makes on the way."""

_MOST_BITS = 256
_MOST_WAYS = 256
_LOOPS = ("for", "tablerow")
_NOT_FOR_TEXTS = ("include", "render", "liquid")
"""Tags that read other files, or hold other tags."""


class Limited(Environment):
    """Where templates are read. A policy author may loop; nothing they write takes long, or more than a little room."""

    output_stream_limit = MOST
    loop_iteration_limit = 100
    context_depth_limit = 10
    local_namespace_limit = 20 * MOST

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined)
        del self.filters["date"]  # no variable is a date, so that it could only read the clock
        self.filters = {name: _bounded(name, made) for name, made in self.filters.items()}
        self.tags = {name: tag for name, tag in self.tags.items() if name not in _NOT_FOR_TEXTS}

    def read(self, text: str) -> BoundTemplate:
        """The template in a text. Raises LiquidError when it is none, is too long, or spells out a range."""
        if len(text) > MOST:
            raise ResourceLimitError(f"{len(text)} characters; at most {MOST}", token=None)
        tag = ""
        for token in self.tokenizer()(text):
            tag = token.value if token.kind == "tag" else "" if token.kind == "content" else tag
            if token.kind == "expression" and tag not in _LOOPS and ".." in _unquoted(token.value):
                raise LiquidSyntaxError("a range (1..5) belongs in a for tag", token=token)
            if token.kind == "output":
                tag = ""
        return self.from_string(text)


def _unquoted(expression: str) -> str:
    return "".join(part for part in _parts(expression) if part[0] not in "\"'")


def _parts(expression: str) -> Iterator[str]:
    """What stands in quotes, with them, and what stands between."""
    rest = expression
    while rest:
        at = min((found for quote in "\"'" if (found := rest.find(quote)) >= 0), default=len(rest))
        if at:
            yield rest[:at]
            rest = rest[at:]
            continue
        end = rest.find(rest[0], 1)
        yield rest[: end + 1] if end > 0 else rest
        rest = rest[end + 1 :] if end > 0 else ""


def _bounded(name: str, made: Callable[..., object]) -> Callable[..., object]:
    @wraps(made)
    def bounded(*args: object, **named: object) -> object:
        found = made(*args, **named)
        if _size(found) > MOST:
            raise ResourceLimitError(f"the filter {name} makes too much of it", token=None)
        return found

    return bounded


def _size(found: object) -> int:
    if isinstance(found, int):
        return MOST + 1 if found.bit_length() > _MOST_BITS else 0
    return len(found) if isinstance(found, Sized) else 0


class _Choices:
    """How conditions turn out this time: `path` has the number of the choice made at each, `sizes` out of how many."""

    def __init__(self) -> None:
        self.path: list[int] = []
        self.sizes: list[int] = []
        self.at = 0

    def choose(self, blocks: Sequence[BlockNode | None]) -> BlockNode | None:
        """The block that is taken this time."""
        if self.at == len(self.path):
            self.path.append(0)
            self.sizes.append(len(blocks))
        self.at += 1
        return blocks[self.path[self.at - 1]]

    def go_on(self) -> bool:
        """Turn to the next way; False when there is none."""
        del self.path[self.at :], self.sizes[self.at :]
        while self.path and self.path[-1] + 1 == self.sizes[-1]:
            self.path.pop()
            self.sizes.pop()
        if self.path:
            self.path[-1] += 1
        self.at = 0
        return bool(self.path)


_CHOICES = "\0choices"
"""Under which of a template's values they stand: no template can name it."""


def _taken(blocks: Sequence[BlockNode | None], context: RenderContext, buffer: TextIO) -> int:
    choices = context.globals[_CHOICES]
    assert isinstance(choices, _Choices)
    block = choices.choose(blocks)
    return 0 if block is None else block.render(context, buffer)


class _EitherNode(IfNode):
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        return _taken([self.consequence, *(each.block for each in self.alternatives), self.default], context, buffer)


class _OrNotNode(UnlessNode):
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        return _taken([self.consequence, *(each.block for each in self.alternatives), self.default], context, buffer)


class _OneOfNode(CaseNode):
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        blocks = [each.block if isinstance(each, MultiExpressionBlockNode) else each for each in self.blocks]
        has_else = any(isinstance(each, BlockNode) for each in self.blocks)
        return _taken([*blocks, *(() if has_else else (None,))], context, buffer)


class _If(IfTag):
    node_class = _EitherNode


class _Unless(UnlessTag):
    node_class = _OrNotNode


class _Case(CaseTag):
    node_class = _OneOfNode


class _Either(Limited):
    """Where conditions turn out as they are told."""

    def __init__(self) -> None:
        super().__init__()
        for tag in (_If, _Unless, _Case):
            self.add_tag(tag)


_EITHER = _Either()


@lru_cache(maxsize=256)
def _either(text: str) -> BoundTemplate:
    return _EITHER.read(text)


class TooManyWays(LiquidError):
    """A text has more ways through its conditions than are looked at."""


def fillings(text: str, values: Mapping[str, str]) -> Iterator[str]:
    """What a text says in each way its conditions may turn out, whatever these values make of them. Raises LiquidError
    for a text that can't be filled, or whose ways are too many to look at."""
    choices, template = _Choices(), _either(text)
    for _ in range(_MOST_WAYS):
        yield template.render({**values, _CHOICES: choices}).strip()
        if not choices.go_on():
            return
    raise TooManyWays(f"its conditions make more than {_MOST_WAYS} texts of it", token=None)
