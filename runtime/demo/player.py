"""Plays the script: lets everybody come through the real webhooks, then lets days pass. It judges nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import JsonValue

from domain.views import LeadFilter
from policy.roster import Rep
from runtime.clock import real_now
from runtime.demo import lines, script
from runtime.demo.cast import Does, Part, Person, Says, Scene
from runtime.demo.clockwork import Clockwork
from runtime.demo.lines import Tempo
from runtime.demo.patience import DemoError
from runtime.demo.world import Json, Taken, World
from runtime.embedded.skipping import Skipping

COMES_BACK = timedelta(minutes=10)
"""How long reps are away who are told that they missed offers."""

FIND_LIMIT = 10.0
"""Seconds within which a lead that a text, a call or the CRM brought must be there."""


@dataclass(slots=True)
class Came:
    """A part that has entered: as which lead, and when its webhook was sent (real time)."""

    part: Part
    sent_at: datetime
    lead_id: str
    statuses: list[str]


Herald = Callable[[str, str], Awaitable[None]]
"""Told before somebody does something: who, and what."""


class Player:
    """One performance. `came` holds the leads by their parts' keys."""

    def __init__(
        self, world: World, skipping: Skipping, team: Sequence[Rep], herald: Herald, tempo: Tempo = lines.AT_ONCE
    ) -> None:
        self.clockwork = Clockwork(world, skipping)
        self.came: dict[str, Came] = {}
        self._world = world
        self._views = skipping.views
        self._team = team
        self._herald = herald
        self._tempo = tempo
        self._later = sorted(_timed(), key=lambda each: each[0])

    async def prepare(self) -> None:
        """Tell the world how everybody behaves."""
        await self.clockwork.begin()
        slack = {rep.handle: rep.slack for rep in self._team}
        for rep in self._team:
            await self._world.owner({"email": rep.email, "id": rep.hubspot_owner})
        plans = [persona for part in script.PARTS for persona in personas(part, slack, self._tempo)]
        back = [_comes_back(rep.slack) for rep in self._team]
        await self._world.personas([*plans, *back, *lines.of_reps(script.PARTS, self._team, self._tempo)])

    async def morning(self, pause: Callable[[int], Awaitable[None]]) -> None:
        """Everybody of the morning comes, with a pause after the n-th."""
        for number, part in enumerate(script.MORNING):
            at_once = [scene for scene in script.SCENES if scene.part == part.key and scene.at is None]
            await self.enter(part, [scene for scene in at_once if scene.while_rung])
            for scene in at_once:
                if not scene.while_rung:
                    await self.perform(scene)
            await pause(number)
        await self.clockwork.quiet([came.lead_id for came in self.came.values()])

    async def days(self, after: Callable[[datetime], Awaitable[None]]) -> None:
        """The rest of the script, moment by moment; `after` each one."""
        end = script.START + script.LENGTH
        while True:
            scene_at = script.START + self._later[0][0] if self._later else end
            moment = await self.clockwork.step(end, scene_at)
            if moment is None:
                break
            if self._later and moment >= scene_at:
                await self._next_scene(scene_at)
            await after(moment)
        await self.clockwork.everybody_to(end)
        await after(end)

    async def enter(self, part: Part, meanwhile: Sequence[Scene] = ()) -> None:
        """Somebody comes, by their own door; `meanwhile` is played while our phones ring for them."""
        await self._herald(part.person.known_as, part.story)
        if part.door == "call":
            await self._call_us(part.person)
        sent_at = real_now()
        taken = await self._knock(part)
        lead_id = taken.lead_id or await self._find(part.person)
        self.came[part.key] = Came(part, sent_at, lead_id, [taken.status])
        for scene in meanwhile:
            await self._ringing(part.person, sent_at)
            await self._herald(part.person.known_as, scene.story)
            await self._world.text(part.person.phone or "", scene.words)
        await self.clockwork.meet(lead_id, part.person.phone)

    async def perform(self, scene: Scene) -> None:
        """Somebody who came before does something more."""
        came = self.came[scene.part]
        await self._herald(came.part.person.known_as, scene.story)
        if scene.what == "visit":
            number = len(came.statuses)
            body: Json = {"source_event_id": f"visit-{scene.part}-{number}", "kind": "page_view", "page": scene.page}
            taken = await self._world.signed("/v1/signals", body | {"person": _person(came.part.person)})
        elif scene.what == "writes":
            await self._world.text(came.part.person.phone or "", scene.words)
            taken = Taken(status="wrote")
        else:
            event = f"demo-{scene.part}" if scene.what == "repeat" else f"demo-{scene.part}-again"
            taken = await self._world.signed("/v1/inquiries", inquiry(came.part) | {"source_event_id": event})
        came.statuses.append(taken.status)
        await self.clockwork.quiet([came.lead_id])

    async def _next_scene(self, moment: datetime) -> None:
        _, what = self._later.pop(0)
        if isinstance(what, Part):
            await self.enter(what)
        else:
            await self.clockwork.bring([self.came[what.part].lead_id], moment)
            await self.perform(what)

    async def _knock(self, part: Part) -> Taken:
        if part.door == "text":
            await self._world.text(part.person.phone or "", str(part.details["body"]))
        elif part.door == "call":
            await self._world.hang_up(part.person.phone or "")
        elif part.door == "hubspot":
            await self._world.contact(_properties(part))
        elif part.door == "batch":
            return (await self._world.batch([inquiry(part)]))[0]
        elif part.door == "api_key":
            return await self._world.keyed("/v1/inquiries", inquiry(part))
        else:
            return await self._world.signed("/v1/inquiries", inquiry(part))
        return Taken(status="started")

    async def _find(self, person: Person) -> str:
        """The lead that a text, a call or the CRM's webhook opened for this person."""
        known = {came.lead_id for came in self.came.values()}
        try:
            async with asyncio.timeout(FIND_LIMIT):
                while True:
                    page = await self._views.list_leads("main", LeadFilter(open=True), limit=10)
                    for lead_id in (each.lead_id for each in page.leads if each.lead_id not in known):
                        if (await self._views.lead_detail("main", lead_id)).person.phone == person.phone:
                            return lead_id
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise DemoError(f"{person.known_as} came, but no lead was opened within {FIND_LIMIT:.0f} s.") from None

    async def _call_us(self, person: Person) -> None:
        """They call our number, and hear it ring for a while."""
        begun = real_now()
        await self._world.call(person.phone or "")
        await self._ringing(person, begun)
        await asyncio.sleep(self._tempo.rings * 2 / 3)

    async def _ringing(self, person: Person, since: datetime) -> None:
        """Returns when a phone of ours rings since then (real time)."""
        phones = {rep.phone for rep in self._team}
        try:
            async with asyncio.timeout(FIND_LIMIT):
                while True:
                    log = await self._world.log()
                    if any(each.kind == "call_leg" and each.to in phones and each.real_at > since for each in log):
                        return
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise DemoError(f"No phone rang for {person.known_as} within {FIND_LIMIT:.0f} s.") from None


def personas(part: Part, slack: dict[str, str], tempo: Tempo = lines.AT_ONCE) -> Iterator[Json]:
    """How the simulator is told of a part: the person's phone, and each rep as far as this lead is concerned."""
    for says in part.says:
        yield _phone_persona(part, says)
    yield from lines.of_person(part, tempo)
    for does in part.reps:
        for handle in does.by:
            yield _rep_persona(part, does, slack[handle])


def _phone_persona(part: Part, says: Says) -> Json:
    given: Json = {"phone": part.person.phone, "kind": says.kind, "after_seconds": says.after.total_seconds()}
    return given | {"body": says.body, "times": says.times}


def _rep_persona(part: Part, does: Does, rep: str) -> Json:
    return {
        "rep": rep,
        "kind": does.kind,
        "after_seconds": does.after.total_seconds(),
        "then_after_seconds": does.then_after.total_seconds(),
        "code": does.code,
        "claims": does.claims,
        "about": f"{does.told} {part.in_chat}" if does.told else part.person.known_as,
        "times": 1,
    }


def _comes_back(rep: str) -> Json:
    """A rep who missed offers is away until they say that they are back, which they do once they are told (N4)."""
    return {"rep": rep, "kind": "comes_back", "after_seconds": COMES_BACK.total_seconds(), "about": "offers in a row"}


def inquiry(part: Part) -> Json:
    """The part's inquiry, in the data contract of capture."""
    consent: JsonValue = {"sms": part.consents, "call": True, "kind": "written" if part.signed else "express"}
    base: Json = {"source": part.source, "source_event_id": f"demo-{part.key}"}
    extra: Json = {name: _json(value) for name, value in part.details.items()}
    return base | {"person": _person(part.person), "consent": consent} | extra


def _person(person: Person) -> Json:
    given: Json = {"name": person.name, "phone": person.phone, "email": person.email}
    return given | {"company": person.company, "title": person.title}


def _json(value: object) -> JsonValue:
    if isinstance(value, dict):
        return {str(name): _json(each) for name, each in value.items()}
    return str(value)


def _properties(part: Part) -> dict[str, str]:
    person = part.person
    first, _, last = (person.name or "").partition(" ")
    told = {"firstname": first, "lastname": last, "phone": person.phone, "email": person.email}
    told |= {"company": person.company, "jobtitle": person.title}
    return {name: value for name, value in told.items() if value} | {n: str(v) for n, v in part.details.items()}


def _timed() -> Iterator[tuple[timedelta, Part | Scene]]:
    for part in script.LATER:
        yield part.at or timedelta(), part
    for scene in script.SCENES:
        if scene.at is not None:
            yield scene.at, scene
