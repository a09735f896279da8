"""Twilio's Message resource: its states, its JSON and its list filters. It sends nothing."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from email.utils import format_datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue

from simulator.faults import Callbacks
from simulator.journal import Journal
from simulator.twilio_errors import REASONS
from simulator.twilio_lists import API, inside, spans

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

    def canceled(self) -> "Message":
        """The same, taken back."""
        return self.model_copy(update={"status": "canceled"})

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


def matches(query: Mapping[str, str]) -> Callable[[Message], bool]:
    """The filter that To, From, DateSent, DateSent< and DateSent> describe; bounds are inclusive.

    A text which isn't sent yet has no date_sent and so fails every date filter. Raises BadFilter.
    """
    limits = spans(query, "DateSent")

    def keep(message: Message) -> bool:
        to, sender = query.get("To"), query.get("From")
        if (to and message.to != to) or (sender and message.sender != sender):
            return False
        return inside(message.sent, limits)

    return keep
