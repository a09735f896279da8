"""The world's side of a running stack: forms that sign and post, phones that answer, the log of what reached whom."""

import asyncio
import itertools
import json
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Self

import httpx2
from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue
from standardwebhooks import Webhook

from bench.people import Someone
from bench.rig import Rig

LIMIT = 30.0
LOOK_AGAIN = 0.05

Json = dict[str, Any]  # Any: JSON as others wrote it
_NUMBERS = itertools.count(1)


class Reached(BaseModel):
    """A line of the simulator's log."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    seq: int
    at: AwareDatetime
    real_at: AwareDatetime
    vendor: str
    kind: str
    to: str | None = None
    body: str | None = None
    vendor_id: str | None = None
    accepted: bool
    channel: str | None = None
    detail: str | None = None
    blocks: JsonValue = None


class Outside:
    """One client for all of it. The addresses are read anew, since a restarted stack may have others."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self._http = httpx2.AsyncClient(trust_env=False, timeout=LIMIT)
        self.readdress()

    def readdress(self) -> None:
        """Look up where everything is."""
        status = self._rig.status()
        assert status.urls.api is not None
        assert status.urls.simulator is not None
        self.api, self.simulator = status.urls.api, status.urls.simulator
        self._key = f"Bearer {status.api_key}"
        self._webhook = Webhook(self._rig.secret("webhook_secret"))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    # --- forms and other systems --------------------------------------------------------------------------------------

    async def post(self, body: Json) -> httpx2.Response:
        """POST /v1/inquiries, signed as Standard Webhooks."""
        raw, message_id, now = json.dumps(body), f"msg_{uuid.uuid4().hex}", datetime.now(UTC)
        headers = {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._webhook.sign(message_id, now, raw),
            "content-type": "application/json",
        }
        return await self._http.post(f"{self.api}/v1/inquiries", content=raw.encode(), headers=headers)

    async def capture(self, body: Json) -> Json:
        """An inquiry that is expected to be taken: the answer."""
        response = await self.post(body)
        if response.status_code != 202:
            raise AssertionError(f"capture answered {response.status_code}: {response.text[:300]}")
        return _object(response)

    async def insist(self, body: Json, limit: float = LIMIT) -> Json:
        """As a good sender does: the same event again until it is taken."""
        async with asyncio.timeout(limit):
            while True:
                try:
                    response = await self.post(body)
                except httpx2.HTTPError:
                    response = None
                if response is not None and response.status_code == 202:
                    return _object(response)
                await asyncio.sleep(LOOK_AGAIN)

    async def tell(self, lead_id: str, what: str, message: Json, key: str) -> httpx2.Response:
        """POST /v1/leads/{id}/{accept,decline,disposition} under an idempotency key."""
        headers = {"authorization": self._key, "idempotency-key": key}
        return await self._http.post(f"{self.api}/v1/leads/{lead_id}/{what}", json=message, headers=headers)

    async def brings_back(self, rep: str) -> None:
        """A rep who was set away for offers that nobody took has offers and calls again."""
        headers = {"authorization": self._key, "idempotency-key": uuid.uuid4().hex}
        path, back = f"{self.api}/v1/reps/{rep}/presence", {"presence": "back"}
        (await self._http.post(path, json=back, headers=headers)).raise_for_status()

    async def order(self, call_id: str, what: str, message: Json, key: str) -> httpx2.Response:
        """POST /v1/calls/{id}/… under an idempotency key."""
        headers = {"authorization": self._key, "idempotency-key": key}
        return await self._http.post(f"{self.api}/v1/calls/{call_id}/{what}", json=message, headers=headers)

    async def ask_to_reconcile(self, key: str) -> httpx2.Response:
        """POST /v1/reconcile; the same key asks for the same comparison."""
        headers = {"authorization": self._key, "idempotency-key": key}
        return await self._http.post(f"{self.api}/v1/reconcile", json={"since": "48h"}, headers=headers)

    async def read(self, path: str) -> Json:
        """GET a JSON object of the API."""
        response = await self._http.get(f"{self.api}{path}", headers={"authorization": self._key})
        response.raise_for_status()
        return _object(response)

    async def lead(self, lead_id: str) -> Json:
        """The lead's row as lists show it, with its story and touches."""
        detail, touches = await self.read(f"/v1/leads/{lead_id}"), await self.read(f"/v1/leads/{lead_id}/touches")
        return {**detail, "touches": touches["touches"]}

    # --- phones, reps and vendors -------------------------------------------------------------------------------------

    async def texts_us(self, phone: str, words: str) -> int | None:
        """A person texts; what Baton answered the carrier."""
        response = await self.simulate("inbound", {"from": phone, "body": words})
        status = response.json()["status"]
        return status if isinstance(status, int) else None

    async def simulate(self, what: str, body: Json | list[Json]) -> httpx2.Response:
        """POST /sim/…"""
        return await self._http.post(f"{self.simulator}/sim/{what}", json=body)

    async def arm(self, vendor: str, kind: str, **more: float | str) -> None:
        """The vendor's next fitting request goes wrong."""
        (await self.simulate("faults", {"vendor": vendor, "kind": kind, **more})).raise_for_status()

    async def armed(self) -> list[Json]:
        """Faults still waiting for a request."""
        faults: list[Json] = (await self._http.get(f"{self.simulator}/sim/faults")).json()["faults"]
        return faults

    async def disarm(self) -> None:
        """No more faults."""
        (await self._http.delete(f"{self.simulator}/sim/faults")).raise_for_status()

    async def log(self, since: int = 0) -> list[Reached]:
        """What reached people and vendors, in order."""
        response = await self._http.get(f"{self.simulator}/sim/log", params={"since": since})
        return [Reached.model_validate(entry) for entry in response.json()["entries"]]

    async def texts(self, phone: str | None = None) -> list[Reached]:
        """Texts of Baton's that a phone, or any phone, really received."""
        found = [entry for entry in await self.log() if entry.kind == "sms" and entry.accepted]
        return [entry for entry in found if phone in (None, entry.to)]


def inquiry(who: Someone, source: str = "paid_lead_form", **changes: object) -> Json:
    """A willing person's inquiry; paid_lead_form means one text at once and nothing more today."""
    base: Json = {
        "source": source,
        "source_event_id": f"event-{time.time_ns()}-{next(_NUMBERS)}",
        "person": {
            "name": who.name,
            "phone": who.phone,
            "email": who.email,
            "company": who.company,
            "address": {"country": "US"},
        },
        "consent": {"sms": True, "call": True, "kind": "express"},
        "attribution": {"campaign": "fall-brand", "page": "/pricing"},
    }
    return base | changes


async def eventually(happened: Callable[[], Awaitable[bool]], limit: float, what: str) -> None:
    """Returns when it has; TimeoutError that says what was waited for after `limit` seconds."""
    try:
        async with asyncio.timeout(limit):
            while not await _answer(happened):  # noqa: ASYNC110 - another process can't set an event
                await asyncio.sleep(LOOK_AGAIN)
    except TimeoutError:
        raise TimeoutError(f"not within {limit:g} s: {what}") from None


async def _answer(happened: Callable[[], Awaitable[bool]]) -> bool:
    try:
        return await happened()
    except (httpx2.TransportError, httpx2.HTTPStatusError):
        return False  # somebody was killed and isn't back yet


def _object(response: httpx2.Response) -> Json:
    found: Json = response.json()
    return found
