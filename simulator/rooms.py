"""Live conferences: who joins, who hears whom, when it starts and what ends it. Callbacks: conference_events.py."""

import asyncio

from simulator.conference_events import ConferenceEvents
from simulator.leg import Leg
from simulator.members import Member
from simulator.recordings import Tape
from simulator.sounds import Player, Source
from simulator.twilio_conferences import Conference, Conferences, Leaving, Reason
from simulator.twiml_verbs import Conference as Terms

_CALL_SID_LENGTH = 34
_LONGEST_LABEL = 128


class NotAdmitted(Exception):
    """The leg isn't let in. Its Dial goes on with the next verb, or fails to its action if `fails`."""

    def __init__(self, code: int, what: str, *, fails: bool = False) -> None:
        super().__init__(f"{code}: {what}")
        self.code = code
        self.what = what
        self.fails = fails


class Room:
    """One conference while it lives. It starts with the second member, once somebody in it may start it."""

    def __init__(self, conference: Conference, store: Conferences, player: Player, events: ConferenceEvents) -> None:
        self.conference = conference
        self.members: dict[str, Member] = {}
        self.tape: Tape | None = None
        self._store = store
        self._player = player
        self._events = events

    @property
    def over(self) -> bool:
        return self.conference.status == "completed"

    @property
    def joined(self) -> list[Member]:
        return [member for member in self.members.values() if member.joined]

    def kick(self, member: Member) -> None:
        """Out by REST: a leg with TwiML goes on with it, one without hangs up, one that still rings stops ringing."""
        member.kicked = True
        if member.joined:
            self.leave(member, "participant_updated_via_api")
            member.out.set()
        else:
            member.leg.hang_up("kicked by REST")

    def changed(self, member: Member, event: str) -> None:
        member.updated = self._events.now()
        self._events.about(self, event, member)

    def tell(self, event: str, member: Member | None, told: dict[str, str]) -> None:
        """An event about one participant, or about nobody in particular."""
        if member is None:
            self._events.tell(self, event, told, None)
        else:
            self._events.about(self, event, member, told)

    def drop(self) -> None:
        """The world is emptied: not a word more."""
        self._events.dead = True

    def find(self, key: str) -> Member | None:
        """By the SID of its call, or by its label."""
        labelled = (each for each in self.members.values() if each.terms.label == key)
        return self.members.get(key) or next(labelled, None)

    def expect(self, leg: Leg, terms: Terms) -> Member:
        """Somebody who was dialled into the conference and joins on answering."""
        member = self.members[leg.call.sid] = Member(leg, terms)
        return member

    def gave_up(self, member: Member) -> None:
        """The call of somebody expected has ended without joining."""
        if self.members.pop(member.sid, None) is not None:
            self.fix(member.terms)
            self._events.left(self, member, "participant_add_failed")
            self._end_if_empty(member, "last-participant-left")

    async def visit(self, leg: Leg, terms: Terms) -> None:
        """Be in the conference until the leg leaves or it ends. Raises NotAdmitted; TwimlError if its music fails."""
        member = self._admit(leg, terms)
        try:
            await member.out.wait()
        except asyncio.CancelledError:
            self.leave(member, leg.leaving)
            raise
        self.leave(member, member.why)
        if member.error is not None:
            raise member.error

    def leave(self, member: Member, why: Leaving) -> None:
        """Nothing happens if it has left already."""
        if self.members.pop(member.sid, None) is None:
            return
        self._let_go(member)
        self._events.left(self, member, why)
        kicked = member.kicked
        if member.ends:
            ending: Reason = "participant-with-end-conference-on-exit-left"
            self.end("participant-with-end-conference-on-exit-kicked" if kicked else ending, member)
            return
        self.mix()
        self._end_if_empty(member, "last-participant-kicked" if kicked else "last-participant-left")

    def end(self, reason: Reason, ender: Member | None = None) -> None:
        """Everybody leaves; those who are still rung aren't any more."""
        if self.over:
            return
        self.keep(status="completed", reason=reason, ender=ender.sid if ender else None)
        why: Leaving = "conference_ended_via_api" if ender is None else "moderator_ended_conference"
        for member in list(self.members.values()):
            del self.members[member.sid]
            self._let_go(member)
            self._events.left(self, member, why if member.joined else "participant_add_failed")
            member.why = why
            member.out.set()
            member.leg.how = "the conference ended"
            if not member.joined:
                member.leg.hang_up("the conference ended", why)
        if self.tape is not None and not self._events.dead:
            self.tape.stop()
        self._events.ended(self, ender)

    def mix(self) -> None:
        """Who hears whom, after any change."""
        present = self.joined
        if self.conference.status == "init" and len(present) > 1 and any(each.terms.starts for each in present):
            self.keep(status="in-progress")
            self._events.started(self, present[-1])
            for member in present:
                self.hear(member)
        started = self.conference.status == "in-progress"
        for member in present:
            others = [other for other in present if other is not member and not other.hold]
            self._place(member, others if started and not member.hold else [])

    def keep(self, **change: object) -> None:
        if self._events.dead:
            return
        now = self._events.now()
        self.conference = self._store.save(self.conference.model_copy(update={"updated": now, **change}))

    def hear(self, member: Member) -> None:
        """The music that fits where the member is: held, waiting for the start, or none."""
        url, waiting = member.terms.wait_url, self.conference.status == "init"
        waits = Source(url, member.terms.wait_method) if url else None
        if url is None and waiting and not member.hold:
            member.leg.note("heard", "play:twilio:hold-music")
        member.music(self._player, member.hold_music if member.hold else waits if waiting else None)

    def fix(self, terms: Terms) -> None:
        """The first to join says who is told of the conference."""
        if not self.conference.fixed:
            told = {"callback": terms.callback, "callback_method": terms.callback_method, "events": terms.events}
            self.keep(fixed=True, **told)

    def _admit(self, leg: Leg, terms: Terms) -> Member:
        self._check(leg, terms)
        member = self.members.get(leg.call.sid) or self.expect(leg, terms)
        member.joined = True
        self.fix(terms)
        self._events.joined(self, member)
        if terms.recorded.wanted and self.tape is None:
            self.tape = self._events.record(self, terms.recorded)
        self.mix()
        self.hear(member)
        if terms.beep in ("true", "onEnter") and self.conference.status == "in-progress":
            for other in self.joined:
                other.leg.note("heard", "play:twilio:beep")
        return member

    def _check(self, leg: Leg, terms: Terms) -> None:
        label, others = terms.label, [each for each in self.joined if each.leg is not leg]
        if why := wrong_label(label or ""):
            raise NotAdmitted(16023, why)
        if label and any(each.terms.label == label for each in others):
            raise NotAdmitted(16025, f"the label {label} is in use by another participant")
        if terms.coach is not None and not any(each.sid == terms.coach for each in others):
            raise NotAdmitted(13240, f"{terms.coach} isn't connected to the conference", fails=True)
        if len(others) >= terms.most or self.over:
            raise NotAdmitted(16002, "the conference is full or over")

    def _place(self, member: Member, others: list[Member]) -> None:
        if others and not member.bridged:
            member.bridged = True
            leg = member.leg
            leg.note(
                "bridged", delivered=not leg.line.is_machine, channel=self.conference.name, detail=member.terms.label
            )
        member.leg.ears.together(any(not other.leg.line.is_machine for other in others))

    @staticmethod
    def _let_go(member: Member) -> None:
        if member.joined:
            member.music_off()
            member.leg.ears.together(with_somebody=False)

    def _end_if_empty(self, last: Member, reason: Reason) -> None:
        if not self.members:
            self.end(reason, last)


def wrong_label(label: str) -> str | None:
    """Why Twilio wouldn't take this label (error 16023)."""
    if len(label) > _LONGEST_LABEL:
        return f"a label has at most {_LONGEST_LABEL} characters"
    if "/" in label or "%2f" in label.lower():
        return "a label has no slash"
    return "a label doesn't look like a CallSid" if label.startswith("CA") and len(label) == _CALL_SID_LENGTH else None
