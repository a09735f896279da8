"""What survives a SIGKILL of the simulator: an append-only JSON Lines file of (kind, key, value), last value wins.

It is written before a vendor's answer leaves, so nothing that was accepted is forgotten. No fsync: it guards against
the death of the process, not of the machine.
"""

import json
import os
from pathlib import Path

from pydantic import BaseModel, JsonValue, TypeAdapter

_LINE: TypeAdapter[tuple[str, str, JsonValue]] = TypeAdapter(tuple[str, str, JsonValue])


class Journal:
    """Keeps nothing in memory beyond what `read` hands out once at start."""

    def __init__(self, path: Path | None) -> None:
        self._loaded: dict[str, dict[str, JsonValue]] = {}
        self._file: int | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            self._load(path.read_bytes())

    def put(self, kind: str, key: str, value: BaseModel | JsonValue) -> None:
        """Append one value; None forgets the key."""
        if self._file is None:
            return
        plain = value.model_dump(mode="json", by_alias=True) if isinstance(value, BaseModel) else value
        os.write(self._file, json.dumps([kind, key, plain], separators=(",", ":")).encode() + b"\n")

    def read(self, kind: str) -> dict[str, JsonValue]:
        """The last values of one kind as they stood at start, in the order in which their keys first came."""
        return self._loaded.pop(kind, {})

    def clear(self) -> None:
        self._loaded.clear()
        if self._file is not None:
            os.ftruncate(self._file, 0)

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _load(self, raw: bytes) -> None:
        whole = raw[: raw.rfind(b"\n") + 1]
        if self._file is not None and len(whole) < len(raw):  # a write cut short by the kill: it was never answered
            os.ftruncate(self._file, len(whole))
        for line in whole.splitlines():
            kind, key, value = _LINE.validate_json(line)
            known = self._loaded.setdefault(kind, {})
            if value is None:
                known.pop(key, None)
            else:
                known[key] = value
