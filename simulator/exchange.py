"""The telephone exchange: brings calls to life, whoever asked for them, and carries orders to those that live."""

from dataclasses import dataclass, field

from simulator.dialling import Hunt
from simulator.halls import Halls
from simulator.leg import Leg, Order, Program
from simulator.lines import LinePersona
from simulator.machine_detection import Detection, detect, detect_beside
from simulator.members import Member
from simulator.recordings import finished
from simulator.rooms import NotAdmitted, Room
from simulator.sounds import Player, Source
from simulator.switch import Switch
from simulator.tapes import record_leg
from simulator.twilio_calls import Call, new_call_sid
from simulator.twiml_attributes import TwimlError
from simulator.twiml_run import Interpreter
from simulator.twiml_verbs import Conference as Terms
from simulator.twiml_verbs import Dial, Recorded

_KEY = 0.1  # seconds that each of SendDigits takes
_WAITS = {"w": 0.5, "W": 1.0}


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to happen around a call that was asked for by REST, beside its TwiML or conference."""

    detection: Detection | None = None
    recorded: Recorded = field(default_factory=Recorded)
    digits: str = ""


class Exchange:
    """Build it with everything that lives through it."""

    def __init__(self, switch: Switch, halls: Halls, player: Player) -> None:
        self.switch = switch
        self.halls = halls
        self._interpreter = Interpreter(switch, player)
        self._interpreter.connects = self

    async def connect(self, leg: Leg, dial: Dial) -> dict[str, str] | None:
        """TwiML's Dial."""
        if dial.conference is not None:
            return await self.halls.visit(leg, dial.conference)
        return await Hunt(self.switch, self._interpreter.run, leg, dial).run()

    def dial(self, call: Call, source: Source, wish: Wish) -> Leg:
        """A call by REST with TwiML of its own."""

        async def program(leg: Leg) -> None:
            answered_by = await self._prelude(leg, wish)
            asked = Source(source.url, source.method, {"AnsweredBy": answered_by}, source.text)
            await self._interpreter.run(leg, asked if answered_by else source)

        return self._start(call, self.switch.lines.meets_call(call.phone), program)

    def invite(self, room: Room, call: Call, terms: Terms, wish: Wish) -> Member:
        """A call by REST into a conference."""

        async def program(leg: Leg) -> None:
            await self._prelude(leg, wish)
            await self._join(leg, room, terms)

        leg = Leg(self.switch, self.switch.calls.save(call), self.switch.lines.meets_call(call.phone), program)
        member = room.expect(leg, terms)
        self.switch.start(leg)
        self.switch.courier.spawn(_watch(room, member))
        return member

    def call_in(self, persona: LinePersona, to: str) -> Call:
        """A person calls Baton's number."""
        settings, now = self.switch.settings, self.switch.clock.real_now()
        call = Call(
            sid=new_call_sid(),
            account=settings.twilio_account_sid,
            sender=persona.phone,
            to=to,
            direction="inbound",
            created=now,
            updated=now,
            started=now,
            status_callback=settings.hook("/v1/hooks/twilio/voice-status"),
        )

        async def program(leg: Leg) -> None:
            await self._interpreter.run(leg, Source(settings.hook("/v1/hooks/twilio/voice")))

        return self._start(call, persona, program).call

    def redirect(self, leg: Leg, source: Source) -> None:
        """New TwiML takes the leg out of wherever it is."""

        async def program(leg: Leg) -> None:
            leg.how = "TwiML ended"
            await self._interpreter.run(leg, source)

        leg.tell(Order("redirected", "participant_updated_via_api", program))

    def resume(self) -> None:
        """What a crash cut off ended with it, like in an outage of the network; those who asked are told."""
        self.halls.resume()
        for recording in self.switch.recordings.unfinished():
            self.switch.recordings.save(finished(recording))
        for call in self.switch.calls.unfinished():
            leg = Leg(self.switch, call, LinePersona(phone=call.phone, line="no_answer"), _nothing)
            leg.how = "an outage"
            self.switch.courier.spawn(leg.cut_off())

    def clear(self) -> None:
        for leg in self.switch.legs.values():
            leg.dead = True
        self.switch.legs.clear()
        self.halls.clear()
        for part in (self.switch.calls, self.switch.recordings, self.switch.lines):
            part.clear()

    def _start(self, call: Call, persona: LinePersona, program: Program) -> Leg:
        leg = Leg(self.switch, self.switch.calls.save(call), persona, program)
        self.switch.start(leg)
        return leg

    async def _prelude(self, leg: Leg, wish: Wish) -> str:
        """What comes between the answer and the TwiML; AnsweredBy, if the call waits for it."""
        if wish.recorded.wanted:
            record_leg(leg, "OutboundAPI", wish.recorded)
        if wish.digits:
            await leg.ears.hear(f"keys:{wish.digits}", sum(_WAITS.get(key, _KEY) for key in wish.digits))
        elif wish.detection is not None and wish.detection.beside:
            detect_beside(leg, wish.detection)
        elif wish.detection is not None:
            return await detect(leg, wish.detection)
        return ""

    @staticmethod
    async def _join(leg: Leg, room: Room, terms: Terms) -> None:
        """A call by REST has nothing to do beside being in its conference."""
        try:
            await room.visit(leg, terms)
        except (NotAdmitted, TwimlError) as refused:
            leg.note("twiml_error", str(refused), delivered=False)
            leg.how = str(refused)


async def _watch(room: Room, member: Member) -> None:
    await member.leg.over.wait()
    room.gave_up(member)


async def _nothing(_: Leg) -> None:
    """The program of a call that is over."""
