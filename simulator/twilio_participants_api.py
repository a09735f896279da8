"""Twilio's REST paths for participants. A conference goes by its SID or name, a participant by its call or label."""

import re

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator import twilio_errors as errors
from simulator.announcements import Announcements
from simulator.call_forms import CallForm, is_url
from simulator.exchange import Exchange
from simulator.faults import Fault
from simulator.members import Member
from simulator.participant_forms import change, invited, why_not_change
from simulator.rooms import Room, wrong_label
from simulator.settings import SimSettings
from simulator.sounds import Source
from simulator.twilio_account import Account, pairs_of, query_of
from simulator.twilio_call_api import VERBS
from simulator.twilio_conferences import Participant
from simulator.twilio_errors import Refusal
from simulator.twilio_lists import API, page_of

_FEWEST, _MOST = 2, 250
_SID = re.compile(r"CF[0-9a-fA-F]{32}")


class TwilioParticipantsApi:
    """Participants of live conferences; of one that is over there are none."""

    def __init__(self, settings: SimSettings, exchange: Exchange, announcements: Announcements) -> None:
        self._settings = settings
        self._account = Account(settings)
        self._exchange = exchange
        self._announcements = announcements

    def routes(self) -> list[Route]:
        stem = f"/{API}/Accounts/{{account}}/Conferences/{{conference}}/Participants"
        return [
            Route(f"{stem}.json", self.collection, methods=VERBS),
            Route(f"{stem}/{{participant}}.json", self.single, methods=VERBS),
        ]

    async def collection(self, request: Request) -> Response:
        if refusal := self._account.why_not(request, "GET", "POST"):
            return refusal.response()
        key = str(request.path_params["conference"])
        if request.method == "GET":
            return self._list(key, request)
        form = CallForm(await pairs_of(request))
        member = await self._create(key, form, request)
        if isinstance(member, Refusal):
            return member.response()
        return JSONResponse(member.resource(), status_code=201)

    async def single(self, request: Request) -> Response:
        if refusal := self._account.why_not(request, "GET", "POST", "DELETE"):
            return refusal.response()
        room = self._exchange.halls.find(str(request.path_params["conference"]))
        member = room.find(str(request.path_params["participant"])) if room else None
        if room is None or member is None:
            return errors.not_found(request.url.path).response()
        if request.method == "DELETE":
            room.kick(member)
            return Response(status_code=204)
        if request.method == "POST":
            form = CallForm(await pairs_of(request))
            if refusal := why_not_change(room, member, form):
                return refusal.response()
            self._change(room, member, form)
        return JSONResponse(self._shown(room, member).resource())

    def _list(self, key: str, request: Request) -> Response:
        room, query = self._exchange.halls.find(key), query_of(request)
        if room is None and self._exchange.halls.store.get(key) is None:
            return errors.not_found(request.url.path).response()
        present = [self._shown(room, member) for member in reversed(room.members.values())] if room else []
        wanted = {name: query[name].lower() for name in ("Muted", "Hold", "Coaching") if query.get(name)}

        def fits(each: Participant) -> bool:
            own = {"Muted": each.muted, "Hold": each.hold, "Coaching": each.coaching}
            return all(str(own[name]).lower() == value for name, value in wanted.items())

        try:
            return JSONResponse(
                page_of("participants", [each for each in present if fits(each)], query, request.url.path)
            )
        except ValueError as error:
            return errors.bad_parameter(str(error)).response()

    async def _create(self, key: str, form: CallForm, request: Request) -> Participant | Refusal:
        room = self._exchange.halls.find(key)
        refusal = form.why_not_dial(self._settings) or self._why_not_join(room, form)
        if refusal is not None:
            return refusal
        if room is None and _SID.fullmatch(key):
            return errors.not_found(request.url.path)  # only a name makes a new conference
        room = room or self._exchange.halls.named(key)
        fault: Fault | None = request.scope.get("simulator.fault")
        call, wish = form.call(self._settings, fault), form.wish("AmdStatusCallback", beside=True)
        member = self._exchange.invite(room, call, invited(form, room.conference.name), wish)
        shown = self._shown(room, member)
        if call.callbacks == "early":
            await member.leg.rung.wait()
            await member.leg.outbox.drained()
        return shown

    def _why_not_join(self, room: Room | None, form: CallForm) -> Refusal | None:
        label, coached = form.get("Label"), form.get("CallSidToCoach")
        joined = room.joined if room else []
        if why := wrong_label(label):
            return errors.conference_refusal(16023, f"Participant label invalid: {why}")
        most = form.get("MaxParticipants") or "250"
        if not most.isdigit() or not _FEWEST <= int(most) <= _MOST:
            return errors.bad_parameter("MaxParticipants is between 2 and 250")
        if form.flag("Coaching") and not coached:
            return errors.bad_parameter("Coaching needs CallSidToCoach")
        if coached and not any(each.sid == coached for each in joined):
            return errors.conference_refusal(13240, f"Invalid Whisper SID: {coached} isn't in the conference")
        # Whether Twilio looks at the label before it dials isn't documented: a test arms the answer that it wants.
        taken = bool(label) and room is not None and room.find(label) is not None
        if taken and self._exchange.switch.faults.for_label() == "refused":
            return errors.conference_refusal(16025, f"Participant label {label} is in use by another participant")
        return None

    def _change(self, room: Room, member: Member, form: CallForm) -> None:
        change(room, member, form)
        if (url := form.get("AnnounceUrl")) and is_url(url):
            source = Source(url, form.get("AnnounceMethod").upper() or "POST", {"ConferenceSid": room.conference.sid})
            self._exchange.switch.courier.spawn(self._announcements.make(room, [member], source))

    def _shown(self, room: Room, member: Member) -> Participant:
        return member.shown(self._settings.twilio_account_sid, room.conference.sid)
