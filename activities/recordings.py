"""Old recordings, deleted at the vendor: a page of them at a time, each as often as it takes.

By the active policy's `calls.record.keep`. One that people should have been told of, and were not, goes at once.
"""

from datetime import timedelta

import structlog
from temporalio import activity

from activities.policies import Policies
from domain.call_facts import RecordingDeleted
from domain.errors import VendorError
from domain.phones import Calls, Voice
from domain.reconciling import Sweep
from policy.telephone import Recording

PAGE = 50
"""Recordings of one try; a night has as many tries as it takes."""

log = structlog.get_logger()


class Recordings:
    """One process's."""

    def __init__(self, calls: Calls, voice: Voice, policies: Policies) -> None:
        self._calls = calls
        self._voice = voice
        self._policies = policies

    @activity.defn(name="delete_recordings")
    async def delete(self, sweep: Sweep) -> int:
        """Deletes a page of what is too old; how many went. One that the vendor won't delete now has another night."""
        gone = 0
        for call in await self._calls.outdated(sweep.tenant, self._keep, PAGE):
            activity.heartbeat()
            try:
                await self._voice.delete_recording(call.recording or "")
            except VendorError as error:
                log.warning("recording_not_deleted", call=call.call_id, error=error.detail)
                continue
            await self._calls.change(call.call_id, RecordingDeleted())
            gone += 1
        return gone

    @property
    def _keep(self) -> timedelta:
        calls = self._policies.current.policy.calls
        rules = calls.record if calls is not None else None
        return (rules or Recording()).keep
