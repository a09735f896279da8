"""Twilio's callbacks about a conference and its recording, to whoever the first to join named."""

import typing
from datetime import datetime

from simulator.log import Reached
from simulator.members import Member
from simulator.outbox import Letter, Outbox
from simulator.recordings import Recording, Tape, new_recording_sid
from simulator.switch import Switch
from simulator.twilio_conferences import Leaving
from simulator.twiml_verbs import Recorded
from simulator.voice_web import stamp

if typing.TYPE_CHECKING:
    from simulator.rooms import Room

_WORDS = {
    "participant_hung_up": "Participant hung up",
    "participant_updated_via_api": "Participant was updated via the API",
    "participant_add_failed": "Participant could not be added",
    "moderator_ended_conference": "A participant with endConferenceOnExit left",
    "conference_ended_via_api": "The conference was ended via the API",
}
_FOR_ALL = ("moderator_ended_conference", "conference_ended_via_api")


class ConferenceEvents:
    """One for each conference; `dead` ends it without a word, when the world is emptied."""

    def __init__(self, switch: Switch) -> None:
        self._switch = switch
        self._outbox = Outbox(switch.courier)
        self._ahead = 0.0
        self.dead = False

    def now(self) -> datetime:
        return self._switch.clock.real_now()

    def joined(self, room: "Room", member: Member) -> None:
        self.about(room, "participant-join", member)

    def left(self, room: "Room", member: Member, why: Leaving) -> None:
        status, gone = member.leg.call.status, member.leg.ending or why in _FOR_ALL
        told: dict[str, str] = {"ParticipantCallStatus": "completed" if gone and status == "in-progress" else status}
        told |= {"ReasonParticipantLeft": why, "Reason": _WORDS[why]}
        self.about(room, "participant-leave", member, told)

    def started(self, room: "Room", member: Member) -> None:
        self.about(room, "conference-start", member)

    def ended(self, room: "Room", ender: Member | None) -> None:
        told: dict[str, str] = {"ReasonConferenceEnded": room.conference.reason or ""}
        if ender is not None:
            told["CallSidEndingConference"] = ender.sid
            if ender.terms.label:
                told["ParticipantLabelEndingConference"] = ender.terms.label
        self.tell(room, "conference-end", told, ender)
        self._outbox.close()

    def about(self, room: "Room", event: str, member: Member, told: dict[str, str] | None = None) -> None:
        """An event that concerns one participant."""
        flags = {
            "Muted": member.muted,
            "Hold": member.hold,
            "Coaching": member.coaching,
            "StartConferenceOnEnter": member.terms.starts,
            "EndConferenceOnExit": member.ends,
        }
        form = {"CallSid": member.sid} | {name: str(flag).lower() for name, flag in flags.items()}
        form |= {"ParticipantLabel": member.terms.label} if member.terms.label else {}
        form |= {"CallSidToCoach": member.coach} if member.coach else {}
        self.tell(room, event, form | (told or {}), member)

    def tell(self, room: "Room", event: str, told: dict[str, str], member: Member | None) -> None:
        """Under the fault that the member's call was made with."""
        about, url = room.conference, room.conference.callback
        if self.dead or url is None or _kind(event) not in about.events:
            return
        room.keep(sequence=about.sequence + 1)
        form = {
            "ConferenceSid": about.sid,
            "FriendlyName": about.name,
            "AccountSid": about.account,
            "StatusCallbackEvent": event,
            "SequenceNumber": str(room.conference.sequence),
            "Timestamp": stamp(self._so_far(room, member)),
        } | told
        call, post = member.leg.call if member else None, self._switch.web.send
        plan, late = (call.callbacks, call.callbacks_late) if call else (None, 0.0)
        self._outbox.put(Letter(lambda: post(url, form, about.callback_method), plan, late))

    def _so_far(self, room: "Room", member: Member | None = None) -> float:
        """How far the vendor's clock is ahead in this conference: never less than it was."""
        present = [*room.members.values(), *([member] if member else [])]
        self._ahead = max(self._ahead, *(each.leg.ears.ahead for each in present), 0.0)
        return self._ahead

    def record(self, room: "Room", recorded: Recorded) -> Tape:
        """It runs until the conference ends."""
        settings = self._switch.settings

        def tell(recording: Recording) -> None:
            if recording.status == "completed" and not self.dead:
                about = Reached("twilio", "recorded", vendor_id=recording.sid, channel=room.conference.name)
                self._switch.log.add(about)
            if recorded.callback and recording.status in recorded.events:
                url, form, post = recorded.callback, recording.form(), self._switch.web.send
                self._outbox.put(Letter(lambda: post(url, form, recorded.method)))

        begun = Recording(
            sid=new_recording_sid(),
            account=settings.twilio_account_sid,
            source="Conference",
            base=settings.own_url,
            conference=room.conference.sid,
            channels=recorded.channels,
            started=self.now(),
        )
        return Tape(self._switch.recordings, begun, tell, lambda: self._so_far(room))


def _kind(event: str) -> str:
    """The word by which an event is asked for: participant-unhold belongs to hold."""
    return event.partition("-")[2].removeprefix("un") if not event.startswith("announcement") else "announcement"
