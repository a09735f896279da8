"""Twilio's Call resource: its states, its JSON and its list filters. It dials nobody."""

import math
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from typing import Literal

import phonenumbers
from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue

from simulator.faults import Callbacks
from simulator.journal import Journal
from simulator.twilio_lists import API, inside, spans

Status = Literal[
    "queued", "initiated", "ringing", "in-progress", "completed", "busy", "no-answer", "failed", "canceled"
]
ENDED: frozenset[str] = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
_OUT, _IN = Decimal("-0.01400"), Decimal("-0.0085")  # a started minute on Twilio's public US price list
_SUBRESOURCES = (
    "notifications",
    "recordings",
    "payments",
    "events",
    "siprec",
    "streams",
    "transcriptions",
    "user_defined_message_subscriptions",
    "user_defined_messages",
)


class Call(BaseModel):
    """One leg as the vendor knows it. Times are real: the vendor's clock. `rings` is how many seconds it may ring,
    `ahead` how many more of talk are reported than took place (sim_call_pace)."""

    model_config = ConfigDict(frozen=True)

    sid: str
    account: str
    sender: str
    to: str
    direction: Literal["outbound-api", "outbound-dial", "inbound"]
    status: Status = "queued"
    created: AwareDatetime
    updated: AwareDatetime
    started: AwareDatetime | None = None
    answered: AwareDatetime | None = None
    ended: AwareDatetime | None = None
    parent: str | None = None
    answered_by: str | None = None
    price: str | None = None
    ahead: float = 0.0
    rings: float = 65.0
    time_limit: float = 14_400.0
    status_callback: str | None = None
    status_method: str = "POST"
    events: tuple[str, ...] = ("completed",)
    callbacks: Callbacks | None = None
    callbacks_late: float = 5.0
    sequence: int = 0
    reported: bool = False

    @property
    def uri(self) -> str:
        return f"/{API}/Accounts/{self.account}/Calls/{self.sid}.json"

    @property
    def over(self) -> bool:
        return self.status in ENDED

    @property
    def phone(self) -> str:
        """The number of the person on this leg."""
        return self.sender if self.direction == "inbound" else self.to

    @property
    def seconds(self) -> int:
        """Started seconds between answer and end; 0 without an answer."""
        if self.answered is None or self.ended is None:
            return 0
        return max(math.ceil((self.ended - self.answered) / timedelta(seconds=1) + self.ahead), 1)

    def cost(self) -> str | None:
        """What the call costs, for its started minutes; None if nobody answered."""
        each = _IN if self.direction == "inbound" else _OUT
        return str(each * math.ceil(self.seconds / 60)) if self.seconds else None

    def resource(self) -> dict[str, JsonValue]:
        """The JSON of the REST API, where a dialled call that doesn't ring yet is still queued."""
        stem, own = self.uri.removesuffix(".json"), self.to if self.direction == "inbound" else self.sender
        moments: dict[str, datetime | None] = {"date_created": self.created, "date_updated": self.updated}
        end = None if self.ended is None else self.ended + timedelta(seconds=self.ahead)
        moments |= {"start_time": self.started, "end_time": end}
        return {
            "account_sid": self.account,
            "answered_by": self.answered_by,
            "api_version": API,
            "caller_name": None,
            **{name: format_datetime(moment) if moment else None for name, moment in moments.items()},
            "direction": self.direction,
            "duration": str(self.seconds) if self.over else None,
            "forwarded_from": None,
            "from": self.sender,
            "from_formatted": _formatted(self.sender),
            "group_sid": None,
            "parent_call_sid": self.parent,
            "phone_number_sid": f"PN{uuid.uuid5(uuid.NAMESPACE_OID, own).hex}",
            "price": self.price,
            "price_unit": "USD",
            "queue_time": "0",
            "sid": self.sid,
            "status": "queued" if self.status == "initiated" else self.status,
            "subresource_uris": {name: f"{stem}/{_camel(name)}.json" for name in _SUBRESOURCES},
            "to": self.to,
            "to_formatted": _formatted(self.to),
            "trunk_sid": None,
            "uri": self.uri,
        }


class Calls:
    """All calls of the account, in and out, each leg for itself."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._by_sid = {sid: Call.model_validate(value) for sid, value in journal.read("call").items()}

    def save(self, call: Call) -> Call:
        self._journal.put("call", call.sid, call)
        self._by_sid[call.sid] = call
        return call

    def get(self, sid: str) -> Call | None:
        return self._by_sid.get(sid)

    def delete(self, sid: str) -> None:
        self._journal.put("call", sid, None)
        self._by_sid.pop(sid, None)

    def unfinished(self) -> list[Call]:
        """Calls that a crash of the simulator cut off, or whose end it didn't report."""
        return [call for call in self._by_sid.values() if not call.reported]

    def newest_first(self, keep: Callable[[Call], bool]) -> list[Call]:
        return [call for call in reversed(self._by_sid.values()) if keep(call)]

    def clear(self) -> None:
        self._by_sid.clear()


def matches(query: Mapping[str, str]) -> Callable[[Call], bool]:
    """The filter that To, From, Status, ParentCallSid and the bounds of StartTime and EndTime describe.

    A call that wasn't dialled or hasn't ended fails every filter of that time. Raises BadFilter.
    """
    start, end = spans(query, "StartTime"), spans(query, "EndTime")

    def keep(call: Call) -> bool:
        shown = call.resource()
        wanted = {"To": "to", "From": "from", "Status": "status", "ParentCallSid": "parent_call_sid"}
        if any(query.get(name) and query[name] != shown[field] for name, field in wanted.items()):
            return False
        return (not start or inside(call.started, start)) and (not end or inside(call.ended, end))

    return keep


def new_call_sid() -> str:
    return f"CA{uuid.uuid4().hex}"


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def _formatted(number: str) -> str:
    """As people of that country write it."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
