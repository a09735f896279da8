"""/sim: the handles by which tests and the demo arrange the world and read what really happened. Not a vendor's API."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.call_control import CallControl, calls
from simulator.clock import CENTURY, iso
from simulator.companies import Company
from simulator.faults import Fault
from simulator.hubspot_objects import Invalid
from simulator.hubspot_owners import Owner
from simulator.hubspot_webhooks import ContactEvent
from simulator.lines import LinePersona
from simulator.personas import PhonePersona, RepPersona
from simulator.phones import Media, new_sid
from simulator.slack_interactions import Press
from simulator.slack_workspace import ChannelState, SlackUser
from simulator.world import World

Handler = Callable[[Request], Awaitable[Response]]
_SEQ = re.compile(r"[0-9]{1,15}")
_Any = PhonePersona | RepPersona | LinePersona
_MANY: TypeAdapter[list[_Any]] = TypeAdapter(list[_Any])
_ONE: TypeAdapter[_Any] = TypeAdapter(_Any)


class ClockSetting(BaseModel):
    """Seconds that the embedded clock is ahead of real time."""

    model_config = ConfigDict(extra="forbid")

    offset: float = Field(ge=-CENTURY, le=CENTURY, allow_inf_nan=False)


class Inbound(BaseModel):
    """A person texts; `deliveries` above 1 is the same text brought to Baton again, under the same SID."""

    model_config = ConfigDict(extra="forbid")

    sender: str = Field(alias="from")
    to: str | None = None
    body: str
    media: list[Media] = Field(default_factory=list, max_length=10)
    deliveries: int = Field(default=1, ge=1, le=100)


class Control:
    """Every answer is JSON; a request that makes no sense gets 422 with each bad field."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._calls = CallControl(world.settings, world.exchange)

    def routes(self) -> list[Route]:
        table: list[tuple[str, Handler, str]] = [
            ("log", self.log, "GET"),
            ("callbacks", self.callbacks, "GET"),
            ("faults", self.faults, "GET"),
            ("faults", self.arm, "POST"),
            ("faults", self.disarm, "DELETE"),
            ("personas", self.personas, "POST"),
            ("next", self.next_event, "GET"),
            ("agenda", self.upcoming, "GET"),
            ("clock", self.clock, "GET"),
            ("clock", self.move_clock, "POST"),
            ("inbound", self.inbound, "POST"),
            ("hangup", self._calls.hang_up, "POST"),
            ("keys", self._calls.press, "POST"),
            ("press", self.press, "POST"),
            ("reset", self.reset, "GET"),
            ("reset", self.reset, "POST"),
            ("slack/users", self.slack_user, "POST"),
            ("slack/channels", self.slack_channel, "POST"),
            ("companies", self.company, "POST"),
            ("hubspot/owners", self.owner, "POST"),
            ("hubspot/contacts", self.contact, "POST"),
        ]
        return [Route(f"/sim/{path}", _explained(handler), methods=[verb]) for path, handler, verb in table]

    async def log(self, request: Request) -> Response:
        since = request.query_params.get("since") or "0"
        if not _SEQ.fullmatch(since):
            return JSONResponse({"error": "since must be the seq of an entry, a whole number"}, status_code=422)
        entries = self._world.log.since(int(since))
        return JSONResponse({"entries": [entry.model_dump(mode="json", by_alias=True) for entry in entries]})

    async def callbacks(self, _: Request) -> Response:
        carried = [
            {"real_at": iso(each.real_at), "vendor": each.vendor, "url": each.url, "status": each.status}
            for each in self._world.courier.carried
        ]
        return JSONResponse({"callbacks": carried})

    async def faults(self, _: Request) -> Response:
        return JSONResponse({"faults": [fault.model_dump() for fault in self._world.faults.left()]})

    async def arm(self, request: Request) -> Response:
        self._world.faults.arm(Fault.model_validate_json(await request.body()))
        return await self.faults(request)

    async def disarm(self, request: Request) -> Response:
        self._world.faults.clear()
        return await self.faults(request)

    async def personas(self, request: Request) -> Response:
        raw = await request.body()
        many = _MANY.validate_json(raw) if raw.lstrip().startswith(b"[") else [_ONE.validate_json(raw)]
        self._world.personas.set([each for each in many if not isinstance(each, LinePersona)])
        self._world.lines.set([each for each in many if isinstance(each, LinePersona)])
        return JSONResponse({"set": len(many)})

    async def next_event(self, _: Request) -> Response:
        due, agenda = self._world.agenda.next_due, self._world.agenda
        answer: dict[str, JsonValue] = {
            "due": iso(due) if due else None,
            "pending": agenda.pending,
            "waiting": agenda.waiting,
            "real_inflight": self._world.courier.inflight,
        }
        return JSONResponse(answer)

    async def upcoming(self, _: Request) -> Response:
        shown = {"due", "phone", "rep", "action_id", "value", "waiting"}
        acts = [reaction.model_dump(mode="json", include=shown) for reaction in self._world.agenda.upcoming]
        return JSONResponse({"reactions": acts})

    async def clock(self, _: Request) -> Response:
        clock = self._world.clock
        return JSONResponse({"offset": clock.offset.total_seconds(), "now": iso(clock.now())})

    async def move_clock(self, request: Request) -> Response:
        setting = ClockSetting.model_validate_json(await request.body())
        released = self._world.move_clock(timedelta(seconds=setting.offset))
        return JSONResponse({"offset": setting.offset, "now": iso(self._world.clock.now()), "released": released})

    async def inbound(self, request: Request) -> Response:
        raw = await request.body()
        if calls(raw):
            return await self._calls.call_in(raw)
        text = Inbound.model_validate_json(raw)
        sid, to = new_sid(), text.to or self._world.settings.twilio_from
        answer = await self._world.phones.receive(text.sender, to, text.body, sid, text.media)
        for _ in range(1, text.deliveries):
            answer = await self._world.phones.receive(text.sender, to, text.body, sid, text.media)
        return JSONResponse({"sid": sid, "status": answer.status}, status_code=202)

    async def press(self, request: Request) -> Response:
        press = Press.model_validate_json(await request.body())
        answer = await self._world.press(press)
        if answer is None:
            missing = f"no message shows {press.rep} a button '{press.action_id}' with that value"
            return JSONResponse({"error": missing}, status_code=404)
        return JSONResponse({"status": answer.status}, status_code=202)

    async def reset(self, _: Request) -> Response:
        self._world.reset()
        return JSONResponse({"reset": True})

    async def slack_user(self, request: Request) -> Response:
        self._world.space.register(SlackUser.model_validate_json(await request.body()))
        return JSONResponse({"registered": True})

    async def slack_channel(self, request: Request) -> Response:
        self._world.space.declare(ChannelState.model_validate_json(await request.body()))
        return JSONResponse({"registered": True})

    async def company(self, request: Request) -> Response:
        self._world.companies.set(Company.model_validate_json(await request.body()))
        return JSONResponse({"set": 1})

    async def owner(self, request: Request) -> Response:
        kept = self._world.owners.register(Owner.model_validate_json(await request.body()))
        return JSONResponse({"id": kept.id})

    async def contact(self, request: Request) -> Response:
        event = ContactEvent.model_validate_json(await request.body())
        try:
            changed, answer = await self._world.webhooks.happen(event, self._world.crm, self._world.log)
        except Invalid as invalid:
            return JSONResponse({"error": str(invalid)}, status_code=invalid.status)
        return JSONResponse({"id": changed.id, "status": answer.status}, status_code=202)


def _explained(handler: Handler) -> Handler:
    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except ValidationError as invalid:
            # What was sent may be about a person, and the end of a body that broke off is no JSON to answer with.
            errors = invalid.errors(include_url=False, include_context=False, include_input=False)
            return JSONResponse({"errors": errors}, status_code=422)

    return answer
