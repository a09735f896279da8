"""The verbs of TwiML that the phone network carries out, as plain values. Seconds everywhere."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Say:
    words: str
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Play:
    url: str
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Pause:
    length: float = 1


Sound = Say | Play | Pause


@dataclass(frozen=True, slots=True)
class Gather:
    """`action` None is the document itself. An empty `finish_on_key` means that no key ends it."""

    sounds: tuple[Sound, ...]
    action: str | None
    method: str
    timeout: float
    num_digits: int | None
    finish_on_key: str
    action_on_empty: bool


@dataclass(frozen=True, slots=True)
class Recorded:
    """How something is recorded and who is told."""

    how: str = "do-not-record"
    callback: str | None = None
    method: str = "POST"
    events: tuple[str, ...] = ("completed",)

    @property
    def wanted(self) -> bool:
        return self.how not in ("do-not-record", "false")

    @property
    def channels(self) -> int:
        return 2 if self.how.endswith("dual") else 1


@dataclass(frozen=True, slots=True)
class Number:
    number: str
    url: str | None = None
    method: str = "POST"
    callback: str | None = None
    callback_method: str = "POST"
    events: tuple[str, ...] = ("completed",)


@dataclass(frozen=True, slots=True)
class Conference:
    """`wait_url` None is Twilio's hold music, "" is silence."""

    name: str
    label: str | None = None
    starts: bool = True
    ends: bool = False
    muted: bool = False
    beep: str = "true"
    coach: str | None = None
    wait_url: str | None = None
    wait_method: str = "POST"
    most: int = 250
    callback: str | None = None
    callback_method: str = "POST"
    events: tuple[str, ...] = ("start", "end")
    recorded: Recorded = Recorded()


@dataclass(frozen=True, slots=True)
class Dial:
    """Either numbers or a conference."""

    numbers: tuple[Number, ...]
    conference: Conference | None
    action: str | None
    method: str
    timeout: float
    answer_on_bridge: bool
    caller_id: str | None
    hangup_on_star: bool
    recorded: Recorded


@dataclass(frozen=True, slots=True)
class Record:
    action: str | None
    method: str
    timeout: float
    max_length: float
    finish_on_key: str
    play_beep: bool
    transcribe: bool
    transcribe_callback: str | None
    recorded: Recorded


@dataclass(frozen=True, slots=True)
class Redirect:
    url: str
    method: str


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Reject:
    reason: str


Verb = Say | Play | Pause | Gather | Dial | Record | Redirect | Hangup | Reject
