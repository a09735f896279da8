"""What happens to a running call: facts that callbacks, presses, leads and people tell of it. call_changes.py folds
them. No personal data."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from domain.answering import Answering
from domain.calls import CallAct, Leg, LegEnd, LegState
from domain.values import Stored


class LegPlanned(Stored):
    """A phone is going to ring."""

    kind: Literal["leg_planned"] = "leg_planned"
    leg: Leg


class LegMoved(Stored):
    """The vendor's word on a leg: ringing, answered, over."""

    kind: Literal["leg_moved"] = "leg_moved"
    leg_id: str
    state: LegState
    end: LegEnd | None = None
    vendor_id: str | None = None
    answered_by: str | None = None
    at: datetime | None = None  # when it ended, as far as that is told


class Pressed(Stored):
    """A rep pressed a key."""

    kind: Literal["pressed"] = "pressed"
    leg_id: str
    takes: bool


class Joined(Stored):
    """A leg came into the conference."""

    kind: Literal["joined"] = "joined"
    leg_id: str
    at: datetime
    room: str


class Left(Stored):
    """A leg went out of it."""

    kind: Literal["left"] = "left"
    leg_id: str
    at: datetime


class RoomClosed(Stored):
    """The conference is over."""

    kind: Literal["room_closed"] = "room_closed"
    at: datetime


class CalledOff(Stored):
    """Nobody is to be connected any more."""

    kind: Literal["called_off"] = "called_off"
    because: str


class Recorded(Stored):
    """The vendor has a recording of it."""

    kind: Literal["recorded"] = "recorded"
    recording: str
    length: timedelta | None = None


class Chosen(Stored):
    """Whom a call to us rings: told once more where the caller chose a department."""

    kind: Literal["chosen"] = "chosen"
    answering: Answering


class Missed(Stored):
    """Nobody of ours took a call to us."""

    kind: Literal["missed"] = "missed"


class Told(Stored):
    """A call to us was told to its lead, which is known from then on."""

    kind: Literal["told"] = "told"
    what: str
    lead_id: str = ""


class HoldChanged(Stored):
    """A leg in the conference was put on hold, or isn't any more."""

    kind: Literal["hold_changed"] = "hold_changed"
    leg_id: str
    held: bool
    at: datetime


class Announced(Stored):
    """Both sides were told that it is recorded."""

    kind: Literal["announced"] = "announced"


class Abandoned(Stored):
    """The person has waited for a rep as long as they may."""

    kind: Literal["abandoned"] = "abandoned"


class RecordingDeleted(Stored):
    """The vendor has deleted the recording."""

    kind: Literal["recording_deleted"] = "recording_deleted"


class Acted(Stored):
    """A person of ours had something done to it."""

    kind: Literal["acted"] = "acted"
    act: CallAct


CallFact = Annotated[
    LegPlanned
    | LegMoved
    | Pressed
    | Joined
    | Left
    | RoomClosed
    | CalledOff
    | Recorded
    | Chosen
    | Missed
    | Told
    | HoldChanged
    | Announced
    | Abandoned
    | RecordingDeleted
    | Acted,
    Field(discriminator="kind"),
]
