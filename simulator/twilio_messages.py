"""Twilio's Message resource: its states, its JSON and its list filters. It sends nothing."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import urlencode

from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue

from simulator.faults import Callbacks
from simulator.journal import Journal
from simulator.twilio_errors import REASONS

API = "2010-04-01"
_PRICE = Decimal("-0.00830")  # one US segment on Twilio's public price list; carrier fees aside


class Message(BaseModel):
    """One text as the vendor knows it. Times are real: the vendor's clock."""

    model_config = ConfigDict(frozen=True)

    sid: str
    account: str
    sender: str
    to: str
    body: str
    direction: str
    status: str
    segments: int
    created: AwareDatetime
    updated: AwareDatetime
    sent: AwareDatetime | None = None
    service: str | None = None
    error: int | None = None
    status_callback: str | None = None
    callbacks: Callbacks | None = None
    callbacks_late: float = 5.0
    reported: bool = False

    @property
    def uri(self) -> str:
        return f"/{API}/Accounts/{self.account}/Messages/{self.sid}.json"

    def resource(self) -> dict[str, JsonValue]:
        """The JSON of the REST API; the price comes with the last state, as it does there."""
        stem = self.uri.removesuffix(".json")
        price = str(_PRICE * self.segments) if self.status in ("delivered", "undelivered") else None
        return {
            "account_sid": self.account,
            "api_version": API,
            "body": self.body,
            "date_created": format_datetime(self.created),
            "date_sent": format_datetime(self.sent) if self.sent else None,
            "date_updated": format_datetime(self.updated),
            "direction": self.direction,
            "error_code": self.error,
            "error_message": REASONS.get(self.error) if self.error else None,
            "from": self.sender,
            "messaging_service_sid": self.service,
            "num_media": "0",
            "num_segments": str(self.segments),
            "price": price,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{stem}/Media.json", "feedback": f"{stem}/Feedback.json"},
            "to": self.to,
            "uri": self.uri,
        }


class Messages:
    """All texts of the account, in and out."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._by_sid = {sid: Message.model_validate(value) for sid, value in journal.read("message").items()}

    def save(self, message: Message) -> Message:
        self._journal.put("message", message.sid, message)
        self._by_sid[message.sid] = message
        return message

    def get(self, sid: str) -> Message | None:
        return self._by_sid.get(sid)

    def delete(self, sid: str) -> bool:
        self._journal.put("message", sid, None)
        return self._by_sid.pop(sid, None) is not None

    def unfinished(self) -> list[Message]:
        """Texts whose last status was never reached, or not reported, because the simulator died."""
        return [each for each in self._by_sid.values() if each.direction != "inbound" and not each.reported]

    def newest_first(self, keep: Callable[[Message], bool]) -> list[Message]:
        return [message for message in reversed(self._by_sid.values()) if keep(message)]

    def clear(self) -> None:
        self._by_sid.clear()


class BadFilter(Exception):
    """A list filter that Twilio would refuse."""


def matches(query: Mapping[str, str]) -> Callable[[Message], bool]:
    """The filter that To, From, DateSent, DateSent< and DateSent> describe; bounds are inclusive.

    A text which isn't sent yet has no date_sent and so fails every date filter. Raises BadFilter.
    """
    spans = [
        (_span(value) if value else None, name)
        for name, value in query.items()
        if name in ("DateSent", "DateSent<", "DateSent>")
    ]

    def keep(message: Message) -> bool:
        to, sender = query.get("To"), query.get("From")
        if (to and message.to != to) or (sender and message.sender != sender):
            return False
        return all(_inside(message.sent, span, name) for span, name in spans if span is not None)

    return keep


def _inside(sent: datetime | None, span: tuple[datetime, datetime], name: str) -> bool:
    if sent is None:
        return False
    # Twilio's dates have whole seconds, so the filters see no more than that.
    whole, (first, last) = sent.replace(microsecond=0), span
    if name == "DateSent":  # the client turns a date into its midnight; equality is documented for days
        return whole.date() == first.date()
    return (name == "DateSent<" or whole >= first) and (name == "DateSent>" or whole <= last)


def _span(text: str) -> tuple[datetime, datetime]:
    """A date is its whole UTC day, a time is its second."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        day = datetime.fromisoformat(text).replace(tzinfo=UTC)
        return day, day + timedelta(days=1, seconds=-1)
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(text)
        except ValueError:
            continue
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        whole = aware.astimezone(UTC).replace(microsecond=0)
        return whole, whole
    raise BadFilter(f"'{text}' is not a date")


def page_of(found: list[Message], query: Mapping[str, str], path: str) -> dict[str, JsonValue]:
    """One page in Twilio's envelope. PageToken names the last text shown, so new texts don't shift the pages."""
    size = min(max(int(query.get("PageSize") or 50), 1), 1000)
    number = max(int(query.get("Page") or 0), 0)
    token = query.get("PageToken", "").removeprefix("PA")
    start = next((place + 1 for place, each in enumerate(found) if each.sid == token), number * size)
    shown = found[start : start + size]
    filters = {name: value for name, value in query.items() if name not in ("Page", "PageSize", "PageToken")}

    def link(page: int, after: str | None = None) -> str:
        extra = {"PageSize": str(size), "Page": str(page)} | ({"PageToken": f"PA{after}"} if after else {})
        return f"{path}?{urlencode(filters | extra)}"

    more = start + size < len(found)
    return {
        "end": max(start + len(shown) - 1, 0),
        "first_page_uri": link(0),
        "messages": [message.resource() for message in shown],
        "next_page_uri": link(number + 1, shown[-1].sid) if more else None,
        "page": number,
        "page_size": size,
        "previous_page_uri": link(number - 1) if number > 0 else None,
        "start": start,
        "uri": f"{path}?{urlencode(query)}" if query else path,
    }
