"""The world's side of the stack: forms that sign and post, people and reps of the simulator, the log of what happened.

Speaks HTTP only; it neither reads nor writes Baton's tables.
"""

import asyncio
import html
import json
import re
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Self

import httpx2
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue
from standardwebhooks import Webhook

from domain.errors import Unavailable
from runtime.clock import real_now
from runtime.demo.patience import DemoError, patiently
from runtime.embedded.stack import Stack

LIMIT = 15.0
LOOK_AGAIN = 0.01

_BACKGROUND = re.compile(r"^baton_background_tasks (\d+)", re.MULTILINE)
Json = dict[str, JsonValue]


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Entry(_Read):
    """A line of the simulator's log. `at` is the embedded clock, `real_at` real time."""

    seq: int
    at: AwareDatetime
    real_at: AwareDatetime
    vendor: str
    kind: str
    to: str | None = None
    sender: str | None = Field(default=None, alias="from")
    body: str | None = None
    accepted: bool
    delivered: bool
    channel: str | None = None
    vendor_id: str | None = None
    detail: str | None = None
    callback: str | None = None
    blocks: JsonValue = None

    @property
    def headline(self) -> str:
        """The first words of a chat message, as its readers see them."""
        first = self.blocks[0] if isinstance(self.blocks, list) and self.blocks else None
        text = first.get("text") if isinstance(first, dict) else None
        words = text.get("text") if isinstance(text, dict) else None
        return html.unescape(words if isinstance(words, str) else self.body or "")

    @property
    def is_text(self) -> bool:
        """Whether it is a text of ours that a carrier took."""
        return self.kind == "sms" and self.accepted


class Act(_Read):
    """What a simulated person is going to do; `waiting` for a button that isn't there yet."""

    due: AwareDatetime
    phone: str | None = None
    value: str | None = None
    waiting: bool = False


class Taken(_Read):
    """What capture answered."""

    status: str
    lead_id: str | None = None


class _Log(_Read):
    entries: tuple[Entry, ...]


class _Acts(_Read):
    reactions: tuple[Act, ...]


class _Batch(_Read):
    results: tuple[Taken, ...]


class _Next(_Read):
    real_inflight: int


class World:
    """One client for all of it. Asks again while nobody is there: events bear ids that make a repeat harmless.

    Raises DemoError for an answer that isn't as promised, and for none.
    """

    def __init__(self, stack: Stack) -> None:
        assert stack.urls.api is not None
        assert stack.urls.simulator is not None
        self._api, self._simulator = stack.urls.api, stack.urls.simulator
        self._key = {"authorization": f"Bearer {stack.secrets.api_key}"}
        self._webhook = Webhook(stack.secrets.webhook_secret)
        self._http = httpx2.AsyncClient(trust_env=False, timeout=LIMIT)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    # --- forms and other systems --------------------------------------------------------------------------------------

    async def signed(self, path: str, body: Json) -> Taken:
        """POST to the API, signed as Standard Webhooks: what a form or a tracker does."""
        raw, message_id, now = json.dumps(body), f"msg_{uuid.uuid4().hex}", real_now()
        headers = {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._webhook.sign(message_id, now, raw),
        }
        return Taken.model_validate(await self._post(f"{self._api}{path}", headers, raw))

    async def keyed(self, path: str, body: Json) -> Taken:
        """POST to the API with its key: what another system does."""
        return Taken.model_validate(await self._post(f"{self._api}{path}", self._key, json.dumps(body)))

    async def batch(self, body: Sequence[Json]) -> tuple[Taken, ...]:
        """POST /v1/inquiries/batch with the API key; results in the order of the batch."""
        found = await self._post(f"{self._api}/v1/inquiries/batch", self._key, json.dumps(list(body)))
        return _Batch.model_validate(found).results

    # --- phones, reps and the CRM -------------------------------------------------------------------------------------

    async def text(self, phone: str, words: str) -> None:
        """A person texts our number: Twilio's signed webhook follows."""
        await self._tell("inbound", {"from": phone, "body": words})

    async def call(self, phone: str) -> None:
        """A person calls our number: Twilio's signed webhook follows, and whatever we answer."""
        await self._tell("inbound", {"from": phone, "call": True})

    async def hang_up(self, phone: str) -> None:
        """They hang up."""
        await self._tell("hangup", {"phone": phone})

    async def contact(self, properties: dict[str, str]) -> None:
        """Somebody makes a contact in HubSpot: its signed webhook follows."""
        await self._tell("hubspot/contacts", {"properties": dict(properties)})

    async def personas(self, personas: Sequence[Json]) -> None:
        """How people and reps behave from now on."""
        await self._tell("personas", list(personas))

    async def owner(self, owner: Json) -> None:
        """A user of HubSpot that contacts can belong to."""
        await self._tell("hubspot/owners", owner)

    async def set_clock(self, offset: timedelta) -> None:
        """Move the world's clock; people whose moment has come act at once."""
        await self._tell("clock", {"offset": offset.total_seconds()})

    async def acts(self) -> tuple[Act, ...]:
        """What people are going to do, earliest first; those who wait for a button are left out."""
        found = _Acts.model_validate(await self._look("agenda")).reactions
        return tuple(act for act in found if not act.waiting)

    async def log(self, since: int = 0) -> tuple[Entry, ...]:
        """What reached people and vendors, in order."""
        return _Log.model_validate(await self._look("log", since=since)).entries

    async def is_idle(self) -> bool:
        """Whether nothing is on its way between the vendors and Baton, in either direction."""
        if _Next.model_validate(await self._look("next")).real_inflight:
            return False
        metrics = await patiently(lambda: self._http.get(f"{self._api}/metrics"))
        found = _BACKGROUND.search(metrics.text)
        return found is not None and found[1] == "0"

    async def idle(self) -> None:
        """Returns when it is so."""
        while not await self.is_idle():  # noqa: ASYNC110 - another process can't set an event
            await asyncio.sleep(LOOK_AGAIN)

    async def _look(self, what: str, since: int | None = None) -> JsonValue:
        params = {} if since is None else {"since": since}
        url = f"{self._simulator}/sim/{what}"

        async def ask() -> JsonValue:
            return _answer(await self._http.get(url, params=params))

        return await patiently(ask)

    async def _tell(self, what: str, body: JsonValue) -> None:
        await self._post(f"{self._simulator}/sim/{what}", {}, json.dumps(body))

    async def _post(self, url: str, headers: dict[str, str], raw: str) -> JsonValue:
        typed = {"content-type": "application/json"} | headers

        async def ask() -> JsonValue:
            return _answer(await self._http.post(url, content=raw.encode(), headers=typed))

        return await patiently(ask)


def _answer(response: httpx2.Response) -> JsonValue:
    where = f"{response.request.method} {response.request.url.path}"
    if response.status_code == httpx2.codes.SERVICE_UNAVAILABLE:
        raise Unavailable(f"{where} answered 503")
    if not response.is_success:
        raise DemoError(f"{where} answered {response.status_code}: {response.text[:300]}")
    found: JsonValue = response.json()
    return found
