"""HubSpot's app webhooks: batches of events about contacts, signed with v3 and repeated while Baton can't answer."""

import json
import secrets

from pydantic import BaseModel, ConfigDict, Field

from simulator.clock import EmbeddedClock
from simulator.courier import Answer, Courier, Parcel
from simulator.faults import Faults
from simulator.hubspot_objects import CrmObject, CrmObjects, Json
from simulator.log import DeliveryLog, Reached
from simulator.settings import SimSettings
from simulator.signatures import hubspot_headers
from simulator.webhooks import send_with_faults

PORTAL, APP, SUBSCRIPTION = 62515, 1160452, 2001
_TIMEOUT = 5.0
_RETRIES, _PAUSE = 10, 1.0  # HubSpot spreads its ten retries over a day; nobody here would wait for that


class ContactEvent(BaseModel):
    """POST /sim/hubspot/contacts: somebody makes or (with an id) changes a contact in HubSpot, and its webhook follows.

    `announce` lists what the app is subscribed to: "contact.creation" or "contact.propertyChange:<property>".
    Left out: the creation, or one change for each property given.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str | None = None
    properties: dict[str, str] = Field(default_factory=dict)
    announce: list[str] | None = None
    silent: bool = False


class HubspotWebhooks:
    """What people do in HubSpot's own pages, and what HubSpot then tells Baton."""

    def __init__(self, settings: SimSettings, clock: EmbeddedClock, courier: Courier, faults: Faults) -> None:
        self._settings = settings
        self._clock = clock
        self._courier = courier
        self._faults = faults

    async def happen(self, event: ContactEvent, objects: CrmObjects, log: DeliveryLog) -> tuple[CrmObject, Answer]:
        """Change the CRM, then post the batch. Raises Invalid if HubSpot wouldn't take the contact."""
        found = objects.find("contacts", event.id) if event.id else None
        changed = objects.update(found, event.properties) if found else objects.create("contacts", event.properties)
        default = [f"contact.propertyChange:{name}" for name in event.properties] if found else ["contact.creation"]
        subscribed = default if event.announce is None else event.announce
        if event.silent or not subscribed:
            return changed, Answer(None, "silent")
        events = [self._event(changed, each) for each in subscribed]
        answer = await send_with_faults(self._faults.for_webhook("hubspot"), lambda: self._post(events))
        log.add(Reached("hubspot", "webhook", to="baton", body=None, vendor_id=changed.id, delivered=answer.taken))
        return changed, answer

    async def _post(self, events: list[Json]) -> Answer:
        url = self._settings.hook("/v1/hooks/hubspot")

        async def attempt(number: int) -> Answer:
            body = json.dumps([each | {"attemptNumber": number} for each in events])
            secret = self._settings.hubspot_client_secret
            headers = hubspot_headers(secret, url, body, EmbeddedClock.real_now())
            return await self._courier.post(Parcel("hubspot", url, body, headers, _TIMEOUT, "application/json"))

        return await self._courier.insist(attempt, times=_RETRIES + 1, pause=_PAUSE)

    def _event(self, changed: CrmObject, subscription: str) -> Json:
        kind, _, name = subscription.partition(":")
        event: Json = {
            "eventId": secrets.randbelow(2**31),
            "subscriptionId": SUBSCRIPTION,
            "portalId": PORTAL,
            "appId": APP,
            "occurredAt": int(self._clock.now().timestamp() * 1000),
            "subscriptionType": kind,
            "attemptNumber": 0,
            "objectId": int(changed.id),
            "changeSource": "CRM_UI",
        }
        if name:
            return event | {"propertyName": name, "propertyValue": changed.value(name) or ""}
        return event | {"changeFlag": "CREATED"}
