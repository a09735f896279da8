"""How two policies differ, by path: key, old, new. For people and programs to read; decides nothing."""

import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from domain.publications import Change
from policy import documents
from policy.loaded import LoadedPolicy

_NAMED_BY = ("handle", "name")
LONGEST = 200
"""Characters of a value that are shown."""


def between(old: LoadedPolicy | None, new: LoadedPolicy) -> tuple[Change, ...]:
    """Every difference of policy and contact rules, in the order of the new file. Without an old one: none."""
    if old is None:
        return ()
    mine = _changes("", _values(old.text), _values(new.text))
    law = _changes("", _pack(old), _pack(new))
    return (*mine, *(each.model_copy(update={"path": f"contact_rules: {each.path}"}) for each in law))


def _values(text: str) -> dict[str, object]:
    return documents.plain(documents.parsed(text, "policy"))


def _pack(loaded: LoadedPolicy) -> dict[str, object]:
    return _values(next(iter(loaded.packs.values())))


def _changes(path: str, old: object, new: object) -> Iterator[Change]:
    if old == new and type(old) is type(new):
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _of_mappings(path, old, new)
    elif (named := _by_name(old, new)) is not None:
        yield from _of_named(path, *named)
    elif isinstance(old, list) and isinstance(new, list) and (_is_long(old) or _is_long(new)):
        yield from _of_lists(path, old, new)
    else:
        yield Change(path=path, old=_shown(old), new=_shown(new))


def _of_mappings(path: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[Change]:
    for key in (*new, *(key for key in old if key not in new)):
        below = f"{path}.{key}" if path else str(key)
        if key not in old:
            yield Change(path=below, old=None, new=_shown(new[key]))
        elif key not in new:
            yield Change(path=below, old=_shown(old[key]), new=None)
        else:
            yield from _changes(below, old[key], new[key])


def _of_named(path: str, old: dict[str, object], new: dict[str, object]) -> Iterator[Change]:
    for key in (*new, *(key for key in old if key not in new)):
        below = f"{path}[{key}]"
        if key not in old or key not in new:
            yield Change(path=below, old=_shown(old.get(key)), new=_shown(new.get(key)))
        else:
            yield from _changes(below, old[key], new[key])
    before, after = [key for key in old if key in new], [key for key in new if key in old]
    if before != after:  # the first that fits counts, so the order does
        yield Change(path=f"{path} (order)", old=", ".join(before), new=", ".join(after))


def _of_lists(path: str, old: Sequence[object], new: Sequence[object]) -> Iterator[Change]:
    before, after = [_text(each) for each in old], [_text(each) for each in new]
    for tag, start, end, start_new, end_new in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        gone, come = before[start:end], after[start_new:end_new]
        for place in range(max(len(gone), len(come))):
            was = gone[place] if place < len(gone) else None
            now = come[place] if place < len(come) else None
            yield Change(path=f"{path}[]", old=_cut(was), new=_cut(now))


def _by_name(old: object, new: object) -> tuple[dict[str, object], dict[str, object]] | None:
    """Both lists by their entries' names, where every entry has one of its own."""
    for key in _NAMED_BY:
        mine, theirs = _named(old, key), _named(new, key)
        if mine is not None and theirs is not None:
            return mine, theirs
    return None


def _named(node: object, key: str) -> dict[str, object] | None:
    if not isinstance(node, list) or not all(isinstance(each, Mapping) and key in each for each in node):
        return None
    found = {str(each[key]): each for each in node}
    return found if len(found) == len(node) else None


def _is_long(node: list[object]) -> bool:
    return any(isinstance(each, Mapping | list) for each in node)


def _shown(value: object) -> str | None:
    return None if value is None else _cut(_text(value))


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_text(each)}' for key, each in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(_text(each) for each in value)}]"
    return json.dumps(value, default=str)


def _cut(text: str | None) -> str | None:
    return text if text is None or len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
