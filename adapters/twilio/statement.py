"""Twilio's own lists of messages and of calls, page by page: what became of each and what it cost. Reads only; no
number leaves."""

import contextlib
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from urllib.parse import parse_qs, urlsplit

from twilio.base.exceptions import TwilioException
from twilio.rest.api.v2010.account.call import CallInstance, CallList, CallPage
from twilio.rest.api.v2010.account.message import MessageInstance, MessageList, MessagePage

from adapters.twilio.transport import VENDOR
from domain.errors import Ambiguous
from domain.reconciling import StatementPage, VendorMessage
from domain.twilio_codes import LEDGER_WORD

PAGE = 100


class TwilioMessages:
    """domain.reconciling.Statement of texts. Raises a VendorError of domain.errors."""

    def __init__(self, messages: MessageList) -> None:
        self._messages = messages

    async def page(self, since: datetime, mark: str | None) -> StatementPage:
        """Texts that left us from `since` on (real time), as many as a page holds; `mark` is the page before's next."""
        number, _, token = (mark or "").partition(":")
        asked: dict[str, object] = {"date_sent_after": since, "page_size": PAGE}
        if mark:
            asked |= {"page_number": int(number), "page_token": token}
        found: MessagePage | None = None
        # What such an error says holds the answer's body: nothing of it goes on.
        with contextlib.suppress(TwilioException, ValueError, TypeError, LookupError, AttributeError):
            found = await self._messages.page_async(**asked)
        if found is None:
            raise Ambiguous(VENDOR, "garbled_answer")
        read = (_read(message) for message in found)
        return StatementPage(messages=tuple(one for one in read if one is not None), next=_mark(found.next_page_url))


class TwilioCalls:
    """The same of calls: each phone that was rung is one."""

    def __init__(self, calls: CallList) -> None:
        self._calls = calls

    async def page(self, since: datetime, mark: str | None) -> StatementPage:
        """Calls that began from `since` on. One that never left Twilio's queue has no beginning and isn't listed."""
        number, _, token = (mark or "").partition(":")
        asked: dict[str, object] = {"start_time_after": since, "page_size": PAGE}
        if mark:
            asked |= {"page_number": int(number), "page_token": token}
        found: CallPage | None = None
        with contextlib.suppress(TwilioException, ValueError, TypeError, LookupError, AttributeError):
            found = await self._calls.page_async(**asked)
        if found is None:
            raise Ambiguous(VENDOR, "garbled_answer")
        read = (_call(call) for call in found)
        return StatementPage(messages=tuple(one for one in read if one is not None), next=_mark(found.next_page_url))


CALL_WORD = {
    "in-progress": "delivered",
    "completed": "delivered",
    "busy": "sent",
    "no-answer": "sent",
    "canceled": "sent",
    "failed": "sent",
}
"""Statuses of a call in the ledger's words: it was made, whether or not somebody picked up. What came of it is told by
the call's own row."""


def _call(call: CallInstance) -> VendorMessage | None:
    """None for somebody's call to us, and for one that has not rung yet."""
    status, created = str(call.status or ""), call.date_created
    if status not in CALL_WORD or str(call.direction or "").startswith("inbound") or created is None:
        return None
    seconds = _number(call.duration)
    return VendorMessage(
        vendor_id=call.sid,
        status=CALL_WORD[status],
        vendor_status=status,
        price=_cost(call.price),
        price_unit=call.price_unit,
        talk=timedelta(seconds=seconds) if seconds is not None else None,
        created_at=created,
    )


def _read(message: MessageInstance) -> VendorMessage | None:
    """None for a text of somebody to us, and for one of which Twilio says nothing we know."""
    status, created = str(message.status or ""), message.date_created
    if status not in LEDGER_WORD or str(message.direction or "").startswith("inbound") or created is None:
        return None
    return VendorMessage(
        vendor_id=message.sid,
        status=LEDGER_WORD[status],
        vendor_status=status,
        error=str(message.error_code) if message.error_code else None,
        price=_cost(message.price),
        price_unit=message.price_unit,
        segments=_number(message.num_segments),
        created_at=created,
    )


def _cost(price: str | None) -> Decimal | None:
    """Twilio writes what it charges as a negative amount, and null until it knows."""
    try:
        return -Decimal(price) if price else None
    except InvalidOperation:
        return None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


def _mark(url: str | None) -> str | None:
    """Of the next page's address only its number and token: the rest is what was asked."""
    if not url:
        return None
    asked = parse_qs(urlsplit(url).query)
    return f"{asked.get('Page', ['1'])[0]}:{asked.get('PageToken', [''])[0]}"
