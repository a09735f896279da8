"""One call in a conference, live: on what terms it is there, and the music that it hears while it waits or is held."""

import asyncio
from datetime import datetime

from simulator.clock import EmbeddedClock
from simulator.leg import Leg
from simulator.sounds import Player, Source
from simulator.twilio_conferences import Leaving, Participant
from simulator.twiml_attributes import TwimlError
from simulator.twiml_verbs import Conference as Terms

_BETWEEN = 0.5  # seconds between two rounds of music


class Member:
    """`out` is set when it has to leave, for `why`; `error` when its music failed, which breaks the join."""

    def __init__(self, leg: Leg, terms: Terms) -> None:
        self.leg = leg
        self.terms = terms
        self.muted = terms.muted
        self.ends = terms.ends
        self.coach = terms.coach
        self.coaching = terms.coach is not None
        self.hold = False
        self.hold_music: Source | None = None
        self.joined = False
        self.bridged = False
        self.kicked = False
        self.out = asyncio.Event()
        self.why: Leaving = "participant_hung_up"
        self.error: TwimlError | None = None
        self.created: datetime = EmbeddedClock.real_now()
        self.updated: datetime = self.created
        self._music: asyncio.Task[None] | None = None

    @property
    def sid(self) -> str:
        return self.leg.call.sid

    def shown(self, account: str, conference: str) -> Participant:
        ringing = self.leg.call.status
        return Participant(
            account=account,
            conference=conference,
            call=self.sid,
            label=self.terms.label,
            status="connected" if self.joined else "ringing" if ringing == "ringing" else "queued",
            muted=self.muted,
            hold=self.hold,
            coaching=self.coaching,
            coach=self.coach,
            starts=self.terms.starts,
            ends=self.ends,
            created=self.created,
            updated=self.updated,
        )

    def music(self, player: Player, source: Source | None) -> None:
        """Let this music play instead of what played; None for none."""
        self.music_off()
        self._music = asyncio.create_task(self._play(player, source)) if source is not None else None

    def music_off(self) -> None:
        if self._music is not None:
            self._music.cancel()
            self._music = None

    async def _play(self, player: Player, source: Source) -> None:
        try:
            while True:
                for sound in await player.only_sounds(self.leg, source):
                    await player.sound(self.leg, sound)
                await asyncio.sleep(_BETWEEN)
        except TwimlError as error:
            self.error = error
            self.out.set()
