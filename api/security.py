"""Who may come in: signatures over raw bytes, and API keys. Runs before anything of a body is read; never logs one."""

import asyncio
import hmac
from datetime import UTC, datetime, timedelta
from typing import Literal

from fastapi import Request

from api import metrics
from api.errors import NoCredentials, TooLarge, TooSlow
from api.services import Services, services_of
from domain.errors import Unauthorised
from domain.ports import SignedRequest, Verifier

LARGEST_BODY = 256 * 1024
"""Bytes. No sender of ours comes near it; what is larger is refused unread."""

READ_WITHIN = timedelta(seconds=10)
"""For the whole body; a sender that trickles is let go."""

Scheme = Literal["webhook", "twilio", "slack", "hubspot"]

_SIGNED_BY: dict[Scheme, str] = {
    "webhook": "webhook-signature",
    "twilio": "x-twilio-signature",
    "slack": "x-slack-signature",
    "hubspot": "x-hubspot-signature-v3",
}


async def signed_body(request: Request, scheme: Scheme) -> bytes:
    """The raw body, its signature checked. Raises NoCredentials, Unauthorised, TooLarge."""
    services = services_of(request)
    if _SIGNED_BY[scheme] not in request.headers:
        metrics.REFUSED.labels(scheme).inc()
        raise NoCredentials(f"{_SIGNED_BY[scheme]} is missing")
    body = await raw_body(request)
    try:
        _verifier(services, scheme).verify(_as_signed(request, services.settings.public_url, body))
    except Unauthorised:
        metrics.REFUSED.labels(scheme).inc()
        raise
    return body


async def inquiry_body(request: Request) -> bytes:
    """The raw body of whoever may hand in inquiries: signed as Standard Webhooks, or with an API key."""
    if _SIGNED_BY["webhook"] in request.headers:
        return await signed_body(request, "webhook")
    require_key(request)
    return await raw_body(request)


def require_key(request: Request) -> None:
    """`Authorization: Bearer <API key>`. Raises NoCredentials or Unauthorised."""
    given = request.headers.get("authorization", "")
    scheme, _, key = given.partition(" ")
    expected = services_of(request).settings.api_key.get_secret_value()
    # An empty key is nobody's, whatever the settings let through.
    if expected and scheme.lower() == "bearer" and hmac.compare_digest(key.strip().encode(), expected.encode()):
        return
    metrics.REFUSED.labels("key").inc()
    if not given:
        raise NoCredentials("no API key")
    raise Unauthorised("wrong API key")


async def raw_body(request: Request) -> bytes:
    """The body as it came, chunked or not. Raises TooLarge, TooSlow."""
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:12]) > LARGEST_BODY:
        raise TooLarge(f"The body has more than {LARGEST_BODY} bytes.")
    body = bytearray()
    try:
        async with asyncio.timeout(READ_WITHIN.total_seconds()):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LARGEST_BODY:
                    raise TooLarge(f"The body has more than {LARGEST_BODY} bytes.")
    except TimeoutError:
        raise TooSlow(f"The body did not arrive within {READ_WITHIN.total_seconds():.0f} s.") from None
    return bytes(body)


def _verifier(services: Services, scheme: Scheme) -> Verifier:
    verifiers = services.verifiers
    by_scheme: dict[Scheme, Verifier] = {
        "webhook": verifiers.webhook,
        "twilio": verifiers.twilio,
        "slack": verifiers.slack,
        "hubspot": verifiers.hubspot,
    }
    return by_scheme[scheme]


def _as_signed(request: Request, public_url: str, body: bytes) -> SignedRequest:
    """Under the URL the sender called: a proxy in front of us has another host and scheme."""
    path = request.scope.get("raw_path") or request.url.path.encode()
    query = request.scope["query_string"]
    target = bytes(path).split(b"?")[0] + (b"?" + query if query else b"")
    return SignedRequest(
        method=request.method,
        url=public_url.rstrip("/") + target.decode("latin-1"),
        headers=dict(request.headers),
        body=body,
        now=datetime.now(UTC),
    )
