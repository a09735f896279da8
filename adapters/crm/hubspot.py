"""HubSpot as the system of record: a contact's owner and stage, a note and a task. It decides nothing about leads."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx2

from adapters.crm import hubspot_objects as objects
from adapters.crm.hubspot_http import PATIENCE, VENDOR, HubSpotApi, Record, Records
from domain.errors import Ambiguous, NotAuthorised, NotSent, Rejected, Throttled, VendorError
from domain.messages import Address, Person
from domain.ports import Accepted, CrmContact, CrmEntry

BASE_URL = "https://api.hubapi.com"
LONGEST_VALUE = 8192
"""Characters kept of a property; the data contract allows no more."""

CONTACTS = "/crm/v3/objects/contacts"
READ = (
    "firstname", "lastname", "phone", "mobilephone", "email", "company", "jobtitle", "state", "zip", "country",
    "hs_language", "baton_source", "hs_analytics_source", "hs_analytics_first_url", "hubspot_owner_id",
    "lifecyclestage", "hs_lead_status", "hs_sequences_is_enrolled", "utm_campaign", "baton_referrer", "baton_test",
    "baton_consent_sms", "baton_consent_call", "baton_consent_kind", "baton_consent_automated", "baton_consent_text",
    "baton_active_deal", "baton_handoff",
)  # fmt: skip


class HubSpotCrm:
    """domain.ports.Crm. Raises a VendorError of domain.errors."""

    def __init__(self, token: str, base_url: str = BASE_URL, patience: httpx2.Timeout = PATIENCE) -> None:
        self._api = HubSpotApi(token, base_url, patience)

    @property
    def deadline(self) -> timedelta:
        """By when `apply` has answered or failed, all its calls together: six at most, each quick as a rule."""
        return 2 * self._api.deadline

    async def contact(self, contact_id: str) -> CrmContact | None:
        """The contact, or None when HubSpot has none of that id."""
        if not _is_id(contact_id):
            return None
        record = await self._api.get(f"{CONTACTS}/{contact_id}", {"properties": ",".join(READ)}, Record)
        return _contact(record) if record else None

    async def apply(self, touch_id: str, entry: CrmEntry) -> Accepted:
        """Bring the contact in line, then add note and task unless this touch has made them before.

        The answer's id is "contact" or "contact/note", so that the contact is known from then on.
        """
        made: list[str] = []
        failure: VendorError
        try:
            async with asyncio.timeout(self.deadline.total_seconds()):
                return await self._apply(touch_id, entry, made)
        except (NotSent, Throttled, NotAuthorised) as error:
            # What was made before can't be called "not sent", and HubSpot's search may not show it yet.
            failure = Ambiguous(VENDOR, error.detail) if made else error
        except TimeoutError:
            failure = Ambiguous(VENDOR, "TimeoutError")
        raise failure

    async def find(self, touch_id: str, entry: CrmEntry) -> Accepted | None:
        """The note (else task) of this touch, if all that the entry asks for is there."""
        kinds = [kind for kind, text in (("notes", entry.note), ("tasks", entry.task)) if text]
        found = [await self._find(kind, touch_id) for kind in kinds]
        whole = [each for each in found if each is not None]
        return Accepted(vendor_id=whole[0]) if whole and len(whole) == len(kinds) else None

    async def aclose(self) -> None:
        await self._api.aclose()

    async def _apply(self, touch_id: str, entry: CrmEntry, made: list[str]) -> Accepted:
        """`made` fills with the ids of what would be there twice if it were made again."""
        owner_id = await self._owner(entry.owner_id)
        contact_id, new = await self._settle_contact(entry, objects.standing(entry, owner_id), made)
        ids = [contact_id]
        for kind, properties in self._wanted(touch_id, entry, owner_id):
            # A contact made a moment ago has neither.
            found = None if new else await self._find(kind, touch_id)
            ids.append(found or await self._make(kind, contact_id, properties))
            made.append(ids[-1])
        return Accepted(vendor_id="/".join(ids[:2]))

    async def _settle_contact(self, entry: CrmEntry, standing: dict[str, str], made: list[str]) -> tuple[str, bool]:
        """The contact's id, its owner and stage set, and whether it was made just now."""
        if entry.contact_id:
            return await self._change(entry.contact_id, standing), False
        if entry.email:
            return await self._upsert(entry.email, objects.identity(entry) | standing)
        if not entry.phone:
            raise Rejected(VENDOR, "no_identity")
        known = await self._api.write("POST", f"{CONTACTS}/search", objects.by_phone(entry.phone), Records)
        if known.results:
            return await self._change(known.results[0].id, standing), False
        whole = objects.Changes(properties=objects.identity(entry) | standing)
        made.append((await self._api.write("POST", CONTACTS, whole, Record)).id)
        return made[0], True

    async def _change(self, contact_id: str, standing: dict[str, str]) -> str:
        if not _is_id(contact_id):
            raise Rejected(VENDOR, "bad_contact_id")
        if standing:
            await self._api.write("PATCH", f"{CONTACTS}/{contact_id}", objects.Changes(properties=standing), Record)
        return contact_id

    async def _upsert(self, email: str, properties: dict[str, str]) -> tuple[str, bool]:
        """By e-mail, so that doing it twice makes one contact."""
        one = objects.Upsert(id_property="email", id=email, properties=properties)
        batch = objects.Upserts(inputs=(one,))
        answer = await self._api.write("POST", f"{CONTACTS}/batch/upsert", batch, Records)
        if not answer.results:
            raise Rejected(VENDOR, "upsert_refused")  # 207: the batch went through, its one contact did not
        return answer.results[0].id, answer.results[0].new

    async def _owner(self, owner: str | None) -> str | None:
        """An owner's id; a rep known by e-mail is looked up."""
        if owner is None or "@" not in owner:
            return owner
        found = await self._api.get("/crm/v3/owners", {"email": owner, "limit": "1"}, Records)
        if not found or not found.results:
            raise Rejected(VENDOR, "owner_unknown")
        return found.results[0].id

    def _wanted(self, touch_id: str, entry: CrmEntry, owner_id: str | None) -> list[tuple[str, dict[str, str]]]:
        now = datetime.now(UTC)
        owner = {"hubspot_owner_id": owner_id} if owner_id else {}
        wanted = [("notes", objects.note(touch_id, entry.note, now) | owner)] if entry.note else []
        if entry.task:
            wanted.append(("tasks", objects.task(touch_id, entry.task, entry.task_due or now) | owner))
        return wanted

    async def _find(self, kind: str, touch_id: str) -> str | None:
        """The note or task whose body ends in this touch's token."""
        path, wanted = f"/crm/v3/objects/{kind}/search", objects.token(touch_id)
        answer = await self._api.write("POST", path, objects.search(kind, touch_id), Records)
        bodies = ((record.id, record.properties.get(objects.BODY[kind]) or "") for record in answer.results)
        return next((found for found, body in bodies if wanted in body), None)

    async def _make(self, kind: str, contact_id: str, properties: dict[str, str]) -> str:
        made = objects.engagement(kind, contact_id, properties)
        return (await self._api.write("POST", f"/crm/v3/objects/{kind}", made, Record)).id


def _is_id(contact_id: str) -> bool:
    """Ids are digits; anything else could lead the path elsewhere."""
    return contact_id.isascii() and contact_id.isdigit()


def _contact(record: Record) -> CrmContact:
    """As HubSpot holds it, cut to what the data contract holds. A mobile number is the one to text, so it comes before
    the other."""
    held = {name: value.replace("\0", "")[:LONGEST_VALUE] for name, value in record.properties.items() if value}
    return CrmContact(
        contact_id=record.id,
        person=_person(held),
        source=held.get("baton_source") or held.get("hs_analytics_source"),
        page=held.get("hs_analytics_first_url"),
        owner_id=held.get("hubspot_owner_id"),
        properties=held,
    )


def _person(held: dict[str, str]) -> Person:
    name = " ".join(part for part in (held.get("firstname"), held.get("lastname")) if part)
    return Person(
        name=name[:LONGEST_VALUE] or None,
        phone=held.get("mobilephone") or held.get("phone"),
        email=held.get("email"),
        company=held.get("company"),
        title=held.get("jobtitle"),
        language=held.get("hs_language"),
        address=Address(country=held.get("country"), region=held.get("state"), postal_code=held.get("zip")),
    )
