"""Moves an accepted text through its states and reports each to its StatusCallback, signed, as Twilio does."""

import asyncio
from urllib.parse import urlencode

from simulator.clock import EmbeddedClock
from simulator.courier import Answer, Courier, Parcel
from simulator.settings import SimSettings
from simulator.signatures import twilio_headers
from simulator.twilio_lists import API
from simulator.twilio_messages import Message, Messages

_TIMEOUT = 15.0
_RETRIES = 2


class StatusReports:
    """The state moves on whether or not anybody listens; only the reports can be lost, late, doubled or reordered."""

    def __init__(self, settings: SimSettings, clock: EmbeddedClock, courier: Courier, messages: Messages) -> None:
        self._settings = settings
        self._clock = clock
        self._courier = courier
        self._messages = messages

    async def progress(self, message: Message) -> None:
        """From wherever the text stands to its last state, reporting as the fault plan of the text says."""
        await self._go_through(message)
        if (done := self._messages.get(message.sid)) is not None:
            self._messages.save(done.model_copy(update={"reported": True}))

    async def canceled(self, message: Message) -> None:
        """The only thing that is said of a text which was canceled."""
        await self._report(message)
        self._messages.save(message.model_copy(update={"reported": True}))

    async def _go_through(self, message: Message) -> None:
        states = ["queued", "sent", "undelivered" if message.error else "delivered"]
        ahead = states if message.status == "accepted" else states[states.index(message.status) :]
        if message.callbacks is None:
            for state in ahead:
                await self._report(self._move(message.sid, state))
            return
        moved = [self._move(message.sid, state) for state in ahead]
        if message.callbacks == "late":
            await asyncio.sleep(message.callbacks_late)
        for each in {"drop": [], "reorder": moved[::-1]}.get(message.callbacks, moved):
            await self._report(each)
            if message.callbacks == "duplicate":
                await self._report(each)

    def _move(self, sid: str, state: str) -> Message | None:
        """None when the text was deleted meanwhile: then nothing more is reported."""
        message = self._messages.get(sid)
        if message is None:
            return None
        now = self._clock.real_now()
        sent = message.sent or (now if state != "queued" else None)
        return self._messages.save(message.model_copy(update={"status": state, "updated": now, "sent": sent}))

    async def _report(self, message: Message | None) -> None:
        if message is not None and message.status_callback:
            await self._courier.insist(lambda _: self._post(message), times=_RETRIES, pause=1.0)

    async def _post(self, message: Message) -> Answer:
        url = message.status_callback or ""
        form = {
            "SmsSid": message.sid,
            "SmsStatus": message.status,
            "MessageStatus": message.status,
            "To": message.to,
            "MessageSid": message.sid,
            "AccountSid": message.account,
            "From": message.sender,
            "ApiVersion": API,
        }
        if message.status in ("delivered", "undelivered"):
            form["RawDlrDoneDate"] = message.updated.strftime("%y%m%d%H%M")
        if message.status == "undelivered":
            form["ErrorCode"] = str(message.error)
        headers = twilio_headers(self._settings.twilio_auth_token, url, form)
        return await self._courier.post(Parcel("twilio", url, urlencode(form), headers, _TIMEOUT))
