"""HubSpot's owners: the people records can belong to. Registered under /sim; Baton looks them up by e-mail."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

from simulator.clock import EmbeddedClock, iso
from simulator.hubspot_objects import Json
from simulator.journal import Journal


class Owner(BaseModel):
    """POST /sim/hubspot/owners; without an id the next free one is given."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    email: str
    id: str | None = Field(default=None, pattern=r"^[0-9]{1,15}$")
    first_name: str = ""
    last_name: str = ""


class Owners:
    """All owners by id."""

    def __init__(self, clock: EmbeddedClock, journal: Journal) -> None:
        self._clock = clock
        self._journal = journal
        self._owners = {key: Owner.model_validate(value) for key, value in journal.read("owner").items()}

    def clear(self) -> None:
        self._owners.clear()

    def register(self, owner: Owner) -> Owner:
        given = owner.id or str(max((int(each) for each in self._owners), default=70_000) + 1)
        kept = owner.model_copy(update={"id": given})
        self._owners[given] = kept
        self._journal.put("owner", given, kept)
        return kept

    def page(self, query: Mapping[str, str]) -> Json:
        """GET /crm/v3/owners: all, or those with that e-mail; `after` is an index."""
        email, limit, after = query.get("email", ""), int(query.get("limit") or 100), int(query.get("after") or 0)
        found = [each for each in self._owners.values() if not email or each.email.lower() == email.lower()]
        answer: Json = {"results": [self._as_json(each) for each in found[after : after + limit]]}
        if after + limit < len(found):
            answer["paging"] = {"next": {"after": str(after + limit)}}
        return answer

    def _as_json(self, owner: Owner) -> Json:
        stamp = iso(self._clock.now())
        number = int(owner.id or 0)
        return {
            "id": owner.id,
            "email": owner.email,
            "type": "PERSON",
            "firstName": owner.first_name,
            "lastName": owner.last_name,
            "userId": number,
            "userIdIncludingInactive": number,
            "createdAt": stamp,
            "updatedAt": stamp,
            "archived": False,
        }
