"""Twilio's REST paths for calls and recordings. What a call does is simulator/exchange.py's."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator import twilio_errors as errors
from simulator.call_forms import CallForm
from simulator.exchange import Exchange
from simulator.settings import SimSettings
from simulator.twilio_account import Account, pairs_of, query_of
from simulator.twilio_calls import Call, matches
from simulator.twilio_errors import Refusal
from simulator.twilio_lists import API, BadFilter, page_of

VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_SILENCE = b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00@\x1f\x00\x00\x80>\x00\x00\x02\x00\x10\x00data"


class TwilioCallApi:
    """Calls and recordings of the one account."""

    def __init__(self, settings: SimSettings, exchange: Exchange) -> None:
        self._settings = settings
        self._account = Account(settings)
        self._exchange = exchange
        self._calls = exchange.switch.calls
        self._recordings = exchange.switch.recordings

    def routes(self) -> list[Route]:
        stem = f"/{API}/Accounts/{{account}}"
        return [
            Route(f"{stem}/Calls.json", self.collection, methods=VERBS),
            Route(f"{stem}/Calls/{{sid}}.json", self.single, methods=VERBS),
            Route(f"{stem}/Calls/{{call}}/Recordings.json", self.recordings, methods=VERBS),
            Route(f"{stem}/Conferences/{{conference}}/Recordings.json", self.recordings, methods=VERBS),
            Route(f"{stem}/Recordings.json", self.recordings, methods=VERBS),
            Route(f"{stem}/Recordings/{{sid}}.json", self.recording, methods=VERBS),
            Route(f"{stem}/Recordings/{{sid}}", self.sound, methods=VERBS),
        ]

    async def collection(self, request: Request) -> Response:
        if refusal := self._account.why_not(request, "GET", "POST"):
            return refusal.response()
        if request.method == "GET":
            query = query_of(request)
            try:
                return JSONResponse(page_of("calls", self._calls.newest_first(matches(query)), query, request.url.path))
            except (BadFilter, ValueError) as error:
                return errors.bad_parameter(str(error)).response()
        form = CallForm(await pairs_of(request))
        if refusal := form.why_not_dial(self._settings) or form.why_no_twiml():
            return refusal.response()
        return JSONResponse((await self._dial(form, request)).resource(), status_code=201)

    async def single(self, request: Request) -> Response:
        if refusal := self._account.why_not(request, "GET", "POST", "DELETE"):
            return refusal.response()
        call = self._calls.get(str(request.path_params["sid"]))
        if call is None:
            return errors.not_found(request.url.path).response()
        if request.method == "GET":
            return JSONResponse(call.resource())
        if request.method == "POST":
            changed = self._change(call, CallForm(await pairs_of(request)))
            return changed.response() if isinstance(changed, Refusal) else JSONResponse(changed.resource())
        if not call.over:
            return errors.STILL_ON.response()
        self._calls.delete(call.sid)
        return Response(status_code=204)

    async def recordings(self, request: Request) -> Response:
        if refusal := self._account.why_not(request, "GET"):
            return refusal.response()
        query, place = query_of(request), request.path_params
        of = {name: place[key] for name, key in (("CallSid", "call"), ("ConferenceSid", "conference")) if key in place}
        try:
            found = self._recordings.newest_first(query | of)
            return JSONResponse(page_of("recordings", found, query, request.url.path))
        except (BadFilter, ValueError) as error:
            return errors.bad_parameter(str(error)).response()

    async def recording(self, request: Request) -> Response:
        if refusal := self._account.why_not(request, "GET", "DELETE"):
            return refusal.response()
        recording = self._recordings.get(str(request.path_params["sid"]))
        if recording is None:
            return errors.not_found(request.url.path).response()
        if request.method == "GET":
            return JSONResponse(recording.resource())
        self._recordings.delete(recording.sid)
        return Response(status_code=204)

    async def sound(self, request: Request) -> Response:
        """The media of a recording: silence."""
        if refusal := self._account.why_not(request, "GET"):
            return refusal.response()
        sid = str(request.path_params["sid"]).partition(".")[0]
        if self._recordings.get(sid) is None:
            return errors.not_found(request.url.path).response()
        return Response(_SILENCE + bytes(4), media_type="audio/x-wav")

    async def _dial(self, form: CallForm, request: Request) -> Call:
        call = form.call(self._settings, request.scope.get("simulator.fault"))
        wish = form.wish("AsyncAmdStatusCallback", beside=form.flag("AsyncAmd"))
        leg = self._exchange.dial(call, form.source(self._settings), wish)
        if call.callbacks == "early":
            await leg.rung.wait()
            await leg.outbox.drained()
        return call

    def _change(self, call: Call, form: CallForm) -> Call | Refusal:
        """Hang up, or go on with other TwiML; the answer shows the call as it was."""
        leg, status = self._exchange.switch.legs.get(call.sid), form.get("Status")
        new_twiml = form.get("Url") or form.get("Twiml")
        if leg is None or call.over:
            return errors.NOT_CANCELED if status else errors.NOT_IN_PROGRESS
        if status not in ("", "canceled", "completed"):
            return errors.bad_parameter(f"Invalid Status: {status}")
        if status == "canceled" and leg.picked_up:
            return errors.NOT_CANCELED
        if status:
            leg.hang_up(f"ended by REST: {status}", "participant_updated_via_api")
        elif new_twiml:
            if not leg.picked_up:
                return errors.NOT_IN_PROGRESS
            if refusal := form.why_no_twiml():
                return refusal
            self._exchange.redirect(leg, form.source(self._settings))
        return leg.call
