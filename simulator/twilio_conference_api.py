"""Twilio's REST paths for conferences. Who is in one: simulator/twilio_participants_api.py."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator import twilio_errors as errors
from simulator.announcements import Announcements
from simulator.call_forms import CallForm, is_url
from simulator.exchange import Exchange
from simulator.settings import SimSettings
from simulator.sounds import Source
from simulator.twilio_account import Account, pairs_of, query_of
from simulator.twilio_call_api import VERBS
from simulator.twilio_conferences import Conference, matches
from simulator.twilio_errors import Refusal
from simulator.twilio_lists import API, BadFilter, page_of


class TwilioConferenceApi:
    """Conferences of the one account, live and over."""

    def __init__(self, settings: SimSettings, exchange: Exchange, announcements: Announcements) -> None:
        self._account = Account(settings)
        self._exchange = exchange
        self._announcements = announcements

    def routes(self) -> list[Route]:
        stem = f"/{API}/Accounts/{{account}}"
        return [
            Route(f"{stem}/Conferences.json", self.collection, methods=VERBS),
            Route(f"{stem}/Conferences/{{sid}}.json", self.single, methods=VERBS),
        ]

    async def collection(self, request: Request) -> Response:
        if refusal := self._account.why_not(request, "GET"):
            return refusal.response()
        query = query_of(request)
        try:
            found = self._exchange.halls.store.newest_first(matches(query))
            return JSONResponse(page_of("conferences", found, query, request.url.path))
        except (BadFilter, ValueError) as error:
            return errors.bad_parameter(str(error)).response()

    async def single(self, request: Request) -> Response:
        if refusal := self._account.why_not(request, "GET", "POST"):
            return refusal.response()
        conference = self._exchange.halls.store.get(str(request.path_params["sid"]))
        if conference is None:
            return errors.not_found(request.url.path).response()
        if request.method == "GET":
            return JSONResponse(conference.resource())
        changed = self._change(conference, CallForm(await pairs_of(request)))
        return changed.response() if isinstance(changed, Refusal) else JSONResponse(changed.resource())

    def _change(self, conference: Conference, form: CallForm) -> Conference | Refusal:
        """End it, or announce something to all in it."""
        room, url, status = self._exchange.halls.find(conference.sid), form.get("AnnounceUrl"), form.get("Status")
        if room is None:
            return errors.CONFERENCE_OVER
        if status not in ("", "completed"):
            return errors.bad_parameter(f"Invalid Status: {status}")
        if url and not is_url(url):
            return errors.bad_url("AnnounceUrl", url)
        if url:
            source = Source(url, form.get("AnnounceMethod").upper() or "POST", {"ConferenceSid": conference.sid})
            self._exchange.switch.courier.spawn(self._announcements.make(room, room.joined, source))
        if status:
            room.end("conference-ended-via-api")
        return room.conference
