"""Calls to our number, as Twilio asks and tells of them. Verified before it is read. Somebody is on the line: whatever
can't be read of a call, they hear something. What a message says is fetched by nobody here."""

import re
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from typing import Annotated

import structlog
from fastapi import APIRouter, Query, Request
from starlette.background import BackgroundTask
from starlette.responses import Response

from activities import call_scripts
from api import after, forms, openapi, security
from api.routes.twilio_sms import TwiML
from api.services import services_of
from domain.answering import InboundCall
from domain.calls import Call
from domain.errors import BadInput, NotFound, Unavailable
from domain.phones import CallNote
from domain.scripts import Script

router = APIRouter(prefix="/v1/hooks/twilio", tags=["hooks"])
log = structlog.get_logger()

_SID = re.compile(r"[A-Za-z0-9]{2,64}")
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_WITHHELD = ("+266696687", "+86282452253", "+7378742833", "+2562533", "+8566696687")
"""What carriers send where a number is withheld: the keys of anonymous, unavailable, restricted, blocked, unknown."""

_LONGEST = 86_400
_LINK = re.compile(r"https?://\S{1,500}")
_FORM = openapi.reads_form("Twilio", "CallSid", "From", "To", "CallStatus")


@router.post("/voice", response_class=TwiML, **_FORM)
async def voice(request: Request) -> Response:
    """Somebody calls one of our numbers."""
    inbound = inbound_of(forms.form_of(await security.signed_body(request, "twilio")))
    script, call = await services_of(request).calls_to_us.board.arrive(inbound)
    return _said(request, script, call)


@router.post("/voice/menu", response_class=TwiML, **_FORM)
async def menu(request: Request) -> Response:
    """A caller pressed a key of the menu, or none."""
    form = forms.form_of(await security.signed_body(request, "twilio"))
    inbound, digits = inbound_of(form), form.get("Digits", "")[:8]
    return await _answer(request, inbound, services_of(request).calls_to_us.board.chosen(inbound, digits))


@router.post("/voice/next", response_class=TwiML, **_FORM)
async def following(
    request: Request, round_: Annotated[int, Query(alias="round", ge=0, le=99, description="The next round")]
) -> Response:
    """Phones have rung: somebody took the call and the talk is over, or the next ones ring."""
    form = forms.form_of(await security.signed_body(request, "twilio"))
    inbound, bridged = inbound_of(form), {"true": True, "false": False}.get(form.get("DialBridged", ""))
    return await _answer(request, inbound, services_of(request).calls_to_us.board.next(inbound, round_, bridged))


@router.post("/voice/fallback", response_class=TwiML, **_FORM)
async def fallback(request: Request) -> Response:
    """Another request about this call went wrong: a message is taken, whatever is known of the call."""
    form = forms.form_of(await security.signed_body(request, "twilio"))
    inbound = inbound_of(form) if _SID.fullmatch(form.get("CallSid", "")) else None
    return TwiML(services_of(request).markup(call_scripts.without_memory(inbound)))


@router.post("/voice/message", response_class=TwiML, **_FORM)
async def message(request: Request) -> Response:
    """A caller has left a message. It is kept here already, since Twilio tells of a recording late."""
    form = forms.form_of(await security.signed_body(request, "twilio"))
    inbound = inbound_of(form)
    try:
        await _keep(request, inbound, _note(form, "voicemail"))
    except Unavailable:  # they are thanked all the same; the recording is told of once more
        log.warning("message_later", call=call_scripts.call_id_of(inbound.vendor_id))
    return TwiML(services_of(request).markup(await services_of(request).calls_to_us.board.thanks(inbound)))


@router.post("/voice/recorded", status_code=204, **openapi.reads_form("Twilio", "CallSid", "RecordingSid"))
async def recorded(request: Request) -> Response:
    """There is a recording of a message."""
    form = forms.form_of(await security.signed_body(request, "twilio"))
    if form.get("RecordingStatus", "completed") == "completed":
        await _keep(request, _recorded_of(request, form), _note(form, "voicemail"))
    return Response(status_code=204)


@router.post("/voice/written", status_code=204, **openapi.reads_form("Twilio", "CallSid", "TranscriptionText"))
async def written(request: Request) -> Response:
    """A message was written down, or couldn't be."""
    form = forms.form_of(await security.signed_body(request, "twilio"))
    if form.get("TranscriptionStatus", "completed") == "completed" and form.get("TranscriptionText", "").strip():
        await _keep(request, _recorded_of(request, form), _note(form, "transcribed"))
    return Response(status_code=204)


def inbound_of(form: dict[str, str]) -> InboundCall:
    """The call a request is about. Raises BadInput where it has no id to know it by."""
    sid = form.get("CallSid", "").strip()
    if _SID.fullmatch(sid) is None:
        raise BadInput("CallSid is missing or is none.", (("CallSid", "must have 2 to 64 letters and digits"),))
    return InboundCall(
        vendor_id=sid,
        caller=_number(form.get("From", "")),
        called=_number(form.get("To", "")) or "",
        caller_name=form.get("CallerName", "").strip()[:80] or None,
    )


def _recorded_of(request: Request, form: dict[str, str]) -> InboundCall:
    """The call of a recording. Twilio doesn't say whose it is: the address does, where we were asked without a memory
    (call_scripts.without_memory), and so does the operator's own fallback."""
    # a plus that nobody escaped, as in a TwiML bin, is read as a blank
    told = {name.title(): request.query_params.get(name, "").replace(" ", "+") for name in ("from", "to")}
    return inbound_of({**told, **form})


def _number(given: str) -> str | None:
    """A number somebody could be called back at; None for one that is withheld, a client or a SIP address."""
    number = given.strip()
    return number if _E164.fullmatch(number) and number not in _WITHHELD else None


def _note(form: dict[str, str], kind: str) -> CallNote | None:
    sid, link, seconds = form.get("RecordingSid", ""), form.get("RecordingUrl", ""), form.get("RecordingDuration", "")
    if _SID.fullmatch(sid) is None:
        return None
    is_figure = seconds.isascii() and seconds.isdigit() and len(seconds) <= len(str(_LONGEST))
    return CallNote(
        kind=kind,
        event_id=sid,
        at=datetime.now(UTC),
        recording=link if _LINK.fullmatch(link) else None,
        length=timedelta(seconds=min(int(seconds), _LONGEST)) if is_figure else None,
        words=form.get("TranscriptionText", "").strip()[:8000] or None,
    )


async def _keep(request: Request, inbound: InboundCall, note: CallNote | None) -> None:
    """Raises Unavailable. A call that was never announced is taken up with its message."""
    if note is None:
        return
    services, call_id = services_of(request), call_scripts.call_id_of(inbound.vendor_id)
    try:
        await services.calls_to_us.message(call_id, note)
    except NotFound:
        if await services.calls_to_us.board.unannounced(inbound) is not None:
            await services.calls_to_us.message(call_id, note)


async def _answer(request: Request, inbound: InboundCall, asked: Awaitable[tuple[Script, Call]]) -> Response:
    try:
        script, call = await asked
    except (NotFound, Unavailable) as error:
        log.error("call_without_memory", error=error.code)
        return TwiML(services_of(request).markup(call_scripts.without_memory(inbound)))
    return _said(request, script, call)


def _said(request: Request, script: Script, call: Call | None) -> Response:
    """The script; once it is sent, what follows from the call as it stands."""
    words = services_of(request).markup(script)
    return TwiML(words) if call is None else TwiML(words, background=following_up(request, call))


def following_up(request: Request, call: Call) -> BackgroundTask:
    """What becomes of a call to us, after the answer."""
    at = datetime.now(UTC)
    return after.starting(request, lambda: services_of(request).calls_to_us.follow(call, at), "call")
