"""Phones of calls, as Twilio asks and tells of them: what our people hear, which key was pressed, how a leg stands.
Verified before it is read; a call that nobody knows is answered with a hang-up, since somebody may be listening."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Annotated

import structlog
from fastapi import APIRouter, Query, Request
from starlette.background import BackgroundTask
from starlette.responses import Response

from api import after, forms, openapi, security
from api.routes.twilio_inbound import following_up, inbound_of
from api.routes.twilio_sms import TwiML
from api.services import services_of
from domain import scripts
from domain.call_facts import CallFact, HoldChanged, Joined, Left, LegMoved, Recorded, RoomClosed
from domain.calls import Call, LegEnd, LegState
from domain.errors import NotFound
from domain.messages import RowRef
from domain.scripts import Script

router = APIRouter(prefix="/v1/hooks/twilio", tags=["hooks"])
log = structlog.get_logger()

_STATES = {
    "queued": (LegState.RINGING, None),
    "initiated": (LegState.RINGING, None),
    "ringing": (LegState.RINGING, None),
    "in-progress": (LegState.ANSWERED, None),
    "completed": (LegState.ENDED, LegEnd.COMPLETED),
    "busy": (LegState.ENDED, LegEnd.BUSY),
    "no-answer": (LegState.ENDED, LegEnd.NO_ANSWER),
    "failed": (LegState.ENDED, LegEnd.FAILED),
    "canceled": (LegState.ENDED, LegEnd.CANCELED),
}
"""Twilio's call statuses as states of a leg; others say nothing."""

_RECORDING = re.compile(r"RE[0-9a-fA-F]{32}")
_LONGEST_CALL = 86_400
_GOODBYE: Script = (scripts.HangUp(),)

Id = Annotated[str, Query(max_length=128, pattern=r"^[\w.-]+$", description="Ours, as given when the call was made")]
_FORM = openapi.reads_form("Twilio", "CallSid")


@router.post("/voice/rep", response_class=TwiML, **_FORM)
async def rep(request: Request, call: Id, leg: Id) -> Response:
    """A rep has picked up."""
    await security.signed_body(request, "twilio")
    return await _answer(request, lambda: services_of(request).phones.greet(call, leg))


@router.post("/voice/person", response_class=TwiML, **_FORM)
async def person(request: Request, call: Id, leg: Id, again: bool = False) -> Response:
    """A person has picked up whose phone was rung before a rep was there."""
    await security.signed_body(request, "twilio")
    return await _answer(request, lambda: services_of(request).phones.person(call, leg, again))


@router.post("/voice/press", response_class=TwiML, **_FORM)
async def press(request: Request, call: Id, leg: Id, again: bool = False) -> Response:
    """A rep pressed a key, or none."""
    digits = forms.form_of(await security.signed_body(request, "twilio")).get("Digits", "")[:8]

    async def pressed() -> tuple[Script, Call]:
        script, found = await services_of(request).phones.pressed(call, leg, digits, again)
        if found.is_inbound:
            found = await services_of(request).calls_to_us.board.bridged(found, leg, datetime.now(UTC))
        return script, found

    return await _answer(request, pressed)


@router.post("/voice/after", response_class=TwiML, **_FORM)
async def after_conference(request: Request, call: Id, leg: Id) -> Response:
    """A rep is out of the conference."""
    await security.signed_body(request, "twilio")
    return await _answer(request, lambda: services_of(request).phones.after(call, leg))


@router.post("/voice/hold", response_class=TwiML, **_FORM)
async def hold(request: Request, call: Id) -> Response:
    """What a rep hears who waits for the person."""
    await security.signed_body(request, "twilio")
    return await _play(request, lambda: services_of(request).phones.hold(call))


@router.post("/voice/wait", response_class=TwiML, **_FORM)
async def wait(request: Request) -> Response:
    """What somebody hears who is on hold."""
    await security.signed_body(request, "twilio")
    return await _play(request, services_of(request).phones.wait)


@router.post("/voice/announce", response_class=TwiML, **_FORM)
async def announce(request: Request, call: Id, what: Id) -> Response:
    """What is said into a conference."""
    await security.signed_body(request, "twilio")
    return await _play(request, lambda: services_of(request).phones.announcement(call, what))


@router.post("/voice-status", status_code=204, **_FORM)
async def status(request: Request, call: Id | None = None, leg: Id | None = None) -> Response:
    """A phone rings, is answered, or is over. Without `call` and `leg` it is the phone of somebody who calls us."""
    form = forms.form_of(await security.signed_body(request, "twilio"))
    known = _STATES.get(form.get("CallStatus", ""))
    sid = form.get("CallSid", "")[:64] or None
    if known is None:
        return Response(status_code=204)
    if call is None or leg is None:
        found = await services_of(request).calls_to_us.board.moved(inbound_of(form), *known)
        return Response(status_code=204, background=None if found is None else following_up(request, found))
    over = _when(form) if known[1] is not None else None
    moved = LegMoved(leg_id=leg, state=known[0], end=known[1], vendor_id=sid, answered_by=_heard(form), at=over)
    return await _learn(request, call, moved)


@router.post("/voice/amd", status_code=204, **_FORM)
async def amd(request: Request, call: Id, leg: Id) -> Response:
    """Whether a person or a machine has answered."""
    form = forms.form_of(await security.signed_body(request, "twilio"))
    return await _learn(request, call, LegMoved(leg_id=leg, state=LegState.ANSWERED, answered_by=_heard(form)))


@router.post("/voice/conference", status_code=204, **_FORM)
async def conference(request: Request, call: Id) -> Response:
    """Somebody came into a conference, or went; or it is over."""
    form = forms.form_of(await security.signed_body(request, "twilio"))
    fact = _event(form)
    return Response(status_code=204) if fact is None else await _learn(request, call, fact)


@router.post("/voice/recording", status_code=204, **_FORM)
async def recording(request: Request, call: Id) -> Response:
    """There is a recording of it."""
    form = forms.form_of(await security.signed_body(request, "twilio"))
    sid, seconds = form.get("RecordingSid", ""), form.get("RecordingDuration", "")
    # Its address is made from its id: another shape could lead elsewhere.
    if not _RECORDING.fullmatch(sid) or form.get("RecordingStatus", "completed") != "completed":
        return Response(status_code=204)
    length = timedelta(seconds=min(int(seconds), _LONGEST_CALL)) if seconds.isascii() and seconds.isdigit() else None
    try:
        known, ref = await services_of(request).phones.recorded(call, Recorded(recording=sid, length=length))
    except NotFound:
        log.warning("call_unknown", path=request.url.path)
        return Response(status_code=204)
    return Response(status_code=204, background=_telling(request, known, ref))


def _event(form: dict[str, str]) -> CallFact | None:
    leg, room, at = form.get("ParticipantLabel") or form.get("CallSid", ""), form.get("ConferenceSid", ""), _when(form)
    event = form.get("StatusCallbackEvent", "")
    if event == "participant-join":
        return Joined(leg_id=leg[:128], at=at, room=room[:64])
    if event == "participant-leave":
        return Left(leg_id=leg[:128], at=at)
    if event in ("participant-hold", "participant-unhold"):
        return HoldChanged(leg_id=leg[:128], held=event == "participant-hold", at=at)
    return RoomClosed(at=at) if event == "conference-end" else None


def _when(form: dict[str, str]) -> datetime:
    """Twilio's moment of it; ours where it can't be read."""
    try:
        at = parsedate_to_datetime(form.get("Timestamp", ""))
    except ValueError:
        return datetime.now(UTC)
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _heard(form: dict[str, str]) -> str | None:
    return form.get("AnsweredBy", "")[:32] or None


async def _answer(request: Request, ask: Callable[[], Awaitable[tuple[Script, Call]]]) -> Response:
    """The script, and then the call's workflow is told."""
    try:
        script, call = await ask()
    except NotFound:
        log.warning("call_unknown", path=request.url.path)
        return TwiML(services_of(request).markup(_GOODBYE))
    return TwiML(services_of(request).markup(script), background=_telling(request, call))


async def _play(request: Request, ask: Callable[[], Awaitable[Script]]) -> Response:
    try:
        script = await ask()
    except NotFound:
        script = ()
    return TwiML(services_of(request).markup(script))


async def _learn(request: Request, call_id: str, fact: CallFact) -> Response:
    """204, whether the call is known or not: another answer would only bring the same word again."""
    try:
        call = await services_of(request).phones.learn(call_id, fact)
    except NotFound:
        log.warning("call_unknown", path=request.url.path)
        return Response(status_code=204)
    return Response(status_code=204, background=_telling(request, call))


def _telling(request: Request, call: Call, ref: RowRef | None = None) -> BackgroundTask:
    """The call's workflow is told; its lead, where the call is over."""
    if call.is_inbound:
        return following_up(request, call)
    dispatch = services_of(request).dispatch
    if ref is not None:
        return after.starting(request, lambda: dispatch.tell(call.lead_id, ref), "recorded")
    return after.starting(request, lambda: dispatch.moved(call), "moved")
