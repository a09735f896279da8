"""TwiML's Record: the person speaks, falls silent, presses a key or hangs up. Told to Baton also when they hung up."""

import asyncio
import uuid
from dataclasses import replace

from simulator.leg import Leg
from simulator.recordings import Recording
from simulator.sounds import Player, Source
from simulator.tapes import record_leg
from simulator.twiml_verbs import Record

_WRITTEN_AFTER = 0.05  # seconds until a transcription is there


async def record(leg: Leg, player: Player, verb: Record, action: Source) -> Source | None:
    """The action and what it is told; None if nothing was said, and the next verb comes."""
    keys = leg.ears.listen_quietly()
    tape = record_leg(leg, "RecordVerb", verb.recorded)
    said, words = player.speaking(leg.line.says), leg.line.says
    try:
        key = await _finishing_key(keys, verb, min(said + verb.timeout, verb.max_length))
    except asyncio.CancelledError:
        if leg.ending and words and not leg.dead:
            form = _done(leg, player, verb, tape.stop()) | {"Digits": "hangup"}
            leg.switch.courier.spawn(player.tell(leg, replace(action, form=form)))
        raise
    finally:
        leg.ears.stop_listening()
    recording = tape.stop()
    return replace(action, form=_done(leg, player, verb, recording) | {"Digits": key}) if words else None


async def _finishing_key(keys: asyncio.Queue[str], verb: Record, seconds: float) -> str:
    """Empty if the silence or the longest time ended it."""
    try:
        async with asyncio.timeout(seconds):
            while True:
                if (key := await keys.get()) in verb.finish_on_key:
                    return key
    except TimeoutError:
        return ""


def _done(leg: Leg, player: Player, verb: Record, recording: Recording) -> dict[str, str]:
    form = {
        "RecordingSid": recording.sid,
        "RecordingUrl": recording.url,
        "RecordingDuration": str(recording.seconds),
    }
    if verb.transcribe and verb.transcribe_callback:
        written = form | {
            "TranscriptionSid": f"TR{uuid.uuid4().hex}",
            "TranscriptionText": leg.line.says,
            "TranscriptionStatus": "completed",
            "TranscriptionType": "fast",
            "TranscriptionUrl": f"{recording.url}/Transcriptions",
        }
        leg.switch.courier.spawn(_transcribed(leg, player, verb.transcribe_callback, written))
    return form


async def _transcribed(leg: Leg, player: Player, url: str, form: dict[str, str]) -> None:
    await asyncio.sleep(_WRITTEN_AFTER)
    await player.tell(leg, Source(url, form=form))
