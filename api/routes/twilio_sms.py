"""Texts from people and what became of ours, as Twilio tells it. Verified before it is read; media is never fetched."""

import re
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api import after, forms, metrics, openapi, security
from api.services import services_of
from domain.errors import BadInput
from domain.messages import Delivery, InboundText
from domain.twilio_codes import LEDGER_WORD, verdict_of
from domain.verdicts import Verdict
from policy import replies

router = APIRouter(prefix="/v1/hooks/twilio", tags=["hooks"])

MOST_MEDIA = 10
"""What Twilio delivers with one text: https://www.twilio.com/docs/messaging/guides/accepted-mime-types"""

UNREADABLE = "unknown"
"""Stands for a content type that is none."""

_CONTENT_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}")
_NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
_TOUCH_ID = re.compile(r"[\w:.-]{1,200}")
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_VENDOR_SAYS: dict[str, replies.Meaning] = {"STOP": "stop", "START": "start", "HELP": "help"}
"""OptOutType: set where Twilio itself has acted on a keyword."""


class TwiML(Response):
    """What Twilio reads."""

    media_type = "text/xml"


@router.post("/sms", response_class=TwiML, **openapi.reads_form("Twilio", "MessageSid", "From", "To", "Body"))
async def sms(request: Request) -> Response:
    """A person texts us. A stop is in force when this answers."""
    form = forms.form_of(await security.signed_body(request, "twilio"))
    text = InboundText(
        vendor_id=_needed(form, "MessageSid"),
        sender=_needed(form, "From"),
        recipient=form.get("To", ""),
        body=form.get("Body", ""),
        segments=_number(form.get("NumSegments", "")) or 1,
        media=tuple(_media(form)),
        is_answered=form.get("OptOutType", "") in _VENDOR_SAYS,
    )
    meaning = _meaning(text.body, form.get("OptOutType", ""))
    metrics.REPLIES.labels(meaning).inc()
    captured = await services_of(request).capture.text(text, meaning)
    return TwiML(_NOTHING_TO_SAY, background=after.dispatching(request, "sms", captured))


@router.post("/sms-status", status_code=204, **openapi.reads_form("Twilio", "MessageSid", "MessageStatus"))
async def sms_status(
    request: Request, touch: Annotated[str, Query(description="The touch this text was sent for")] = ""
) -> Response:
    """A text of ours was sent, delivered or lost."""
    form = forms.form_of(await security.signed_body(request, "twilio"))
    vendor_status = _needed(form, "MessageStatus")
    if vendor_status not in LEDGER_WORD:
        return Response(status_code=204)
    verdict = verdict_of(form.get("ErrorCode"))
    delivery = Delivery(
        touch_id=touch if _TOUCH_ID.fullmatch(touch) else None,
        vendor_id=_needed(form, "MessageSid"),
        status=LEDGER_WORD[vendor_status],
        vendor_status=vendor_status,
        error=form.get("ErrorCode") or None,
        opted_out=verdict is Verdict.OPT_OUT,
        takes_no_texts=verdict is Verdict.FIX_DATA,
        sender=form.get("From") if _E164.fullmatch(form.get("From", "")) else None,
    )
    _, ref, lead_id = await services_of(request).capture.delivery(delivery)
    if ref is None or lead_id is None:
        return Response(status_code=204)
    tell = after.starting(request, lambda: services_of(request).dispatch.tell(lead_id, ref), "tell")
    return Response(status_code=204, background=tell)


def _meaning(body: str, opt_out_type: str) -> replies.Meaning:
    """A stop counts whoever of the two of us hears it."""
    ours = replies.meaning_of(body)
    return ours if ours == "stop" else _VENDOR_SAYS.get(opt_out_type, ours)


def _needed(form: dict[str, str], name: str) -> str:
    value = form.get(name, "").strip()
    if not value or len(value) > 200:
        raise BadInput(f"{name} is missing or too long.", ((name, "must have 1 to 200 characters"),))
    return value


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None


def _media(form: dict[str, str]) -> Iterator[str]:
    """The content type of each picture or file that came along. Where it lies is not even kept: nobody here fetches."""
    told = _number(form.get("NumMedia", "")) if "NumMedia" in form else 0
    for number in range(MOST_MEDIA if told is None else min(told, MOST_MEDIA)):
        kind, url = form.get(f"MediaContentType{number}"), form.get(f"MediaUrl{number}")
        if told is None and kind is None and url is None:
            return
        plain = (kind or "").strip().lower()
        yield plain if _CONTENT_TYPE.fullmatch(plain) else UNREADABLE
