"""HubSpot's events as inquiries: which matter, what a contact's properties mean, one fetch a contact."""

import json

import pytest

from activities.hubspot_intake import PROPERTIES, Event, inquiry_of, take
from adapters.crm.hubspot import READ
from domain.errors import Ambiguous
from domain.messages import Person
from domain.ports import CrmContact
from policy.model import CrmProperty
from tests.api.fakes import FakeCapture, SlowCrm

HANDOFF: dict[CrmProperty, tuple[str, ...]] = {"lifecyclestage": ("salesqualifiedlead",), "baton_handoff": ("Yes",)}
PERSON = Person(name="Dana Ortiz", phone="+15125550142", email="dana@example.com")


def contact(contact_id: str = "7", **properties: str) -> CrmContact:
    return CrmContact(contact_id=contact_id, person=PERSON, owner_id="901", properties=properties)


def event(**changes: object) -> Event:
    return Event.model_validate({"eventId": 1, "objectId": 7, "occurredAt": 1700000000000, **changes})


@pytest.mark.parametrize(
    ("changes", "matters"),
    [
        ({"subscriptionType": "contact.creation"}, True),
        ({"subscriptionType": "object.creation", "objectTypeId": "0-1"}, True),
        ({"subscriptionType": "object.creation", "objectTypeId": "0-3"}, False),
        ({"subscriptionType": "contact.propertyChange", "propertyName": "lifecyclestage"}, True),
        ({"subscriptionType": "contact.propertyChange", "propertyName": "baton_handoff"}, True),
        ({"subscriptionType": "contact.propertyChange", "propertyName": "hubspot_owner_id"}, False),
        ({"subscriptionType": "contact.propertyChange", "propertyName": "firstname"}, False),
        ({"subscriptionType": "contact.deletion"}, False),
        ({"subscriptionType": "contact.privacyDeletion"}, False),
        (
            {
                "subscriptionType": "contact.propertyChange",
                "propertyName": "hs_lead_status",
                "changeSource": "INTEGRATION",
            },
            False,
        ),
        (
            {
                "subscriptionType": "contact.propertyChange",
                "propertyName": "baton_handoff",
                "changeSource": "INTEGRATION",
            },
            True,
        ),
    ],
)
def test_which_events_are_looked_at(changes: dict[str, object], matters: bool) -> None:
    assert event(**changes).matters is matters


def test_a_repeated_delivery_has_the_same_key_and_another_event_has_not() -> None:
    assert event(attemptNumber=0).key == event(attemptNumber=3).key
    others = [event(eventId=2), event(objectId=8), event(occurredAt=1), event(propertyName="lifecyclestage")]
    assert len({event().key, *(other.key for other in others)}) == 5


def test_every_property_that_means_something_is_asked_for() -> None:
    assert set(PROPERTIES) <= set(READ)


@pytest.mark.parametrize(
    ("properties", "source"),
    [
        ({"baton_source": "demo_request", "lifecyclestage": "salesqualifiedlead"}, "demo_request"),
        ({"baton_source": "something else"}, "import"),
        ({"lifecyclestage": "SalesQualifiedLead"}, "crm_stage"),
        ({"baton_handoff": "yes"}, "crm_stage"),
        ({"lifecyclestage": "subscriber"}, "import"),
        ({"lifecyclestage": "customer", "hs_lead_status": "OPEN", "baton_handoff": "no"}, "import"),
        ({}, "import"),
    ],
)
def test_only_a_source_of_ours_or_what_the_policy_calls_a_hand_off_is_more_than_a_list(
    properties: dict[str, str], source: str
) -> None:
    assert inquiry_of(contact(**properties), event(), HANDOFF).source == source


@pytest.mark.parametrize(
    ("changed", "taken"), [("lifecyclestage", 0), ("baton_handoff", 0), ("baton_consent_sms", 1), (None, 1)]
)
async def test_a_stage_that_asks_for_nothing_opens_nothing(changed: str | None, taken: int) -> None:
    crm, capture = SlowCrm(contacts={"7": contact(lifecyclestage="customer", baton_consent_sms="false")}), FakeCapture()
    kind = {"subscriptionType": "contact.propertyChange", "propertyName": changed} if changed else {}
    await take([json.dumps({"objectId": 7, **kind})], crm, capture)
    assert len(capture.inquiries) == taken


def test_what_a_contact_has_no_word_on_is_left_as_it_was_known() -> None:
    bare = inquiry_of(contact(), event(), HANDOFF)
    assert "consent" not in bare.model_fields_set
    assert bare.model_extra == {"extra": {"crm_id": "7", "crm_owner": "901"}}


def test_consent_is_only_what_the_contact_says() -> None:
    given = inquiry_of(
        contact(baton_consent_sms="true", baton_consent_call="TRUE", baton_consent_kind="express"), event(), HANDOFF
    )
    assert (given.consent.sms, given.consent.call, given.consent.kind) == (True, True, "express")
    odd = inquiry_of(contact(baton_consent_sms="maybe", baton_consent_kind="verbal"), event(), HANDOFF)
    assert (odd.consent.sms, odd.consent.kind) == (False, "inquiry")


def test_deals_sequences_and_the_owner_are_told_as_extras() -> None:
    held = contact(baton_active_deal="true", hs_sequences_is_enrolled="true", hs_analytics_first_url="/pricing")
    inquiry = inquiry_of(held, event(), HANDOFF)
    assert inquiry.model_extra == {
        "extra": {"crm_id": "7", "crm_owner": "901", "active_deal": True, "active_sequence": True}
    }
    assert inquiry.attribution.page == "/pricing"
    assert inquiry.person == PERSON


async def test_each_contact_is_fetched_once_and_captured_once() -> None:
    crm, capture = SlowCrm(contacts={"7": contact("7"), "8": contact("8")}), FakeCapture()
    rows = [{"eventId": n, "objectId": 7 + n % 2, "subscriptionType": "contact.creation"} for n in range(6)]
    taken = await take([json.dumps(row) for row in rows], crm, capture)
    assert crm.asked == ["7", "8"]
    assert len(taken) == len(capture.inquiries) == 2


async def test_one_kept_row_is_taken_by_itself() -> None:
    crm, capture = SlowCrm(contacts={"7": contact()}), FakeCapture()
    assert len(await take(['{"objectId": 7, "eventId": 5}'], crm, capture)) == 1
    assert capture.inquiries[0].source_event_id == "hubspot:5:7::contact.creation"


async def test_a_contact_that_is_gone_is_nothing_and_a_fault_is_raised() -> None:
    crm, capture = SlowCrm(), FakeCapture()
    assert await take(['{"objectId": 7}'], crm, capture) == []
    crm.trouble = Ambiguous("hubspot", "http_500")
    with pytest.raises(Ambiguous):
        await take(['{"objectId": 7}'], crm, capture)
    assert capture.inquiries == []
