"""What a request about a participant asks for: on what terms it joins, and what changes about it."""

from simulator import twilio_errors as errors
from simulator.call_forms import CallForm, is_url
from simulator.members import Member
from simulator.rooms import Room
from simulator.sounds import Source
from simulator.twilio_errors import Refusal
from simulator.twiml_verbs import Conference as Terms
from simulator.twiml_verbs import Recorded

_URLS = ("HoldUrl", "AnnounceUrl", "WaitUrl")


def invited(form: CallForm, name: str) -> Terms:
    """Participants by REST have no TwiML: these are all their terms."""
    how = form.get("ConferenceRecord") or "false"
    return Terms(
        name,
        label=form.given("Label"),
        starts=form.flag("StartConferenceOnEnter", unless=True),
        ends=form.flag("EndConferenceOnExit"),
        muted=form.flag("Muted"),
        beep=form.get("Beep") or "true",
        coach=form.given("CallSidToCoach"),
        wait_url=form.given("WaitUrl"),
        wait_method=form.get("WaitMethod").upper() or "POST",
        most=int(form.get("MaxParticipants") or 250),
        callback=form.given("ConferenceStatusCallback"),
        callback_method=form.get("ConferenceStatusCallbackMethod") or "POST",
        events=form.events("ConferenceStatusCallbackEvent", ("start", "end")),
        recorded=Recorded(
            "false" if how in ("false", "do-not-record") else how,
            form.given("ConferenceRecordingStatusCallback"),
            form.get("ConferenceRecordingStatusCallbackMethod") or "POST",
            form.events("ConferenceRecordingStatusCallbackEvent", ("completed",)),
        ),
    )


def why_not_change(room: Room, member: Member, form: CallForm) -> Refusal | None:
    for name in _URLS:
        if (url := form.get(name)) and not is_url(url):
            return errors.bad_url(name, url)
    if not member.joined:
        return errors.NOT_IN_PROGRESS
    coached = form.get("CallSidToCoach") or member.coach
    if form.flag("Coaching") and not any(each.sid == coached for each in room.joined if each is not member):
        return errors.conference_refusal(13240, f"Invalid Whisper SID: {coached} isn't in the conference")
    return None


def change(room: Room, member: Member, form: CallForm) -> None:
    """Each change that is one is reported for itself."""
    muted, hold = form.flag("Muted", unless=member.muted), form.flag("Hold", unless=member.hold)
    ends = form.flag("EndConferenceOnExit", unless=member.ends)
    coaching = form.flag("Coaching", unless=member.coaching)
    coach = form.given("CallSidToCoach") or member.coach
    was = (member.muted, member.hold, (member.ends, member.coaching, member.coach))
    member.muted, member.hold, member.ends = muted, hold, ends
    member.coaching, member.coach = coaching, coach if coaching else None
    if hold and form.get("HoldUrl"):
        member.hold_music = Source(form.get("HoldUrl"), form.get("HoldMethod").upper() or "GET")
    if was[0] != muted:
        room.changed(member, "participant-mute" if muted else "participant-unmute")
    if was[1] != hold:
        room.changed(member, "participant-hold" if hold else "participant-unhold")
        room.hear(member)
        room.mix()
    if was[2] != (ends, coaching, member.coach) or form.get("BeepOnExit"):
        room.changed(member, "participant-modify")
