"""Twilio's REST paths for messages, under the real URLs, so that the unmodified client talks to it by base URL."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator import twilio_errors as errors
from simulator.phones import Draft, Phones
from simulator.settings import SimSettings
from simulator.twilio_account import Account, form_of, is_phone, plain_number, query_of
from simulator.twilio_errors import Refusal
from simulator.twilio_lists import API, BadFilter, page_of
from simulator.twilio_messages import Message, Messages, matches

_SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")
_UNSUPPORTED = ("SendAt", "ScheduleType", "MediaUrl", "ContentSid")


class TwilioApi:
    """Messages of the one account; whatever no other path of Twilio's takes ends here too."""

    def __init__(self, settings: SimSettings, messages: Messages, phones: Phones) -> None:
        self._settings = settings
        self._account = Account(settings)
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
        if (refusal := self._account.why_not(request)) is not None:
            return refusal.response()
        if request.method == "GET":
            return self._list(request)
        form = await form_of(request)
        outcome = await self._create(form, request)
        if isinstance(outcome, Refusal):
            return outcome.response()
        return JSONResponse(outcome.resource(), status_code=201)

    async def single(self, request: Request) -> Response:
        if (refusal := self._account.why_not(request)) is not None:
            return refusal.response()
        message = self._messages.get(str(request.path_params["sid"]))
        if message is None:
            return errors.not_found(request.url.path).response()
        if request.method == "DELETE":
            self._messages.delete(message.sid)
            return Response(status_code=204)
        if request.method == "POST":
            changed = await self._change(message, await form_of(request))
            return changed.response() if isinstance(changed, Refusal) else JSONResponse(changed.resource())
        return JSONResponse(message.resource())

    async def unknown(self, request: Request) -> Response:
        return (self._account.wrong_credentials(request) or errors.not_found(request.url.path)).response()

    def _list(self, request: Request) -> Response:
        query = query_of(request)
        try:
            found = self._messages.newest_first(matches(query))
            return JSONResponse(page_of("messages", found, query, request.url.path))
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
        return await self._phones.send(draft)

    def _why_not_send(self, form: Mapping[str, str]) -> Refusal | None:
        """The first thing that is wrong, in the order in which Twilio looks."""
        to, sender, body = form.get("To", ""), form.get("From", ""), form.get("Body", "")
        callback = form.get("StatusCallback", "")
        own, service = self._settings.own_numbers, form.get("MessagingServiceSid", "")
        checks = (
            (not to, errors.NO_TO),
            (not sender and not service, errors.NO_FROM),
            (bool(service) and not _SERVICE.fullmatch(service), errors.bad_parameter("Bad MessagingServiceSid")),
            (any(form.get(name) for name in _UNSUPPORTED), errors.bad_parameter("Only plain texts, sent now, exist")),
            (not body, errors.NO_BODY),
            (len(body) > 1600, errors.TOO_LONG),
            (not is_phone(to), errors.bad_to(to)),
            (plain_number(to) in (sender, *own), errors.same_number()),
            (bool(sender) and sender not in own, errors.bad_from(sender)),
            (bool(callback) and urlsplit(callback).scheme not in ("http", "https"), errors.bad_callback(callback)),
        )
        return next((refusal for wrong, refusal in checks if wrong), None)

    async def _change(self, message: Message, form: Mapping[str, str]) -> Message | Refusal:
        if form.get("Status") == "canceled":
            return await self._phones.cancel(message) if message.status == "scheduled" else errors.NOT_CANCELABLE
        if form.get("Body") == "":
            return self._messages.save(message.model_copy(update={"body": ""}))
        return errors.bad_parameter("A Message can only be redacted (Body empty) or canceled")
