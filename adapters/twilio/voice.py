"""Calls through the real twilio client: rings, looks up, hangs up. The ledger judges what follows; who is rung and why
is decided elsewhere."""

import contextlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
from twilio.base.exceptions import TwilioException
from twilio.rest.api.v2010.account.call import CallInstance

from adapters.twilio.account import TwilioAccount
from adapters.twilio.statement import TwilioCalls
from adapters.twilio.transport import PATIENCE, VENDOR
from adapters.twilio.twiml import Twiml
from domain.call_facts import Joined, LegMoved
from domain.calls import LegEnd, LegState
from domain.errors import Ambiguous, Rejected
from domain.ledger import Intent
from domain.phones import LegWords
from domain.ports import Accepted
from domain.scripts import Script

# Twilio stamps whole seconds by its own clock; `since` is the database's.
SLACK = timedelta(seconds=30)
LISTED = 1000
EVENTS = ["ringing", "answered", "completed"]
_OVER = ("21220", "20404", "http_404")
"""A call that isn't in progress any more, or was deleted: https://www.twilio.com/docs/api/errors/21220."""

_STATES = {
    "queued": (LegState.RINGING, None),
    "initiated": (LegState.RINGING, None),
    "ringing": (LegState.RINGING, None),
    "in-progress": (LegState.ANSWERED, None),
    "completed": (LegState.ENDED, LegEnd.COMPLETED),
    "busy": (LegState.ENDED, LegEnd.BUSY),
    "no-answer": (LegState.ENDED, LegEnd.NO_ANSWER),
    "failed": (LegState.ENDED, LegEnd.FAILED),
    "canceled": (LegState.ENDED, LegEnd.CANCELED),
}


def moved(leg_id: str, status: str, vendor_id: str | None = None, answered_by: str | None = None) -> LegMoved | None:
    """Twilio's word on a call as ours; None for a word that says nothing."""
    known = _STATES.get(status)
    if known is None:
        return None
    return LegMoved(leg_id=leg_id, state=known[0], end=known[1], vendor_id=vendor_id, answered_by=answered_by)


class TwilioVoice:
    """domain.phones.Voice. Raises a VendorError of domain.errors; the detail is Twilio's code."""

    def __init__(self, account: TwilioAccount, patience: httpx2.Timeout = PATIENCE) -> None:
        self._account = account
        client, self._transport = account.client(patience)
        self._api = client.api.v2010.account
        self._twiml = Twiml(account)

    @property
    def statement(self) -> TwilioCalls:
        """Twilio's own list of the calls of this account."""
        return TwilioCalls(self._api.calls)

    @property
    def sender(self) -> str:
        return self._account.sender

    @property
    def deadline(self) -> timedelta:
        """By when an attempt has answered or failed."""
        return self._transport.deadline

    async def send(self, intent: Intent) -> Accepted:
        """One attempt. The touch id travels in the callbacks' URLs, so that Twilio itself can settle the touch."""
        words = LegWords.model_validate_json(intent.body)
        about = {"call": words.call_id, "leg": intent.touch_id}
        common: dict[str, Any] = {  # Any: the client's own parameters
            "to": intent.recipient,
            "from_": intent.sender or self.sender,
            "timeout": int(words.ring.total_seconds()),
            "status_callback": self._account.hook("voice-status", **about),
            "status_callback_event": EVENTS,
        }
        if words.joins:
            sid = await self._into_conference(words, common, about)
        else:
            made = await self._api.calls.create_async(
                url=self._account.hook("voice/person" if words.person else "voice/rep", **about), **common
            )
            sid = made.sid
        if not isinstance(sid, str):
            raise Ambiguous(VENDOR, "garbled_answer")
        return Accepted(vendor_id=sid)

    async def _into_conference(self, words: LegWords, common: dict[str, Any], about: dict[str, str]) -> str | None:
        detection: dict[str, Any] = {}
        if words.detect:
            callback = self._account.hook("voice/amd", **about)
            detection = {"machine_detection": "DetectMessageEnd", "amd_status_callback": callback}
        room = self._api.conferences(words.call_id).participants
        made = await room.create_async(
            label=about["leg"], early_media=True, end_conference_on_exit=True, beep="false", **common, **detection
        )
        sid: str | None = made.call_sid
        return sid

    async def find(self, intent: Intent, since: datetime) -> tuple[Accepted, ...]:
        """The calls created since then (real time) between these two numbers.

        Not filtered by StartTime: a call that still waits in Twilio's queue has none and would count as absent.
        """
        listed: list[CallInstance] | None = None
        # What such an error says holds the answer's body: nothing of it goes on.
        with contextlib.suppress(TwilioException, ValueError, TypeError, LookupError, AttributeError):
            listed = await self._api.calls.list_async(
                to=intent.recipient, from_=intent.sender or self.sender, limit=LISTED, page_size=100
            )
        if listed is None:
            raise Ambiguous(VENDOR, "garbled_answer")
        return tuple(_since(listed, since - SLACK))

    async def state(self, leg_id: str, vendor_id: str) -> LegMoved | None:
        """How far it has come by Twilio's word. What Twilio doesn't know is over."""
        try:
            call = await self._api.calls(vendor_id).fetch_async()
        except Rejected as error:
            if error.detail not in _OVER:
                raise
            return LegMoved(leg_id=leg_id, state=LegState.ENDED, end=LegEnd.UNKNOWN)
        found = moved(leg_id, call.status or "", vendor_id, call.answered_by)
        return found.model_copy(update={"at": call.end_time}) if found is not None and call.end_time else found

    async def present(self, room: str) -> tuple[Joined, ...]:
        """Who is in the conference of this name that goes on, by their call ids, as of now."""
        found = await self._api.conferences.list_async(friendly_name=room, status="in-progress", limit=1)
        found = found or await self._api.conferences.list_async(friendly_name=room, status="init", limit=1)
        if not found or not isinstance(found[0].sid, str):
            return ()
        sid, now = found[0].sid, datetime.now(UTC)
        members = await self._api.conferences(sid).participants.list_async(limit=LISTED)
        return tuple(Joined(leg_id=each.call_sid, at=now, room=sid) for each in members if each.call_sid)

    async def hang_up(self, vendor_id: str) -> None:
        """Stops it ringing, or ends it."""
        with _unless_over():
            await self._api.calls(vendor_id).update_async(status="completed")

    async def say(self, vendor_id: str, script: Script) -> None:
        """Takes the leg out of where it is, to hear this."""
        with _unless_over():
            await self._api.calls(vendor_id).update_async(twiml=self._twiml.write(script))

    async def ends(self, room: str, vendor_id: str, ends: bool) -> None:
        """Whether the conference is over when this leg goes."""
        await self._change(room, vendor_id, end_conference_on_exit=ends)

    async def hold(self, room: str, vendor_id: str, path: str | None) -> None:
        """The leg hears what is at our own path and nobody else; None: it is back."""
        music = {"hold_url": self._url(path), "hold_method": "POST"} if path is not None else {}
        await self._change(room, vendor_id, hold=path is not None, **music)

    async def tell(self, room: str, vendor_id: str, path: str) -> None:
        """This leg alone hears what is at our own path."""
        await self._change(room, vendor_id, announce_url=self._url(path), announce_method="POST")

    async def _change(self, room: str, vendor_id: str, **what: Any) -> None:  # noqa: ANN401 - the client's own parameters
        with _unless_over():
            await self._api.conferences(room).participants(vendor_id).update_async(**what)

    async def delete_recording(self, recording_id: str) -> None:
        """Gone for good; of one that is gone already nothing happens."""
        with _unless_over():
            await self._api.recordings(recording_id).delete_async()

    def _url(self, path: str) -> str:
        return self._account.public_url.rstrip("/") + path

    async def announce(self, room: str, path: str) -> None:
        """All in the conference hear what is at our own path."""
        with _unless_over():
            await self._api.conferences(room).update_async(announce_url=self._url(path), announce_method="POST")

    async def aclose(self) -> None:
        await self._transport.aclose()


@contextlib.contextmanager
def _unless_over() -> Iterator[None]:
    try:
        yield
    except Rejected as error:
        if error.detail not in _OVER:
            raise


def _since(listed: Iterable[CallInstance], since: datetime) -> Iterable[Accepted]:
    for call in listed:
        created: datetime | None = call.date_created
        # Unreadable counts as just now: better a false match than a second ring.
        made = datetime.now(UTC) if created is None else created
        if (made if made.tzinfo else made.replace(tzinfo=UTC)) >= since and isinstance(call.sid, str):
            yield Accepted(vendor_id=call.sid)
