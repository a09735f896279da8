"""Everything there is outside Baton, wired together, and the loop that lets people act when their moment comes."""

from datetime import timedelta
from typing import Protocol

from simulator.agenda import Agenda, Reaction
from simulator.announcements import Announcements
from simulator.clock import EmbeddedClock
from simulator.companies import Companies
from simulator.courier import Answer, Courier
from simulator.exchange import Exchange
from simulator.faults import Faults
from simulator.halls import Halls
from simulator.hubspot import HubspotApi
from simulator.hubspot_objects import CrmObjects
from simulator.hubspot_owners import Owners
from simulator.hubspot_webhooks import HubspotWebhooks
from simulator.journal import Journal
from simulator.lines import Lines
from simulator.log import DeliveryLog, Reached
from simulator.personas import Personas
from simulator.phones import Network, Phones
from simulator.recordings import Recordings
from simulator.settings import SimSettings
from simulator.slack import SlackApi
from simulator.slack_interactions import Desk, Interactions, Press
from simulator.slack_response import ResponseUrls
from simulator.slack_workspace import Workspace
from simulator.sounds import Player
from simulator.switch import Switch
from simulator.twilio import TwilioApi
from simulator.twilio_call_api import TwilioCallApi
from simulator.twilio_calls import Calls
from simulator.twilio_conference_api import TwilioConferenceApi
from simulator.twilio_conferences import Conferences
from simulator.twilio_lookups import TwilioLookups
from simulator.twilio_messages import Messages
from simulator.twilio_participants_api import TwilioParticipantsApi
from simulator.voice_web import VoiceWeb

_PRESSES, _PRESS_PAUSE = 5, 2.0  # a person who sees Slack's warning presses again


class _Clearable(Protocol):
    def clear(self) -> None: ...


class World:
    """Build it inside a running event loop; `live` runs until cancelled."""

    def __init__(self, settings: SimSettings) -> None:
        self.settings = settings
        self.journal = Journal(settings.sim_log)
        self.clock = EmbeddedClock(timedelta(seconds=self._first_offset()))
        self.log = DeliveryLog(self.clock, self.journal)
        self.faults = Faults()
        self.courier = Courier()
        self.agenda = Agenda(self.clock, self.journal)
        self.companies = Companies(settings.enrichment_key, self.journal)
        self.personas = Personas(self.clock, self.journal, self.agenda)
        self._wire_phones()
        self._wire_lines()
        self._wire_slack()
        self._wire_hubspot()

    def _first_offset(self) -> float:
        """The offset moved to before a crash, unless the stack now starts us with another one than then."""
        stored = self.journal.read("clock")
        moved, told = stored.get("offset"), self.settings.sim_offset
        self.journal.put("clock", "told", told)
        return moved if stored.get("told") == told and isinstance(moved, (int, float)) else told

    def _wire_phones(self) -> None:
        self.messages = Messages(self.journal)
        self.phones = Phones(
            Network(
                settings=self.settings,
                clock=self.clock,
                journal=self.journal,
                log=self.log,
                courier=self.courier,
                messages=self.messages,
                personas=self.personas,
            )
        )
        self.twilio = TwilioApi(self.settings, self.messages, self.phones)

    def _wire_lines(self) -> None:
        self.lines = Lines(self.journal)
        switch = Switch(
            settings=self.settings,
            clock=self.clock,
            log=self.log,
            courier=self.courier,
            faults=self.faults,
            lines=self.lines,
            web=VoiceWeb(self.settings, self.courier),
            calls=Calls(self.journal),
            recordings=Recordings(self.journal),
        )
        player = Player(switch)
        self.exchange = Exchange(switch, Halls(switch, Conferences(self.journal), player), player)
        announcements = Announcements(player)
        self.twilio_voice = (
            TwilioCallApi(self.settings, self.exchange),
            TwilioConferenceApi(self.settings, self.exchange, announcements),
            TwilioParticipantsApi(self.settings, self.exchange, announcements),
            TwilioLookups(self.settings, self.lines, self.personas),
        )

    def _wire_slack(self) -> None:
        self.space = Workspace(self.clock, self.journal)
        self.slack = SlackApi(self.settings, self.space, self.log, self.personas)
        self.response_urls = ResponseUrls(self.settings, self.space, self.slack.show)
        self.interactions = Interactions(
            Desk(
                settings=self.settings,
                space=self.space,
                courier=self.courier,
                faults=self.faults,
                triggers=self.slack.triggers,
                response_urls=self.response_urls,
            )
        )

    def _wire_hubspot(self) -> None:
        self.crm = CrmObjects(self.clock, self.journal)
        self.owners = Owners(self.clock, self.journal)
        self.hubspot = HubspotApi(self.settings, self.clock, self.crm, self.log)
        self.webhooks = HubspotWebhooks(self.settings, self.clock, self.courier, self.faults)

    async def live(self) -> None:
        """Resume what a crash cut off, then let people act as their moments come."""
        self.phones.resume()
        self.exchange.resume()
        while True:
            self.release()
            await self.agenda.sleep()

    def release(self) -> int:
        """Start everything that is due now; they count as in flight from here on."""
        due = self.agenda.release()
        for reaction in due:
            self.courier.spawn(self._perform(reaction))
        return len(due)

    def move_clock(self, offset: timedelta) -> int:
        """Returns how many people act because of it."""
        self.clock.offset = offset
        self.journal.put("clock", "offset", offset.total_seconds())
        released = self.release()
        self.agenda.changed()
        return released

    def reset(self) -> None:
        """An empty world, at the clock's present offset."""
        self.exchange.clear()
        self.courier.drop_all()
        self.journal.clear()
        self.journal.put("clock", "told", self.settings.sim_offset)
        self.journal.put("clock", "offset", self.clock.offset.total_seconds())
        parts: tuple[_Clearable, ...] = (self.log, self.faults, self.agenda, self.personas, self.messages)
        for part in (*parts, self.phones, self.space, self.crm, self.owners, self.companies):
            part.clear()

    async def close(self) -> None:
        await self.courier.close()
        self.journal.close()

    async def press(self, press: Press, presses: int = 1) -> Answer | None:
        """A rep presses a button; None when no message shows it to them."""
        found = self.interactions.find(press)
        if found is None:
            return None
        message, button = found

        async def once(_: int) -> Answer:
            return await self.interactions.press(press.rep, message, button)

        answer = await self.courier.insist(once, times=presses, pause=_PRESS_PAUSE)
        words = f"{button.action_id} {button.value}".strip()
        pressed = Reached(
            "slack",
            "press",
            to="baton",
            sender=press.rep,
            body=words,
            vendor_id=message.ts,
            delivered=answer.taken,
            channel=message.channel,
        )
        self.log.add(pressed)
        return answer

    async def _perform(self, reaction: Reaction) -> None:
        if reaction.phone is not None:
            body = reaction.body or ""
            await self.phones.receive(reaction.phone, self.settings.twilio_from, body, reaction.key)
        elif reaction.rep is not None and reaction.action_id is not None:
            await self._perform_press(reaction, reaction.rep, reaction.action_id)
        self.agenda.done(reaction)

    async def _perform_press(self, reaction: Reaction, rep: str, action_id: str) -> None:
        press = Press(rep=rep, action_id=action_id, value=reaction.value)
        answer = await self.press(press, presses=_PRESSES)
        if answer is not None:
            self.personas.then_dispose(reaction)
        elif action_id == "dispose":
            self.agenda.wait_for_button(reaction.model_copy(update={"key": f"{reaction.key}-later"}))
