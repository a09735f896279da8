"""YAML text -> Document, or the problem with its place. The only module that reads YAML or files. Whatever a file
holds, it is measured before it is built, and nothing but PolicyInvalid is raised."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.constructor import ConstructorError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, Event, NodeEvent
from ruamel.yaml.nodes import Node, ScalarNode
from ruamel.yaml.parser import RoundTripParser
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.scalarbool import ScalarBoolean

from policy.problems import Document, PolicyInvalid, Problem, shown

LARGEST = 500_000
"""Bytes of a file."""

MOST = 50_000
"""Values of a file, each counted as often as aliases (*name) repeat it."""

LIMIT = 10**15
"""Of a whole number."""

DEEPEST = 40
"""Levels of lists and mappings."""

_FAULTS = (ValueError, ArithmeticError, TypeError, LookupError, AttributeError, AssertionError)
"""What ruamel lets through where a value is not what its spelling promises."""

_SAID = {"but found another document": "a second document begins here, and a file holds one"}
"""Half a sentence of ruamel's, whole."""

_KINDS = {"int": "a whole number", "float": "a number", "timestamp": "a date", "bool": "true or false"}


def text_of(path: Path) -> str:
    """The text of a file, no more of it than parsed() refuses. Raises OSError, and ValueError where it is no text."""
    with path.open("rb") as file:
        read = file.read(LARGEST + 1)
    return read.decode("utf-8", errors="strict" if len(read) <= LARGEST else "replace")


@lru_cache(maxsize=8)
def parsed(text: str, name: str) -> Document:
    """The document in a text. Raises PolicyInvalid."""
    if len(text.encode("utf-8", errors="replace")) > LARGEST:
        raise PolicyInvalid([Problem(name, 1, 1, f"is longer than {LARGEST} bytes")])
    yaml, measure = YAML(typ="rt"), _Measure(name)
    yaml.Constructor, yaml.Parser = _Constructor, _Parser
    yaml.parser.measure = measure
    yaml.composer.warn_double_anchors = False  # the later one counts, as YAML has it
    try:
        root = yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        said = str(error.problem or error.context).partition(" with value ")[0]  # a duplicate key shows all below it
        said = _SAID.get(said, said)
        raise PolicyInvalid([Problem(name, line + 1, column + 1, f"not YAML: {said}")]) from None
    except ReaderError as error:
        before = text[: error.position].split("\n")
        said = f"not YAML: character {error.character!r} is not allowed"
        raise PolicyInvalid([Problem(name, len(before), len(before[-1]) + 1, said)]) from None
    except (YAMLError, *_FAULTS) as error:
        line, column = measure.at  # where the last thing ended that could be read
        raise PolicyInvalid([Problem(name, line, column, f"not YAML: {str(error).splitlines()[0]}")]) from None
    if not isinstance(root, CommentedMap):
        raise PolicyInvalid([Problem(name, 1, 1, "a mapping is expected: key: value")])
    return Document(name, root)


class _Parser(RoundTripParser):
    """ruamel's own, which has each event measured before anything is made of it."""

    measure: "_Measure"

    def get_event(self) -> Event:
        """The next event. Raises PolicyInvalid when the document is too much."""
        event: Event = super().get_event()
        self.measure.take(event)
        return event


class _Constructor(RoundTripConstructor):
    """ruamel's own, which says where the value stands that it can't build."""

    def construct_non_recursive_object(self, node: Node, tag: str | None = None) -> object:
        """A value. Raises ConstructorError, whatever is wrong with it."""
        if isinstance(node, ScalarNode) and any("\ud800" <= letter <= "\udfff" for letter in node.value):
            raise _unusable(node, "has half a character (\\ud800 to \\udfff); write the character itself")
        try:
            found: object = super().construct_non_recursive_object(node, tag)
        except _FAULTS:
            kind = _KINDS.get(str(node.tag).rpartition(":")[2], "a value")
            raise _unusable(node, f"can't be read as {kind}") from None
        if isinstance(found, int) and abs(found) > LIMIT:
            raise _unusable(node, f"is too large a number; at most {LIMIT}")
        return found


def _unusable(node: Node, said: str) -> ConstructorError:
    value = shown(node.value) if isinstance(node, ScalarNode) else "this"
    return ConstructorError(problem=f"{value} {said}", problem_mark=node.start_mark)


@dataclass(slots=True)
class _Measure:
    """Values and levels of a document while it is read; `open` has the anchor and the size of each unfinished level.

    `at` is where the last event ended.
    """

    name: str
    sizes: dict[str, int] = field(default_factory=dict)
    open: list[tuple[str | None, int]] = field(default_factory=lambda: [(None, 0)])
    at: tuple[int, int] = (1, 1)

    def take(self, event: Event) -> None:
        """The next event of the document. Raises PolicyInvalid when it is too much."""
        if isinstance(event, CollectionEndEvent):
            self._end(event)
        elif isinstance(event, NodeEvent):
            self._begin(event)
        self.at = event.end_mark.line + 1, event.end_mark.column + 1

    def _begin(self, event: NodeEvent) -> None:
        if isinstance(event, AliasEvent):
            if any(anchor == event.anchor for anchor, _ in self.open):
                self._refuse(event, f"*{event.anchor} is part of itself")
            self._add(event, self.sizes.get(event.anchor, 1))
        elif isinstance(event, CollectionStartEvent):
            self.open.append((event.anchor, 1))
            if len(self.open) > DEEPEST:
                self._refuse(event, f"more than {DEEPEST} levels of lists and mappings")
        else:
            if event.anchor:
                self.sizes[event.anchor] = 1
            self._add(event, 1)

    def _end(self, event: Event) -> None:
        anchor, size = self.open.pop()
        if anchor:
            self.sizes[anchor] = size
        self._add(event, size)

    def _add(self, event: Event, size: int) -> None:
        anchor, before = self.open.pop()
        self.open.append((anchor, before + size))
        if before + size > MOST:
            self._refuse(event, f"more than {MOST} values")

    def _refuse(self, event: Event, said: str) -> None:
        mark = event.start_mark
        raise PolicyInvalid([Problem(self.name, mark.line + 1, mark.column + 1, said)])


def plain(document: Document) -> dict[str, object]:
    """The values of a document, over those of the one it extends; lists are replaced whole."""
    mine = _unmarked(document.root)
    assert isinstance(mine, dict)
    mine.pop("extends", None)
    return mine if document.base is None else _over(plain(document.base), mine)


def _unmarked(node: object) -> object:
    if isinstance(node, Mapping):
        return {_scalar(key): _unmarked(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_unmarked(value) for value in node]
    return _scalar(node)


def _scalar(node: object) -> str | int | float | date | None:
    """A value without what ruamel remembers of its spelling; what YAML alone has (a tag, a set) as text."""
    if node is None or type(node) in (bool, date):
        return node  # type: ignore[return-value]  # narrowed by type(), which mypy doesn't follow
    if isinstance(node, ScalarBoolean):
        return bool(node)
    return next((kind(node) for kind in (int, float) if isinstance(node, kind)), str(node))


def _over(base: dict[str, object], mine: dict[str, object]) -> dict[str, object]:
    merged = dict(base)
    for key, value in mine.items():
        below = merged.get(key)
        merged[key] = _over(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def written(raw: dict[str, object]) -> str:
    """Values as YAML text, from which the same values are read again."""
    out = StringIO()
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # untyped switch of ruamel
    writer.dump(raw, out)
    return out.getvalue()
