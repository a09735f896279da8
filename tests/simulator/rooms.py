"""A rep in a conference of which everything is reported, and a lead who is dialled into it."""

from typing import Any

from tests.simulator.phone import REP, Voice, conference
from tests.simulator.stand import LEAD, OWN, wait_until

MANAGER = "+15125550188"
ALL = "start end join leave mute hold modify announcement"


def told(voice: Voice, more: str = "") -> str:
    """The rep's conference, whose every event is reported."""
    callback = f'statusCallback="{voice.url("/conference")}" statusCallbackEvent="{ALL}" beep="false" waitUrl=""'
    return conference("touch-1:1", "rep", f"{callback} {more}")


async def rep_joins(voice: Voice, more: str = 'endConferenceOnExit="true"', after: str = "", **line: Any) -> str:
    voice.person(REP, **line)
    voice.page("/rep", told(voice, more), after)
    sid = await voice.call(REP, url=voice.url("/rep"))
    wait_until(lambda: bool(voice.forms("/conference", StatusCallbackEvent="participant-join")))
    return sid


async def lead_joins(voice: Voice, name: str = "touch-1:1", **more: Any) -> str:
    wanted: dict[str, Any] = {"to": LEAD, "from_": OWN, "label": "lead", "beep": "false"}
    wanted["end_conference_on_exit"] = True
    return str((await voice.client.conferences(name).participants.create_async(**(wanted | more))).call_sid)


def events(voice: Voice) -> list[str]:
    return voice.said("/conference", "StatusCallbackEvent")
