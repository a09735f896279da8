"""HubSpot's events as inquiries: which matter, what a contact's properties mean, one fetch a contact."""

import json

import pytest

from activities.hubspot_intake import PROPERTIES, Event, inquiry_of, take
from adapters.crm.hubspot import READ
from domain.errors import Ambiguous
from domain.messages import Person
from domain.ports import CrmContact
from tests.api.fakes import FakeCapture, SlowCrm

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


def test_a_contact_of_one_of_our_sources_keeps_it_and_others_are_a_crm_stage() -> None:
    assert inquiry_of(contact(baton_source="demo_request"), event()).source == "demo_request"
    assert inquiry_of(contact(baton_source="something else"), event()).source == "crm_stage"
    assert inquiry_of(contact(), event()).source == "crm_stage"


def test_consent_is_only_what_the_contact_says() -> None:
    assert not inquiry_of(contact(), event()).consent.sms
    given = inquiry_of(
        contact(baton_consent_sms="true", baton_consent_call="TRUE", baton_consent_kind="express"), event()
    )
    assert (given.consent.sms, given.consent.call, given.consent.kind) == (True, True, "express")
    odd = inquiry_of(contact(baton_consent_sms="maybe", baton_consent_kind="verbal"), event())
    assert (odd.consent.sms, odd.consent.kind) == (False, "inquiry")


def test_deals_sequences_and_the_owner_are_told_as_extras() -> None:
    held = contact(baton_active_deal="true", hs_sequences_is_enrolled="true", hs_analytics_first_url="/pricing")
    inquiry = inquiry_of(held, event())
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
