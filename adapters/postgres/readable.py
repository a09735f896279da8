"""Text that PostgreSQL can't store: NUL characters and halves of surrogate pairs.

It is refused where the sender can correct it, and replaced where nobody can. Other text is never touched.
"""

import hashlib
import re
from collections.abc import Iterator

from pydantic import BaseModel
from pydantic_core import PydanticSerializationError

from domain.errors import BadInput

LONGEST_ID = 200
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def refuse_unreadable(message: BaseModel) -> None:
    """BadInput, naming each place, when the message holds text that can't be stored."""
    try:
        if "\\u0000" not in message.model_dump_json():
            return
    except (PydanticSerializationError, UnicodeEncodeError):
        pass  # a lone surrogate: found below
    problems = tuple(
        (place, "contains a character that can't be stored; remove it") for place in _places(message.model_dump(), "")
    )
    if problems:
        raise BadInput("The message contains NUL characters or broken Unicode.", problems)


def _places(value: object, place: str) -> Iterator[str]:
    """Where unstorable text sits. Keys are shown as they can be printed."""
    if isinstance(value, str):
        if _UNSTORABLE.search(value):
            yield place
    elif isinstance(value, dict):
        for key, inner in value.items():
            name = f"{place}.{scrubbed(str(key))}".lstrip(".")
            yield from [name] if _UNSTORABLE.search(str(key)) else _places(inner, name)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _places(inner, f"{place}[{index}]")


def scrubbed(text: str) -> str:
    """The text with what can't be stored replaced: for senders who can't be told, a person's phone above all."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def bounded(event_id: str) -> str:
    """A vendor's event id as an index can hold it: itself, or its digest when it is longer than 200 characters."""
    clean = scrubbed(event_id)
    return clean if len(clean) <= LONGEST_ID else "sha256:" + hashlib.sha256(clean.encode()).hexdigest()
