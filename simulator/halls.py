"""All conferences: the live rooms, by SID and by name, and what becomes of those that a crash cut off."""

from simulator.conference_events import ConferenceEvents
from simulator.leg import Leg
from simulator.rooms import NotAdmitted, Room
from simulator.sounds import Player
from simulator.switch import Switch
from simulator.twilio_conferences import Conferences
from simulator.twiml_attributes import TwimlError
from simulator.twiml_verbs import Conference as Terms


class Halls:
    """A name belongs to at most one live conference; of one that is over it may be used anew."""

    def __init__(self, switch: Switch, store: Conferences, player: Player) -> None:
        self.store = store
        self._switch = switch
        self._player = player
        self._live: dict[str, Room] = {}

    def find(self, key: str) -> Room | None:
        """A live one, by SID or name."""
        named = (room for room in self._live.values() if room.conference.name == key and not room.over)
        room = self._live.get(key) or next(named, None)
        return None if room is None or room.over else room

    def named(self, name: str) -> Room:
        """The live one of this name, else a new one."""
        self._live = {sid: room for sid, room in self._live.items() if not room.over}
        found = next((room for room in self._live.values() if room.conference.name == name), None)
        if found is not None:
            return found
        conference = self.store.begin(self._switch.settings.twilio_account_sid, name)
        room = self._live[conference.sid] = Room(conference, self.store, self._player, ConferenceEvents(self._switch))
        return room

    async def visit(self, leg: Leg, terms: Terms) -> dict[str, str] | None:
        """Dial into a conference; the form for the action. None if its label isn't free, and the next verb comes.

        A coach for somebody who isn't there fails to the action. Raises TwimlError if it has to wait without music.
        """
        before = leg.switch.clock.real_now()
        try:
            await self.named(terms.name).visit(leg, terms)
        except (NotAdmitted, TwimlError) as refused:
            leg.note("twiml_error", str(refused), delivered=False)
            fails = isinstance(refused, NotAdmitted) and refused.fails
            return {"DialCallStatus": "failed"} if fails else None
        seconds = round((leg.switch.clock.real_now() - before).total_seconds() + leg.ears.ahead)
        return {"DialCallStatus": "answered", "DialCallDuration": str(seconds)}

    def resume(self) -> None:
        """Everybody was cut off: the conferences are over, and whoever was told of them is told so."""
        for conference in self.store.newest_first(lambda each: each.status != "completed"):
            room = Room(conference, self.store, self._player, ConferenceEvents(self._switch))
            room.end("last-participant-left")

    def clear(self) -> None:
        for room in self._live.values():
            room.drop()
        self._live.clear()
        self.store.clear()
