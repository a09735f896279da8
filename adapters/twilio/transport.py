"""The twilio client's way onto the wire: one pooled httpx2 client, which keeps its time-outs.

It tells "not sent" from "ambiguous", never retries, follows no redirect and raises Baton's own errors, so that neither
a number nor a text ends up in one.
"""

import asyncio
import contextlib
import logging
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx2
from twilio.http import AsyncHttpClient
from twilio.http.response import Response

from domain.errors import Ambiguous, BadRecipient, NotAuthorised, NotSent, OptedOut, Rejected, Throttled, VendorError
from domain.twilio_codes import meaning
from domain.verdicts import Verdict

VENDOR = "twilio"
PATIENCE = httpx2.Timeout(connect=3.0, read=10.0, write=10.0, pool=2.0)
LIMITS = httpx2.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=30.0)
LONGEST_WAIT = timedelta(hours=1)
WAITS = (Verdict.RETRY, Verdict.THROTTLED)
RAISED: dict[Verdict, type[VendorError]] = {
    Verdict.FINAL: Rejected,
    Verdict.FIX_DATA: BadRecipient,
    Verdict.OPT_OUT: OptedOut,
    Verdict.OURS: NotAuthorised,
}
NOT_SENT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
)

_log = logging.getLogger("baton.twilio")


class Transport(AsyncHttpClient):  # type: ignore[misc]  # the base class is untyped
    """What twilio.rest.Client calls for each request. Raises a VendorError of domain.errors."""

    def __init__(self, base_url: str, patience: httpx2.Timeout = PATIENCE) -> None:
        super().__init__(_log, is_async=True, timeout=patience.read)
        # httpx2 logs each URL, and a listing's URL holds the person's number.
        for name in ("httpx2", "httpcore2"):
            logging.getLogger(name).setLevel(logging.WARNING)
        loopback = urlsplit(base_url).hostname in {"127.0.0.1", "::1", "localhost"}
        self._http = httpx2.AsyncClient(timeout=patience, limits=LIMITS, trust_env=not loopback)
        self.deadline = timedelta(seconds=sum(part or 0.0 for part in (patience.pool, patience.connect, patience.read)))

    async def request(  # noqa: PLR0913, PLR0917 - the client's own signature
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the client's own signature
        allow_redirects: bool = False,
    ) -> Response:
        """One request, one attempt. `timeout` and `allow_redirects` are the client's defaults and are not heeded."""
        request = self._http.build_request(method, uri, params=params or None, data=data, headers=headers)  # type: ignore[arg-type]  # form values are what the client serialised
        answer = await self._send(request, auth)
        if not answer.is_success:
            raise refusal(answer)
        if answer.status_code != httpx2.codes.NO_CONTENT and not _body(answer):
            raise Ambiguous(VENDOR, "garbled_answer")
        return Response(answer.status_code, answer.text, dict(answer.headers))

    async def _send(self, request: httpx2.Request, auth: tuple[str, str] | None) -> httpx2.Response:
        failure: VendorError
        try:
            # The read time-out counts from byte to byte: a trickling answer needs a limit of its own.
            async with asyncio.timeout(self.deadline.total_seconds()):
                return await self._http.send(request, auth=auth)
        except NOT_SENT as error:
            failure = NotSent(VENDOR, type(error).__name__)
        except (httpx2.HTTPError, TimeoutError) as error:
            failure = Ambiguous(VENDOR, type(error).__name__)
        # Outside the handler, so that the vendor library's error and its URL don't travel along as context.
        raise failure

    async def aclose(self) -> None:
        await self._http.aclose()


def refusal(answer: httpx2.Response) -> VendorError:
    """What an answer other than 2xx means. The detail is Twilio's own number, else the HTTP status."""
    code = _code(answer)
    detail, found = code or f"http_{answer.status_code}", meaning(code)
    if answer.is_server_error or answer.status_code == httpx2.codes.REQUEST_TIMEOUT:
        return Ambiguous(VENDOR, detail)  # whatever the code: the request may have been carried out
    if answer.status_code == httpx2.codes.TOO_MANY_REQUESTS or (found and found.verdict in WAITS):
        asked = wait(answer.headers.get("retry-after"), datetime.now(UTC))
        return Throttled(VENDOR, detail, asked or (found.after if found else None))
    if found is not None:
        return RAISED[found.verdict](VENDOR, detail)
    return _unknown(answer, detail)


def _unknown(answer: httpx2.Response, detail: str) -> VendorError:
    """By the status alone."""
    # Codes from 20000 to 20999 are about the account; others are about this message, whatever the status.
    ours = answer.status_code in {httpx2.codes.UNAUTHORIZED, httpx2.codes.FORBIDDEN} and detail.startswith(
        ("20", "http")
    )
    return NotAuthorised(VENDOR, detail) if ours else Rejected(VENDOR, detail)


def wait(retry_after: str | None, now: datetime) -> timedelta | None:
    """Retry-After as seconds or as a date (RFC 9110, 10.2.3), an hour at most; None when absent or unreadable."""
    seconds: float | None = None
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        seconds = float(text[:9])
    elif text:
        with contextlib.suppress(TypeError, ValueError, OverflowError):
            seconds = (parsedate_to_datetime(text) - now).total_seconds()
    return None if seconds is None else min(max(timedelta(seconds=seconds), timedelta(0)), LONGEST_WAIT)


def _body(answer: httpx2.Response) -> dict[str, object]:
    """The answer's JSON object; empty when there is none."""
    body: object = None
    with contextlib.suppress(ValueError):
        body = answer.json()
    return body if isinstance(body, dict) else {}


def _code(answer: httpx2.Response) -> str | None:
    code = _body(answer).get("code")
    return str(code) if isinstance(code, int) and not isinstance(code, bool) else None
