"""Twilio's REST paths for messages, under the real URLs, so that the unmodified client talks to it by base URL."""

import base64
import binascii
import re
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

import phonenumbers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator import twilio_errors as errors
from simulator.phones import Draft, Phones
from simulator.settings import SimSettings
from simulator.twilio_errors import Refusal
from simulator.twilio_messages import API, BadFilter, Message, Messages, matches, page_of

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")
_UNSUPPORTED = ("SendAt", "ScheduleType", "MediaUrl", "ContentSid")


class TwilioApi:
    """One account with one number, whose credentials are those that Baton was given."""

    def __init__(self, settings: SimSettings, messages: Messages, phones: Phones) -> None:
        self._settings = settings
        self._messages = messages
        self._phones = phones

    def routes(self) -> list[Route]:
        stem = f"/{API}/Accounts/{{account}}"
        return [
            Route(f"{stem}/Messages.json", self.collection, methods=["GET", "POST"]),
            Route(f"{stem}/Messages/{{sid}}.json", self.single, methods=["GET", "POST", "DELETE"]),
            Route(f"/{API}/{{rest:path}}", self.unknown, methods=["GET", "POST", "DELETE"]),
        ]

    async def collection(self, request: Request) -> Response:
        if (refusal := self._why_not(request)) is not None:
            return refusal.response()
        if request.method == "GET":
            return self._list(request)
        form = await form_of(request)
        outcome = await self._create(form, request)
        if isinstance(outcome, Refusal):
            return outcome.response()
        return JSONResponse(outcome.resource(), status_code=201)

    async def single(self, request: Request) -> Response:
        if (refusal := self._why_not(request)) is not None:
            return refusal.response()
        message = self._messages.get(str(request.path_params["sid"]))
        if message is None:
            return errors.not_found(request.url.path).response()
        if request.method == "DELETE":
            self._messages.delete(message.sid)
            return Response(status_code=204)
        if request.method == "POST":
            changed = self._change(message, await form_of(request))
            return changed.response() if isinstance(changed, Refusal) else JSONResponse(changed.resource())
        return JSONResponse(message.resource())

    async def unknown(self, request: Request) -> Response:
        return (self._wrong_credentials(request) or errors.not_found(request.url.path)).response()

    def _list(self, request: Request) -> Response:
        query = dict(parse_qsl(request.url.query, keep_blank_values=True))
        try:
            found = self._messages.newest_first(matches(query))
            return JSONResponse(page_of(found, query, request.url.path))
        except (BadFilter, ValueError) as error:
            return errors.bad_parameter(str(error)).response()

    async def _create(self, form: Mapping[str, str], request: Request) -> Message | Refusal:
        refusal = self._why_not_send(form)
        if refusal is not None:
            return refusal
        fault = request.scope.get("simulator.fault")
        draft = Draft(
            to=plain_number(form["To"]),
            sender=form.get("From") or self._settings.twilio_from,
            body=form["Body"],
            service=form.get("MessagingServiceSid"),
            status_callback=form.get("StatusCallback"),
            callbacks=fault.callbacks if fault else None,
            callbacks_late=(fault.seconds if fault else None) or 5.0,
        )
        return await self._phones.send(draft) or errors.UNSUBSCRIBED

    def _why_not_send(self, form: Mapping[str, str]) -> Refusal | None:
        """The first thing that is wrong, in the order in which Twilio looks."""
        to, sender, body = form.get("To", ""), form.get("From", ""), form.get("Body", "")
        callback = form.get("StatusCallback", "")
        own, service = self._settings.twilio_from, form.get("MessagingServiceSid", "")
        checks = (
            (not to, errors.NO_TO),
            (not sender and not service, errors.NO_FROM),
            (bool(service) and not _SERVICE.fullmatch(service), errors.bad_parameter("Bad MessagingServiceSid")),
            (any(form.get(name) for name in _UNSUPPORTED), errors.bad_parameter("Only plain texts, sent now, exist")),
            (not body, errors.NO_BODY),
            (len(body) > 1600, errors.TOO_LONG),
            (not _is_phone(to), errors.bad_to(to)),
            (plain_number(to) in (sender, own), errors.same_number()),
            (bool(sender) and sender != own, errors.bad_from(sender)),
            (bool(callback) and urlsplit(callback).scheme not in ("http", "https"), errors.bad_callback(callback)),
        )
        return next((refusal for wrong, refusal in checks if wrong), None)

    def _change(self, message: Message, form: Mapping[str, str]) -> Message | Refusal:
        if form.get("Status") == "canceled":  # only scheduled texts can be, and there are none
            return errors.NOT_CANCELABLE
        if form.get("Body") == "":
            return self._messages.save(message.model_copy(update={"body": ""}))
        return errors.bad_parameter("A Message can only be redacted (Body empty) or canceled")

    def _why_not(self, request: Request) -> Refusal | None:
        if (refusal := self._wrong_credentials(request)) is not None:
            return refusal
        known = request.path_params["account"] == self._settings.twilio_account_sid
        return None if known else errors.not_found(request.url.path)

    def _wrong_credentials(self, request: Request) -> Refusal | None:
        scheme, _, coded = request.headers.get("authorization", "").partition(" ")
        try:
            user, _, password = base64.b64decode(coded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return errors.AUTHENTICATE
        good = secrets.compare_digest(password.encode(), self._settings.twilio_auth_token.encode())
        right = scheme.lower() == "basic" and user == self._settings.twilio_account_sid and good
        return None if right else errors.AUTHENTICATE


async def form_of(request: Request) -> dict[str, str]:
    """A urlencoded form; the last value of a repeated name, as for every parameter read here."""
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))


def plain_number(number: str) -> str:
    return re.sub(r"[\s().-]", "", number)


def _is_phone(number: str) -> bool:
    plain = plain_number(number)
    if not _E164.fullmatch(plain):
        return False
    try:
        return bool(phonenumbers.is_possible_number(phonenumbers.parse(plain)))
    except phonenumbers.NumberParseException:
        return False
