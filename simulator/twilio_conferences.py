"""Twilio's Conference and Participant resources: their JSON and list filters. Who is in one is simulator/rooms.py's."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue

from simulator.clock import EmbeddedClock
from simulator.journal import Journal
from simulator.twilio_lists import API, inside, spans

Reason = Literal[
    "conference-ended-via-api",
    "participant-with-end-conference-on-exit-left",
    "participant-with-end-conference-on-exit-kicked",
    "last-participant-kicked",
    "last-participant-left",
]
Leaving = Literal[
    "participant_hung_up",
    "participant_updated_via_api",
    "participant_add_failed",
    "moderator_ended_conference",
    "conference_ended_via_api",
]
"""Why somebody isn't in a conference any more."""


class Conference(BaseModel):
    """One conference as the vendor knows it; `callback` and `events` are those of the first to join, once `fixed`."""

    model_config = ConfigDict(frozen=True)

    sid: str
    account: str
    name: str
    status: Literal["init", "in-progress", "completed"] = "init"
    created: AwareDatetime
    updated: AwareDatetime
    reason: Reason | None = None
    ender: str | None = None
    fixed: bool = False
    callback: str | None = None
    callback_method: str = "POST"
    events: tuple[str, ...] = ()
    sequence: int = 0

    @property
    def uri(self) -> str:
        return f"/{API}/Accounts/{self.account}/Conferences/{self.sid}.json"

    def resource(self) -> dict[str, JsonValue]:
        stem = self.uri.removesuffix(".json")
        return {
            "account_sid": self.account,
            "api_version": API,
            "date_created": format_datetime(self.created),
            "date_updated": format_datetime(self.updated),
            "friendly_name": self.name,
            "region": "us1",
            "sid": self.sid,
            "status": self.status,
            "uri": self.uri,
            "subresource_uris": {
                "participants": f"{stem}/Participants.json",
                "recordings": f"{stem}/Recordings.json",
            },
            "reason_conference_ended": self.reason,
            "call_sid_ending_conference": self.ender,
        }


class Conferences:
    """All conferences of the account, live and over."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._by_sid = {sid: Conference.model_validate(value) for sid, value in journal.read("conference").items()}

    def save(self, conference: Conference) -> Conference:
        self._journal.put("conference", conference.sid, conference)
        self._by_sid[conference.sid] = conference
        return conference

    def get(self, sid: str) -> Conference | None:
        return self._by_sid.get(sid)

    def begin(self, account: str, name: str) -> Conference:
        now = EmbeddedClock.real_now()
        return self.save(Conference(sid=f"CF{uuid.uuid4().hex}", account=account, name=name, created=now, updated=now))

    def newest_first(self, keep: Callable[[Conference], bool]) -> list[Conference]:
        return [each for each in reversed(self._by_sid.values()) if keep(each)]

    def clear(self) -> None:
        self._by_sid.clear()


def matches(query: Mapping[str, str]) -> Callable[[Conference], bool]:
    """The filter that FriendlyName, Status and the bounds of DateCreated and DateUpdated describe. Raises BadFilter."""
    made, changed = spans(query, "DateCreated"), spans(query, "DateUpdated")

    def keep(each: Conference) -> bool:
        wanted = {"FriendlyName": each.name, "Status": each.status}
        if any(query.get(name) and query[name] != own for name, own in wanted.items()):
            return False
        return inside(each.created, made) and inside(each.updated, changed)

    return keep


class Participant(BaseModel):
    """One call's place in a conference as the REST API shows it."""

    model_config = ConfigDict(frozen=True)

    account: str
    conference: str
    call: str
    label: str | None
    status: Literal["queued", "connecting", "ringing", "connected", "complete", "failed"]
    muted: bool
    hold: bool
    coaching: bool
    coach: str | None
    starts: bool
    ends: bool
    created: datetime
    updated: datetime

    @property
    def sid(self) -> str:
        return self.call

    def resource(self) -> dict[str, JsonValue]:
        place = f"/{API}/Accounts/{self.account}/Conferences/{self.conference}/Participants"
        return {
            "account_sid": self.account,
            "call_sid": self.call,
            "label": self.label,
            "conference_sid": self.conference,
            "date_created": format_datetime(self.created),
            "date_updated": format_datetime(self.updated),
            "end_conference_on_exit": self.ends,
            "muted": self.muted,
            "hold": self.hold,
            "status": self.status,
            "start_conference_on_enter": self.starts,
            "coaching": self.coaching,
            "call_sid_to_coach": self.coach,
            "queue_time": None,
            "uri": f"{place}/{self.call}.json",
        }
