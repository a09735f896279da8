"""Twilio's Lookup v2: what kind of line a number is. People say it of themselves, under /sim."""

import phonenumbers
from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.lines import Lines
from simulator.personas import Personas
from simulator.settings import SimSettings
from simulator.twilio_account import Account, is_phone, plain_number, query_of
from simulator.twilio_call_api import VERBS

_TYPES = {"mobile": "mobile", "landline": "landline", "voip": "nonFixedVoip"}
_PACKAGES = (
    "caller_name",
    "sim_swap",
    "call_forwarding",
    "line_status",
    "line_type_intelligence",
    "identity_match",
    "reassigned_number",
    "sms_pumping_risk",
    "phone_number_quality_score",
    "pre_fill",
)


class TwilioLookups:
    """Under its own base path, as it has its own host at Twilio."""

    def __init__(self, settings: SimSettings, lines: Lines, personas: Personas) -> None:
        self._account = Account(settings)
        self._lines = lines
        self._personas = personas

    def routes(self) -> list[Route]:
        return [Route("/v2/PhoneNumbers/{number}", self.find, methods=VERBS)]

    async def find(self, request: Request) -> Response:
        if refusal := self._account.why_not(request, "GET"):
            return refusal.response()
        number = plain_number(str(request.path_params["number"]))
        if not number.startswith("+"):
            number = f"+1{number}"
        wanted = query_of(request).get("Fields", "").split(",")
        valid = is_phone(number)
        facts: dict[str, JsonValue] = dict.fromkeys(_PACKAGES)
        if "line_type_intelligence" in wanted and valid:
            facts["line_type_intelligence"] = self._line_type(number)
        return JSONResponse(facts | _number(number, valid) | {"url": str(request.url.replace(query=""))})

    def _line_type(self, number: str) -> dict[str, JsonValue]:
        kind = "landline" if self._personas.is_landline(number) else self._lines.line_type(number)
        codes: dict[str, JsonValue] = {"mobile_country_code": "310", "mobile_network_code": "456"}
        return {
            "type": _TYPES[kind],
            "carrier_name": "Simulated",
            **(codes if kind == "mobile" else dict.fromkeys(codes)),
            "error_code": None,
        }


def _number(number: str, valid: bool) -> dict[str, JsonValue]:
    if not valid:
        nothing: dict[str, JsonValue] = dict.fromkeys(("calling_country_code", "country_code", "national_format"))
        return nothing | {"phone_number": number, "valid": False, "validation_errors": ["NOT_A_NUMBER"]}
    parsed = phonenumbers.parse(number)
    return {
        "calling_country_code": str(parsed.country_code),
        "country_code": phonenumbers.region_code_for_number(parsed),
        "phone_number": number,
        "national_format": phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL),
        "valid": True,
        "validation_errors": None,
    }
