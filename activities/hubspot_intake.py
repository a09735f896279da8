"""HubSpot's webhook events -> inquiries: which events matter, one fetch a contact, what its properties mean to us.

Runs in the API after its answer and in the sweeper. An event only says that something changed: what is captured is the
contact as HubSpot holds it when we look. Which values mean a hand-off is the policy's to say; any other contact is one
of a list, so that a record nobody asked a person for is no call, be it our own.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from pydantic import ConfigDict, JsonValue, ValidationError, model_validator
from pydantic_core import PydanticSerializationError

from domain.messages import Attribution, Consent, Inquiry
from domain.ports import Captured, Crm, CrmContact
from domain.values import Source, Stored
from policy.model import CrmProperty

CHANNEL = "hubspot"
TELLING = frozenset({"lifecyclestage", "hs_lead_status", "baton_source", "baton_handoff", "baton_consent_sms"})
"""Properties whose change is somebody's word that this contact wants attention (R34); others are left alone."""

PROPERTIES = (
    "baton_source", "baton_referrer", "baton_test", "baton_consent_sms", "baton_consent_call", "baton_consent_kind",
    "baton_consent_automated", "baton_consent_text", "baton_active_deal", "hs_sequences_is_enrolled",
    "hs_analytics_first_url", "utm_campaign", "lifecyclestage", "hs_lead_status", "baton_handoff",
)  # fmt: skip
"""What is read here besides who the contact is."""

_CONTACT_EVENTS = ("contact.creation", "object.creation")
_CHANGES = ("contact.propertyChange", "object.propertyChange")
_CONTACTS = "0-1"  # HubSpot's object type id of contacts
_OUR_OWN = "INTEGRATION"  # changeSource of what API clients write, ourselves among them
_WE_WRITE = frozenset({"lifecyclestage", "hs_lead_status"})
_STAGES = ("lifecyclestage", "hs_lead_status", "baton_handoff")  # whose other values, such as customer, ask for nothing
_FLAGS = {"active_deal": "baton_active_deal", "active_sequence": "hs_sequences_is_enrolled"}
_KINDS = ("written", "express", "inquiry", "none")


class Event(Stored):
    """One event of a batch, by HubSpot's names; what else it says is left out."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    eventId: str = ""
    objectId: str
    subscriptionType: str = "contact.creation"
    occurredAt: str = ""
    propertyName: str | None = None
    changeSource: str | None = None
    objectTypeId: str = _CONTACTS

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, raw: object) -> object:
        return {name: value for name, value in raw.items() if value is not None} if isinstance(raw, dict) else raw

    @property
    def key(self) -> str:
        """The same however often HubSpot delivers it: event ids alone are not unique, attempt numbers differ."""
        return f"{self.eventId}:{self.objectId}:{self.occurredAt}:{self.propertyName or self.subscriptionType}"

    @property
    def matters(self) -> bool:
        """Whether to look at the contact. What we wrote ourselves would otherwise call us back for ever."""
        if self.objectTypeId != _CONTACTS:
            return False
        if self.subscriptionType in _CONTACT_EVENTS:
            return True
        echo = self.changeSource == _OUR_OWN and self.propertyName in _WE_WRITE
        return self.subscriptionType in _CHANGES and self.propertyName in TELLING and not echo


class Intake(Protocol):
    """The part of capture that is needed here. `handoff`: the policy's crm_handoff."""

    @property
    def handoff(self) -> Mapping[CrmProperty, Sequence[str]]: ...

    async def inquiry(self, inquiry: Inquiry) -> Captured: ...


def events_of(payload: Sequence[JsonValue]) -> tuple[Event, ...]:
    """The events of a batch that can be read; those of associations, say, name no object."""
    return tuple(event for event in map(_event_of, payload) if event is not None)


def _event_of(raw: JsonValue) -> Event | None:
    try:
        event = Event.model_validate(raw)
        event.model_dump_json()
    except (ValidationError, PydanticSerializationError):  # the latter: half a surrogate pair
        return None
    return event


async def take(payloads: Sequence[str], crm: Crm, capture: Intake) -> list[Captured]:
    """Capture what kept events speak of; each contact is fetched once. Raises ValidationError, and what `crm` and
    `capture` raise."""
    events = [Event.model_validate_json(payload) for payload in payloads]
    telling = [event for event in events if event.matters]
    found = [await _captured(each, telling, crm, capture) for each in dict.fromkeys(e.objectId for e in telling)]
    return [captured for captured in found if captured is not None]


async def _captured(contact_id: str, events: Sequence[Event], crm: Crm, capture: Intake) -> Captured | None:
    contact = await crm.contact(contact_id)
    if contact is None:
        return None
    own = [event for event in events if event.objectId == contact_id]
    inquiry = inquiry_of(contact, own[0], capture.handoff)
    says_nothing = inquiry.source == Source.IMPORT and all(event.propertyName in _STAGES for event in own)
    return None if says_nothing else await capture.inquiry(inquiry)


def inquiry_of(contact: CrmContact, event: Event, handoff: Mapping[CrmProperty, Sequence[str]]) -> Inquiry:
    """What a contact says, in the data contract of capture. `extra` tells of deals, sequences and the owner; what the
    contact has no word on is left out, so that what was known before goes on holding."""
    held = contact.properties
    told = {name: _is_yes(held[key]) for name, key in _FLAGS.items() if held.get(key)}
    return Inquiry.model_validate(
        {
            "source": _source(held, handoff),
            "source_event_id": f"hubspot:{event.key}"[:200],
            "person": contact.person,
            **({"consent": _consent(held)} if any(name.startswith("baton_consent_") for name in held) else {}),
            "attribution": Attribution(
                campaign=held.get("utm_campaign"),
                page=held.get("hs_analytics_first_url"),
                referrer_name=held.get("baton_referrer"),
            ),
            "test": _is_yes(held.get("baton_test")),
            "extra": {"crm_id": contact.contact_id, "crm_owner": contact.owner_id, **told},
        }
    )


def _source(held: Mapping[str, str], handoff: Mapping[CrmProperty, Sequence[str]]) -> str:
    """The source the contact names; else whether its stage or a tag asks for a person (R34)."""
    named = held.get("baton_source", "")
    if named in set(Source):
        return named
    asks = any(held.get(name, "").strip().lower() in map(str.lower, values) for name, values in handoff.items())
    return Source.CRM_STAGE if asks else Source.IMPORT


def _consent(held: Mapping[str, str]) -> Consent:
    """Only what the contact's own consent properties say."""
    kind = held.get("baton_consent_kind", "inquiry")
    return Consent(
        sms=_is_yes(held.get("baton_consent_sms")),
        call=_is_yes(held.get("baton_consent_call")),
        kind=kind if kind in _KINDS else "inquiry",
        automated=_is_yes(held.get("baton_consent_automated")),
        text=held.get("baton_consent_text"),
    )


def _is_yes(value: str | None) -> bool:
    return (value or "").strip().lower() in {"true", "yes", "1"}
