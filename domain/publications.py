"""Policies as they are published: versions by hash, and the log of what became active when by whose word. No judgement.

Authors and notes are our own people's words; they stay in PostgreSQL.
"""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from pydantic import Field

from domain.messages import HASH
from domain.values import Given, Stored

AUTHOR = r"^[\w.@+-][\w.@+ -]{0,63}$"
MOST_TEXT = 240_000
"""Characters of a policy or a pack that come in over HTTP: a tenth of that is a long one."""


class Way(StrEnum):
    """How a policy became active."""

    FILE = "file"  # the file of settings, at start-up
    COMMAND = "command"
    ROLLBACK = "rollback"


class Candidate(Given):
    """A policy's text with the contact rules that it names, by their names."""

    text: str = Field(min_length=1, max_length=MOST_TEXT)
    packs: dict[str, str] = Field(default_factory=dict, max_length=8)


class Draft(Candidate):
    """A policy to publish. `expects` is the hash that its author believes active; empty for none yet, None for any."""

    author: str = Field(pattern=AUTHOR)
    note: str = Field(default="", max_length=500)
    expects: str | None = Field(default=None, max_length=64)


class Rollback(Given):
    """Make an earlier policy active again: `to`, or the one before the newest publication.

    `expects`: the active policy's hash, as whoever asks knows it; nothing happens when another is active by then, as
    after the same rollback, asked for twice.
    """

    author: str = Field(pattern=AUTHOR)
    note: str = Field(default="", max_length=500)
    to: str | None = Field(default=None, pattern=HASH)
    expects: str | None = Field(default=None, pattern=HASH)


class Entering(Stored):
    """A checked policy on its way to becoming active."""

    policy_hash: str
    name: str
    text: str
    packs: dict[str, str]
    author: str
    note: str = ""
    way: Way = Way.COMMAND
    undoes: int | None = None
    expects: str | None = None


class Publication(Stored):
    """One line of the log."""

    number: int
    from_hash: str | None
    to_hash: str
    author: str
    note: str
    way: Way
    undoes: int | None = None  # of a rollback: the publication it takes back
    at: datetime


class Entered(Stored):
    """What publishing came to: no publication where the policy was active already, or another was than expected."""

    expected: bool
    before: str | None = None
    publication: Publication | None = None


class Change(Stored):
    """One difference between two policies; what isn't there is None on its side."""

    path: str
    old: str | None
    new: str | None


class Published(Stored):
    """What whoever published or rolled back is told. Not `changed`: that policy was active already."""

    policy_hash: str
    before: str | None
    changed: bool
    publication: Publication | None
    changes: tuple[Change, ...]


class Version(Stored):
    """A policy that was published, and how many open leads follow it."""

    policy_hash: str
    name: str
    author: str
    published_at: datetime
    active: bool
    open_leads: int


class Versions(Stored):
    """All of a tenant, newest first, and the newest of its log."""

    versions: tuple[Version, ...]
    log: tuple[Publication, ...]


class PolicyText(Stored):
    """A published policy as it was written."""

    policy_hash: str
    name: str
    text: str
    packs: dict[str, str]
    author: str
    published_at: datetime
    active: bool


class InForce(Stored):
    """Policies that somebody is judged by: the active one, for new leads, and those of open leads."""

    active: str | None = None
    pinned: tuple[str, ...] = ()


class HowActive(Stored):
    """The active policy, how it became so, and what the file of settings last made active."""

    active: str | None = None
    way: Way | None = None
    file: str | None = None


class PolicyStore(Protocol):
    """Published policies, kept for good. One tenant's: another's are not there."""

    async def publish(self, entering: Entering) -> Entered: ...

    async def in_force(self) -> InForce: ...

    async def standing(self) -> HowActive: ...

    async def listed(self) -> Versions: ...

    async def text(self, policy_hash: str) -> PolicyText | None: ...
