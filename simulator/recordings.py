"""Twilio's Recording resource: what was recorded, how long, and at what price. There is no sound in it."""

import math
import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from email.utils import format_datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue

from simulator.clock import EmbeddedClock
from simulator.journal import Journal
from simulator.twilio_lists import API, inside, spans

_PRICE = Decimal("-0.00250")  # a started minute on Twilio's public price list
Source = Literal["DialVerb", "Conference", "OutboundAPI", "RecordVerb"]


class Recording(BaseModel):
    """One recording as the vendor knows it. Times are real. `base` is where its address begins, `ahead` how many more
    seconds of talk are reported than took place (sim_call_pace)."""

    model_config = ConfigDict(frozen=True)

    sid: str
    account: str
    source: Source
    base: str
    call: str | None = None
    conference: str | None = None
    channels: int = 1
    status: Literal["in-progress", "completed", "absent"] = "in-progress"
    started: AwareDatetime
    ended: AwareDatetime | None = None
    ahead: float = 0.0

    @property
    def uri(self) -> str:
        return f"/{API}/Accounts/{self.account}/Recordings/{self.sid}.json"

    @property
    def url(self) -> str:
        return f"{self.base}{self.uri.removesuffix('.json')}"

    @property
    def seconds(self) -> int:
        """Started seconds; -1 while it runs, as Twilio shows it."""
        if self.ended is None:
            return -1
        return max(math.ceil((self.ended - self.started) / timedelta(seconds=1) + self.ahead), 1)

    def resource(self) -> dict[str, JsonValue]:
        stem = self.uri.removesuffix(".json")
        done = self.status == "completed"
        return {
            "account_sid": self.account,
            "api_version": API,
            "call_sid": self.call,
            "conference_sid": self.conference,
            "channels": self.channels,
            "date_created": format_datetime(self.started),
            "date_updated": format_datetime(self.ended or self.started),
            "start_time": format_datetime(self.started),
            "price": str(_PRICE * math.ceil(self.seconds / 60)) if done else None,
            "price_unit": "USD",
            "duration": str(self.seconds),
            "sid": self.sid,
            "source": self.source,
            "status": self.status,
            "error_code": None,
            "uri": self.uri,
            "subresource_uris": {
                "add_on_results": f"{stem}/AddOnResults.json",
                "transcriptions": f"{stem}/Transcriptions.json",
            },
            "encryption_details": None,
            "media_url": self.url,
        }

    def form(self) -> dict[str, str]:
        """What Twilio reports about it."""
        form = {
            "AccountSid": self.account,
            "RecordingSid": self.sid,
            "RecordingUrl": self.url,
            "RecordingStatus": self.status,
            "RecordingDuration": str(self.seconds),
            "RecordingChannels": str(self.channels),
            "RecordingStartTime": format_datetime(self.started),
            "RecordingSource": self.source,
            "RecordingTrack": "both",
            "ErrorCode": "0",
        }
        form |= {"CallSid": self.call} if self.call else {}
        return form | ({"ConferenceSid": self.conference} if self.conference else {})


class Recordings:
    """All recordings of the account."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._by_sid = {sid: Recording.model_validate(value) for sid, value in journal.read("recording").items()}

    def save(self, recording: Recording) -> Recording:
        self._journal.put("recording", recording.sid, recording)
        self._by_sid[recording.sid] = recording
        return recording

    def get(self, sid: str) -> Recording | None:
        return self._by_sid.get(sid)

    def delete(self, sid: str) -> None:
        self._journal.put("recording", sid, None)
        self._by_sid.pop(sid, None)

    def newest_first(self, query: Mapping[str, str]) -> list[Recording]:
        """Those that CallSid, ConferenceSid and the bounds of DateCreated describe. Raises BadFilter."""
        made = spans(query, "DateCreated")

        def keep(each: Recording) -> bool:
            wanted = {"CallSid": each.call, "ConferenceSid": each.conference}
            return inside(each.started, made) and all(query.get(name, own) == own for name, own in wanted.items())

        return [each for each in reversed(self._by_sid.values()) if keep(each)]

    def unfinished(self) -> list[Recording]:
        return [each for each in self._by_sid.values() if each.status == "in-progress"]

    def clear(self) -> None:
        self._by_sid.clear()


class Tape:
    """A recording that runs. `tell` learns of its start and its end; `ahead` as it is by then."""

    def __init__(
        self, recordings: Recordings, begun: Recording, tell: Callable[[Recording], None], ahead: Callable[[], float]
    ) -> None:
        self._recordings = recordings
        self._tell = tell
        self._ahead = ahead
        self.recording = recordings.save(begun)
        tell(self.recording)

    def stop(self) -> Recording:
        """The finished recording; stopping it again changes nothing."""
        if self.recording.status == "in-progress":
            self.recording = self._recordings.save(finished(self.recording, self._ahead()))
            self._tell(self.recording)
        return self.recording


def finished(recording: Recording, ahead: float = 0.0) -> Recording:
    return recording.model_copy(update={"status": "completed", "ended": EmbeddedClock.real_now(), "ahead": ahead})


def new_recording_sid() -> str:
    return f"RE{uuid.uuid4().hex}"
