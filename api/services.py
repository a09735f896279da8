"""What the API needs of the assembled system: runtime.container.Container is the real one, tests hand in fakes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, Protocol

from fastapi import Request
from pydantic import BaseModel, SecretStr

from api.telephony import Calling, CallsToUs, Phones
from api.upkeep import Reconciling, Settling
from domain.calls import Call
from domain.cohorts import Migrated, Moving, Preview, Previewing
from domain.costs import CostReport, LeadCost
from domain.fairness import FairnessReport
from domain.messages import Answer, Delivery, InboundText, Inquiry, RowRef, Signal
from domain.opt_outs import OptOuts
from domain.ports import Captured, Chat, Verifier
from domain.presence import PresenceChange, RepList
from domain.publications import Draft, PolicyText, Published, Rollback, Versions
from domain.scripts import Markup
from domain.speeds import SpeedReport
from domain.switches import Name, Switches, Throw
from domain.views import LeadDetail, LeadFilter, LeadPage, TouchView, TracedDecision


class Settings(Protocol):
    """The part of the settings that routes read."""

    @property
    def tenant(self) -> str: ...

    @property
    def public_url(self) -> str: ...

    @property
    def api_key(self) -> SecretStr: ...


class Capture(Protocol):
    """Each call is one transaction; raises Unavailable when nothing was accepted."""

    async def inquiry(self, inquiry: Inquiry) -> Captured: ...

    async def signal(self, signal: Signal) -> Captured: ...

    async def text(self, text: InboundText, meaning: str) -> Captured: ...

    async def keep(self, channel: str, source_event_id: str, payload: str) -> str | None: ...

    async def delivery(self, delivery: Delivery) -> tuple[str, RowRef | None, str | None]: ...


class Dispatch(Protocol):
    """Runs after the answer; never raises."""

    async def send(self, captured: Captured) -> None: ...

    async def tell(self, lead_id: str, ref: RowRef) -> None: ...

    async def moved(self, call: Call) -> None: ...

    async def quiet(self, row_id: str) -> None: ...


class Webhooks(Protocol):
    """Works through raw rows that belong together, after the answer; never raises."""

    @property
    def refused(self) -> int: ...

    async def take(self, channel: str, rows: Mapping[str, str]) -> bool: ...


class Gateway(Protocol):
    """`key` and message together are carried out once. Raises NotFound, Refused, Unavailable."""

    async def update(self, lead_id: str, name: str, message: BaseModel, key: str) -> Answer: ...


class Reps(Protocol):
    """The rep directory. Raises NotFound for nobody's handle, Unavailable."""

    def knows(self, handle: str) -> bool: ...

    def rep_of(self, chat_user_id: str) -> str | None: ...

    async def listed(self) -> RepList: ...

    async def change(self, handle: str, change: PresenceChange) -> None: ...


class Publishing(Protocol):
    """Policies and their versions. Raises BadInput naming every mistake, NotFound, Refused."""

    async def listed(self) -> Versions: ...

    async def shown(self, policy_hash: str) -> PolicyText: ...

    async def publish(self, draft: Draft) -> Published: ...

    async def rollback(self, asked: Rollback) -> Published: ...


class Reports(Protocol):
    """Figures over all leads."""

    async def speed(
        self, since: datetime | timedelta, by: Literal["source", "segment", "band", "owner"] | None
    ) -> SpeedReport: ...

    async def cost(
        self, since: datetime | timedelta, by: Literal["source", "motion", "outcome"] | None
    ) -> CostReport: ...

    async def cost_of(self, lead_id: str) -> LeadCost: ...

    async def fairness(self, since: datetime | timedelta, rep: str | None, lead_id: str | None) -> FairnessReport: ...


class Migrating(Protocol):
    """Running leads under another policy. Raises NotFound, BadInput."""

    async def preview(self, asked: Previewing) -> Preview: ...

    async def migrate(self, asked: Moving) -> Migrated: ...


class SwitchBoard(Protocol):
    """The tenant's kill switch and sandbox."""

    async def throw(self, name: Name, throw: Throw) -> Switches: ...

    async def standing(self) -> Switches: ...


class Verifiers(Protocol):
    """Whose signature is checked how."""

    @property
    def twilio(self) -> Verifier: ...

    @property
    def slack(self) -> Verifier: ...

    @property
    def hubspot(self) -> Verifier: ...

    @property
    def webhook(self) -> Verifier: ...


class Views(Protocol):
    """What pages and lists show. Raises NotFound for a lead that isn't this tenant's."""

    async def list_leads(
        self, tenant: str, wanted: LeadFilter = ..., limit: int = ..., cursor: str | None = ...
    ) -> LeadPage: ...

    async def lead_detail(self, tenant: str, lead_id: str) -> LeadDetail: ...

    async def lead_trace(self, tenant: str, lead_id: str) -> tuple[TracedDecision, ...]: ...

    async def lead_touches(self, tenant: str, lead_id: str) -> tuple[TouchView, ...]: ...


class Services(Protocol):
    """All of it."""

    @property
    def settings(self) -> Settings: ...

    @property
    def capture(self) -> Capture: ...

    @property
    def dispatch(self) -> Dispatch: ...

    @property
    def phones(self) -> Phones: ...

    @property
    def calls_to_us(self) -> CallsToUs: ...

    @property
    def calling(self) -> Calling: ...

    @property
    def markup(self) -> Markup: ...

    @property
    def webhooks(self) -> Webhooks: ...

    @property
    def gateway(self) -> Gateway: ...

    @property
    def chat(self) -> Chat: ...

    @property
    def views(self) -> Views: ...

    @property
    def opt_outs(self) -> OptOuts: ...

    @property
    def verifiers(self) -> Verifiers: ...

    @property
    def reps(self) -> Reps: ...

    @property
    def publishing(self) -> Publishing: ...

    @property
    def reports(self) -> Reports: ...

    @property
    def migrating(self) -> Migrating: ...

    @property
    def settling(self) -> Settling: ...

    @property
    def reconciling(self) -> Reconciling: ...

    @property
    def switches(self) -> SwitchBoard: ...

    async def ready(self) -> dict[str, bool]: ...


def services_of(request: Request) -> Services:
    """The services the app was built with."""
    services: Services = request.app.state.services
    return services
