"""A way through a policy as it was written, before it has its shape: what isn't there, or has no shape, is empty."""

from collections.abc import Iterator, Mapping, Sequence

from policy.problems import Place

Raw = Mapping[str, object]

Found = tuple[Place, str, str | None]
"""Something wrong: where, what, and what may have been meant."""


def mapping(raw: object, key: str) -> Raw:
    """The mapping under a key."""
    value = raw.get(key) if isinstance(raw, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def items(raw: object, key: str) -> Iterator[tuple[int, Raw]]:
    """The mappings of the list under a key, with their positions."""
    value = raw.get(key) if isinstance(raw, Mapping) else None
    if isinstance(value, Sequence) and not isinstance(value, str):
        yield from ((number, each) for number, each in enumerate(value) if isinstance(each, Mapping))


def names(raw: Raw, key: str) -> list[str] | None:
    """The names that a section defines; None where it isn't there or has another shape, which is said elsewhere."""
    value = raw.get(key)
    return sorted(map(str, value)) if isinstance(value, Mapping) else None


def texts_in(value: object) -> list[str]:
    """The texts of a list."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list | tuple) else []
