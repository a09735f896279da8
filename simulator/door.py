"""The vendors' front door: acts out armed faults, below the HTTP layer where needed, and logs what was refused."""

import asyncio
from dataclasses import dataclass, field

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from simulator import refusals, twilio_errors
from simulator.faults import Fault, Faults, Kind
from simulator.hubspot import error_body
from simulator.log import DeliveryLog, Vendor

SLOWLY = 2.0
"""Seconds that a slow fault takes which says nothing else."""

Transports = dict[tuple[str, int], asyncio.Transport]


def protocol_for(transports: Transports) -> type[H11Protocol]:
    """Uvicorn's HTTP protocol which also notes each open connection, so that one can be cut without an answer."""

    class NotedProtocol(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
            super().connection_made(transport)
            if self.client is not None:
                transports[self.client] = transport

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            if self.client is not None:
                transports.pop(self.client, None)

    return NotedProtocol


@dataclass(slots=True)
class _Held:
    """An answer kept back until the fault has decided about it."""

    parts: list[Message] = field(default_factory=list)

    async def send(self, part: Message) -> None:
        self.parts.append(part)

    @property
    def status(self) -> int:
        return int(self.parts[0]["status"]) if self.parts else 500

    @property
    def body(self) -> bytes:
        return b"".join(part.get("body", b"") for part in self.parts)


@dataclass(frozen=True, slots=True)
class _Call:
    vendor: Vendor
    method: str
    path: str
    raw: bytes
    scope: Scope
    receive: Receive
    send: Send

    @property
    def writes(self) -> bool:
        return refusals.writes(self.vendor, self.method, self.path)


class Door:
    """ASGI middleware around the vendors' APIs; /sim passes untouched."""

    def __init__(self, app: ASGIApp, faults: Faults, log: DeliveryLog, latency: float) -> None:
        self._app = app
        self._faults = faults
        self._log = log
        self._latency = latency
        self.transports: Transports = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        vendor = refusals.vendor_of(scope["path"]) if scope["type"] == "http" else None
        if vendor is None:
            await self._app(scope, receive, send)
            return
        raw = await _read(receive)
        call = _Call(vendor, scope["method"], scope["path"], raw, scope, receive, send)
        if self._latency:
            await asyncio.sleep(self._latency)
        fault = self._faults.for_request(vendor, f"{call.method} {call.path}", call.writes)
        if fault is None or fault.waits_for_accept():
            await self._serve(call, fault)
        else:
            await self._refuse(call, fault)

    async def _serve(self, call: _Call, fault: Fault | None) -> None:
        """Let the vendor work, then pass its answer on, or not."""
        held = _Held()
        scope = {**call.scope, "simulator.fault": fault}
        await _pause(fault, "slow")
        await self._app(scope, _replay(call), held.send)
        good = refusals.accepted(call.vendor, held.status, held.body)
        if call.writes and not good:
            why = f"{held.status} {held.body.decode('utf-8', 'replace')}"[:500]
            self._log.add(refusals.refused(call.vendor, call.path, call.raw, why))
        if fault is not None and not good:
            self._faults.give_back(fault)
        elif fault is not None and fault.kind == "drop_after_accept":
            await self._hang_up(call)
            return
        elif fault is not None and fault.kind == "500_after_accept":
            await self._answer(call, _broken(call.vendor))
            return
        await _pause(fault, "slow_answer")
        for part in held.parts:
            await call.send(part)

    async def _refuse(self, call: _Call, fault: Fault) -> None:
        """429, 500 or hang: the vendor does nothing."""
        if call.writes:
            self._log.add(refusals.refused(call.vendor, call.path, call.raw, f"fault {fault.kind}"))
        if fault.kind == "429":
            await self._answer(call, _too_many(call.vendor, fault.retry_after))
        elif fault.kind == "500":
            await self._answer(call, _broken(call.vendor))
        else:
            await self._hang(call, fault.seconds)

    async def _hang(self, call: _Call, seconds: float | None) -> None:
        """Say nothing until the client gives up; after `seconds` give up ourselves."""
        try:
            await asyncio.wait_for(_gone(call.receive), seconds)
        except (
            TimeoutError,
            asyncio.CancelledError,
        ):  # cancelled: shutting down says nothing either
            await self._hang_up(call)

    async def _hang_up(self, call: _Call) -> None:
        """Cut the connection without a byte of an answer."""
        client = call.scope.get("client")
        transport = self.transports.get(tuple(client)) if client else None
        if transport is None:
            raise RuntimeError("the server doesn't note its connections: run it with protocol_for(door.transports)")
        transport.abort()
        await _gone(call.receive)

    @staticmethod
    async def _answer(call: _Call, response: Response) -> None:
        await response(call.scope, call.receive, call.send)


async def _pause(fault: Fault | None, kind: Kind) -> None:
    if fault is not None and fault.kind == kind:
        await asyncio.sleep(fault.seconds or SLOWLY)


async def _read(receive: Receive) -> bytes:
    raw, more = b"", True
    while more:
        part = await receive()
        raw += part.get("body", b"")
        more = part.get("more_body", False)
    return raw


def _replay(call: _Call) -> Receive:
    """The body once more, for the application; afterwards the real connection."""
    told = False

    async def receive() -> Message:
        nonlocal told
        if told:
            return await call.receive()
        told = True
        return {"type": "http.request", "body": call.raw, "more_body": False}

    return receive


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _too_many(vendor: Vendor, retry_after: int) -> Response:
    responses: dict[Vendor, Response] = {
        "twilio": twilio_errors.TOO_MANY.response(),
        "slack": JSONResponse({"ok": False, "error": "ratelimited"}, status_code=429),
        "hubspot": error_body(429, "RATE_LIMITS", "You have reached your ten_secondly_rolling limit."),
        "enrichment": JSONResponse({"error": "too many requests"}, status_code=429),
    }
    response = responses[vendor]
    response.headers["Retry-After"] = str(retry_after)
    return response


def _broken(vendor: Vendor) -> Response:
    responses: dict[Vendor, Response] = {
        "twilio": twilio_errors.INTERNAL.response(),
        "slack": PlainTextResponse("", status_code=500),
        "hubspot": error_body(500, "INTERNAL_ERROR", "internal error"),
        "enrichment": PlainTextResponse("", status_code=500),
    }
    return responses[vendor]
