"""Something said into a conference, to all or to one: whoever it is for hears it, and Baton is told how it ended."""

import asyncio
from collections.abc import Sequence

from simulator.members import Member
from simulator.rooms import Room
from simulator.sounds import Player, Source
from simulator.twiml_attributes import TwimlError
from simulator.twiml_verbs import Sound


class Announcements:
    """Only sounds may be announced: no keys are asked for in a conference."""

    def __init__(self, player: Player) -> None:
        self._player = player

    async def make(self, room: Room, members: Sequence[Member], source: Source) -> None:
        """`members` may have left before it was fetched: they don't hear it. Fails without anybody to hear it."""
        if not members:
            self._failed(room, None, source, "nobody is in the conference")
            return
        first = members[0]
        try:
            sounds = await self._player.only_sounds(first.leg, source)
        except TwimlError as error:
            first.leg.note("twiml_error", str(error), delivered=False)
            self._failed(room, first, source, str(error))
            return
        await asyncio.gather(*(self._play(member, sounds) for member in members))
        room.tell("announcement-end", first if len(members) == 1 else None, {"AnnounceUrl": source.url})

    async def _play(self, member: Member, sounds: list[Sound]) -> None:
        for sound in sounds:
            if member.joined and not member.leg.call.over and not member.out.is_set():
                await self._player.sound(member.leg, sound)

    @staticmethod
    def _failed(room: Room, member: Member | None, source: Source, why: str) -> None:
        room.tell("announcement-fail", member, {"AnnounceUrl": source.url, "ReasonAnnouncementFailed": why})
