"""The outermost layer: counts and times every request, and turns an error nobody foresaw into a 500 that says nothing.

Errors are logged by their type and place only: a database's message may quote a person.
"""

import time
import traceback
from http import HTTPMethod

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors, metrics

_KEEP_OUT = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
)

_METHODS = frozenset(HTTPMethod)

log = structlog.get_logger()


class Observe:
    """ASGI middleware; pure, so that it adds no task of its own to a request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.monotonic()
        status = 0

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", []), *_KEEP_OUT]
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception as error:  # noqa: BLE001 - the last resort: logged by type and place, answered without details
            log.error("request_failed", route=_route(scope), error=type(error).__name__, at=_place(error))
            if not status:
                await errors.unexpected()(scope, receive, sent)
        method = scope["method"] if scope["method"] in _METHODS else "other"  # each label is kept for good
        metrics.REQUESTS.labels(method, _route(scope), status).inc()
        metrics.SECONDS.labels(_route(scope)).observe(time.monotonic() - began)


def _route(scope: Scope) -> str:
    """The path's pattern: paths themselves hold ids."""
    return str(getattr(scope.get("route"), "path", "unmatched"))


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else "?"
