"""Text messages through the real twilio client. It sends once and looks up; the ledger judges what follows."""

import contextlib
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import httpx2
from twilio.base.exceptions import TwilioException
from twilio.rest.api.v2010.account.message import MessageInstance

from adapters.twilio.account import TwilioAccount
from adapters.twilio.statement import TwilioMessages
from adapters.twilio.transport import PATIENCE, VENDOR
from domain.errors import Ambiguous, Rejected
from domain.ledger import Intent
from domain.ports import Accepted

# Twilio stamps whole seconds by its own clock; `since` is the database's.
SLACK = timedelta(seconds=30)
LISTED = 1000
# What Twilio's smart encoding makes of typographic quotes, dashes and dots.
PLAIN = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "–": "-", "—": "-", "…": "..."})


class TwilioSms:
    """domain.ports.Sms. Raises a VendorError of domain.errors; the detail is Twilio's code."""

    def __init__(self, account: TwilioAccount, patience: httpx2.Timeout = PATIENCE) -> None:
        self._account = account
        client, self._transport = account.client(patience)
        self._messages = client.api.v2010.account.messages

    @property
    def sender(self) -> str:
        return self._account.sender

    @property
    def deadline(self) -> timedelta:
        """By when an attempt has answered or failed."""
        return self._transport.deadline

    async def send(self, intent: Intent) -> Accepted:
        """One attempt. The touch id travels in the callback's URL, so that Twilio itself can settle the touch."""
        message: MessageInstance = await self._messages.create_async(
            to=intent.recipient,
            body=intent.body,
            **self._from(intent),
            status_callback=self._callback(intent.touch_id),
        )
        if not isinstance(message.sid, str):
            raise Ambiguous(VENDOR, "garbled_answer")
        return Accepted(vendor_id=message.sid)

    async def cancel(self, vendor_id: str) -> bool:
        """Whether a message that Twilio still holds won't go. It cancels scheduled ones, and refuses for the others."""
        try:
            message: MessageInstance = await self._messages(vendor_id).update_async(status="canceled")
        except Rejected:
            return False
        status: str | None = message.status
        return status == "canceled"

    async def find(self, intent: Intent, since: datetime) -> tuple[Accepted, ...]:
        """The messages created since then (real time) that could be this intent's, likeliest first.

        Not filtered by DateSent: a message that still waits in Twilio's queue has none and would count as absent.
        """
        listed: list[MessageInstance] | None = None
        # What such an error says holds the answer's body: nothing of it goes on.
        with contextlib.suppress(TwilioException, ValueError, TypeError, LookupError, AttributeError):
            listed = await self._messages.list_async(
                to=intent.recipient, limit=LISTED, page_size=100, **({} if intent.service else self._from(intent))
            )
        if listed is None:
            raise Ambiguous(VENDOR, "garbled_answer")
        recent = (message for message in listed if _created(message) >= since - SLACK)
        return match(intent.body, (message for message in recent if _may_be(message, intent)))

    def _from(self, intent: Intent) -> dict[str, str]:
        """The number, the service, or both; without a service it is always a number."""
        if intent.service is None:
            return {"from_": intent.sender or self.sender}
        sender = {"from_": intent.sender} if intent.sender else {}
        return {"messaging_service_sid": intent.service, **sender}

    @property
    def statement(self) -> TwilioMessages:
        """Twilio's own list of what went out from this account."""
        return TwilioMessages(self._messages)

    def _callback(self, touch_id: str) -> str:
        return self._account.hook("sms-status", touch=touch_id)

    async def aclose(self) -> None:
        await self._transport.aclose()


def _may_be(message: MessageInstance, intent: Intent) -> bool:
    """Whether a message went the intent's way: by its service, which may have chosen any number, or from its number.
    A message that says neither may be anybody's."""
    service: str | None = message.messaging_service_sid
    return intent.service is None or service is None or service == intent.service


def match(body: str, messages: Iterable[MessageInstance]) -> tuple[Accepted, ...]:
    """Messages with exactly these words, then those whose words Twilio changed (plain quotes, a trial's prefix)."""
    kept = list(messages)
    exact = [message for message in kept if message.body == body]
    alike = [one for one in kept if one.body != body and _plain(one.body or "").endswith(_plain(body))]
    return tuple(Accepted(vendor_id=message.sid) for message in (*exact, *alike))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text.translate(PLAIN)).split())


def _created(message: MessageInstance) -> datetime:
    """When Twilio made it. Unreadable counts as just now: better a false match than a second text."""
    created: datetime | None = message.date_created
    if created is None:
        return datetime.now(UTC)
    return created if created.tzinfo else created.replace(tzinfo=UTC)
