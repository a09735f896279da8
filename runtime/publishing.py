"""Publishing policies of one tenant: checked, compared with the active one, logged, active at once for new leads."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping

import structlog

from activities.policies import Policies
from domain.errors import BadInput, BatonError, NotFound, Refused, Unavailable
from domain.publications import (
    Candidate,
    Draft,
    Entering,
    PolicyStore,
    PolicyText,
    Published,
    Rollback,
    Versions,
    Way,
)
from policy import differences
from policy.load import LoadedPolicy, PolicyInvalid, policy_from_text
from policy.rotation import counted

log = structlog.get_logger()

Fit = Callable[[LoadedPolicy], None]
"""Raises BadInput for a policy that this installation may not use."""


class Publishing:
    """Versions of a policy, by command. Raises Unavailable without PostgreSQL."""

    def __init__(self, store: PolicyStore, policies: Policies, fit: Fit) -> None:
        self._store = store
        self._policies = policies
        self._fit = fit

    async def listed(self) -> Versions:
        """All versions and the newest of the log."""
        return await self._store.listed()

    async def shown(self, policy_hash: str) -> PolicyText:
        """A version as it was written. Raises NotFound."""
        found = await self._store.text(policy_hash)
        if found is None:
            raise _no_policy(policy_hash)
        return found

    async def publish(self, draft: Draft) -> Published:
        """Make a draft the active policy. Raises BadInput with every mistake, Refused when another is active than the
        draft's author believes."""
        loaded = await self.checked(draft)
        return await self._enter(loaded, _entering(loaded, draft.model_dump(exclude={"text", "packs"})))

    async def rollback(self, asked: Rollback) -> Published:
        """Make an earlier policy active again. Raises NotFound, Refused when there is none before, or when another is
        active than whoever asks believes."""
        newest = next(iter((await self._store.listed()).log), None)
        if newest is None or (asked.to is None and newest.from_hash is None):
            raise Refused("Nothing was published before the active policy, so there is nothing to roll back to.")
        if asked.expects not in (None, newest.to_hash):
            raise Refused(
                f"{newest.to_hash} is active by now, and not {asked.expects}, so nothing was rolled back. If it was "
                "you who rolled back, it is done; else look at what became active first."
            )
        loaded = await self.version(asked.to or str(newest.from_hash))
        how = {"way": Way.ROLLBACK, "undoes": newest.number, "expects": newest.to_hash}
        return await self._enter(loaded, _entering(loaded, {**asked.model_dump(exclude={"to", "expects"}), **how}))

    async def checked(self, candidate: Candidate) -> LoadedPolicy:
        """A candidate as a policy. Raises BadInput with every mistake, each with its place."""
        try:
            loaded = await asyncio.to_thread(policy_from_text, candidate.text, candidate.packs, True)
        except PolicyInvalid as error:
            raise _refused(error) from None
        self._fit(loaded)
        return loaded

    async def version(self, policy_hash: str) -> LoadedPolicy:
        """A published policy. Raises NotFound, BadInput when this build can't read it any more or this installation may
        not use it."""
        try:
            loaded = await self._policies.pinned(policy_hash)
            self._fit(loaded)
            return loaded
        except NotFound:
            raise _no_policy(policy_hash) from None
        except PolicyInvalid as error:
            said = f"This version of Baton can't read policy {policy_hash}; nothing was changed."
            raise BadInput(said, _places(error)) from None

    async def active(self) -> LoadedPolicy:
        """The policy that new leads are judged by. Raises BadInput when this build can't read it."""
        await self._policies.refresh()
        return await self.version(self._policies.judge.active)

    async def _enter(self, loaded: LoadedPolicy, entering: Entering) -> Published:
        await self._policies.refresh()
        entered = await self._store.publish(entering)
        if not entered.expected:
            raise Refused(
                f"Another policy has become active meanwhile ({entered.before}), so nothing was published. Look "
                "at what it changes, then publish again."
            )
        before = await self._before(entered.before)
        with contextlib.suppress(Unavailable):  # it is published: whoever asked must hear that, and a sweep refreshes
            await self._policies.refresh()
        return Published(
            policy_hash=loaded.hash,
            before=entered.before,
            changed=entered.publication is not None,
            publication=entered.publication,
            changes=differences.between(before, loaded),
        )

    async def _before(self, policy_hash: str | None) -> LoadedPolicy | None:
        try:
            return None if policy_hash is None else await self._policies.pinned(policy_hash)
        except BatonError:
            return None  # what was active can't be read, now or by this build, so what changed can't be said


async def take_file(store: PolicyStore, file: LoadedPolicy) -> None:
    """Publish the file of settings, if nothing is active, or if it was the file's word that counted and it changed.

    What somebody published by command stays until somebody publishes again; a file that changed since waits, and that
    is logged.
    """
    found = await store.standing()
    if found.active is not None and file.hash in (found.file, found.active):
        return
    if found.way not in (None, Way.FILE):
        log.warning(
            "policy_file_waits", file=file.hash, active=found.active, because="another was published by command"
        )
        return
    await store.publish(_entering(file, {"author": "file", "way": Way.FILE, "expects": found.active or ""}))


def _entering(loaded: LoadedPolicy, how: Mapping[str, object]) -> Entering:
    named = {"policy_hash": loaded.hash, "name": loaded.policy.name}
    return Entering.model_validate({**named, "text": loaded.text, "packs": dict(loaded.packs), **how})


def _no_policy(policy_hash: str) -> NotFound:
    return NotFound(f"There is no policy {policy_hash}: `baton policy list` names those that were published.")


def _refused(error: PolicyInvalid) -> BadInput:
    places = _places(error)
    return BadInput(f"The policy has {counted(len(places), 'mistake')}; nothing was published.", places)


def _places(error: PolicyInvalid) -> tuple[tuple[str, str], ...]:
    return tuple((each.place, each.said) for each in error.problems)
