"""/sim for phones: what people do on the line, and how. Not a vendor's API."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, model_validator
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.exchange import Exchange
from simulator.leg import Leg
from simulator.lines import Digits, LinePersona, Manners
from simulator.settings import SimSettings


class _Asked(BaseModel):
    """The one field by which a call is told from a text."""

    call: JsonValue = None


class InboundCall(Manners):
    """A person calls Baton's number, now."""

    sender: str = Field(alias="from", pattern=r"^\+[1-9]\d{6,14}$")
    call: Literal[True]
    to: str | None = None


class OnPhone(BaseModel):
    """A live call, by its SID or by the person's number (then the newest)."""

    model_config = ConfigDict(extra="forbid")

    sid: str | None = None
    phone: str | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.sid is None) == (self.phone is None):
            raise ValueError("name the call by either sid or phone")
        return self


class Keys(OnPhone):
    """Keys that the person presses now."""

    digits: Digits


class CallControl:
    """The handlers; simulator/control.py gives them their paths."""

    def __init__(self, settings: SimSettings, exchange: Exchange) -> None:
        self._settings = settings
        self._exchange = exchange

    async def call_in(self, raw: bytes) -> Response:
        asked = InboundCall.model_validate_json(raw)
        manners = {name: getattr(asked, name) for name in Manners.model_fields}
        persona = LinePersona(phone=asked.sender, line="answers", **manners)
        call = self._exchange.call_in(persona, asked.to or self._settings.twilio_from)
        return JSONResponse({"sid": call.sid}, status_code=202)

    async def hang_up(self, request: Request) -> Response:
        leg = self._find(OnPhone.model_validate_json(await request.body()))
        if leg is None:
            return _nobody()
        leg.hang_up("the person hung up")
        return JSONResponse({"sid": leg.call.sid}, status_code=202)

    async def press(self, request: Request) -> Response:
        keys = Keys.model_validate_json(await request.body())
        leg = self._find(keys)
        if leg is None or not leg.picked_up:
            return _nobody()
        leg.ears.press(keys.digits)
        return JSONResponse({"sid": leg.call.sid}, status_code=202)

    def _find(self, wanted: OnPhone) -> Leg | None:
        switch = self._exchange.switch
        leg = switch.legs.get(wanted.sid) if wanted.sid else switch.on_phone(wanted.phone or "")
        return None if leg is None or leg.call.over else leg


def calls(raw: bytes) -> bool:
    """Whether an inbound is a call, not a text; what can't be read is for the text to refuse."""
    try:
        return _Asked.model_validate_json(raw).call is not None
    except ValidationError:
        return False


def _nobody() -> Response:
    return JSONResponse({"error": "nobody is on that phone"}, status_code=404)
