"""Starts recordings of legs and tells who asked to be told. What a recording is: simulator/recordings.py."""

from simulator.clock import EmbeddedClock
from simulator.leg import Leg
from simulator.recordings import Recording, Source, Tape, new_recording_sid
from simulator.twiml_verbs import Recorded


def record_leg(leg: Leg, source: Source, recorded: Recorded) -> Tape:
    """It runs until it is stopped, at the latest by the end of the call."""
    settings = leg.switch.settings

    def tell(recording: Recording) -> None:
        if recording.status == "completed":
            leg.note("recorded", leg.line.says or None, vendor_id=recording.sid, detail=source)
        if recorded.callback and recording.status in recorded.events:
            leg.write(recorded.callback, recording.form(), recorded.method)

    begun = Recording(
        sid=new_recording_sid(),
        account=settings.twilio_account_sid,
        source=source,
        base=settings.own_url,
        call=leg.call.sid,
        channels=recorded.channels,
        started=EmbeddedClock.real_now(),
    )
    tape = Tape(leg.switch.recordings, begun, tell, lambda: leg.ears.ahead)
    leg.tapes.append(tape)
    return tape
