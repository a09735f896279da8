"""HubSpot's HTTP API: one pooled httpx2 client, one attempt a call, answers read into models. It knows no leads."""

import asyncio
import contextlib
import logging
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TypeVar
from urllib.parse import urlsplit

import httpx2
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.errors import Ambiguous, NotAuthorised, NotSent, Rejected, Throttled, VendorError
from domain.values import Stored

VENDOR = "hubspot"
PATIENCE = httpx2.Timeout(connect=3.0, read=10.0, write=10.0, pool=2.0)
LIMITS = httpx2.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=30.0)
LONGEST_WAIT = timedelta(hours=1)
NOT_SENT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
)
CODE = re.compile(r"[A-Za-z_]{1,64}")


class Record(Stored):
    """A contact, note or task as HubSpot answers it. `new` is told by an upsert only."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    id: str
    properties: dict[str, str | None] = Field(default_factory=dict)
    new: bool = False


class Records(Stored):
    """The results of a search, a batch or a listing."""

    results: tuple[Record, ...] = ()


Answer = TypeVar("Answer", Record, Records)


class HubSpotApi:
    """Raises a VendorError of domain.errors; the detail is HubSpot's category or the HTTP status."""

    def __init__(self, token: str, base_url: str, patience: httpx2.Timeout) -> None:
        # httpx2 logs each URL, and a search for an owner holds an e-mail address.
        for name in ("httpx2", "httpcore2"):
            logging.getLogger(name).setLevel(logging.WARNING)
        loopback = urlsplit(base_url).hostname in {"127.0.0.1", "::1", "localhost"}
        self._http = httpx2.AsyncClient(
            base_url=base_url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=patience,
            limits=LIMITS,
            trust_env=not loopback,
        )
        self.deadline = timedelta(seconds=sum(part or 0.0 for part in (patience.pool, patience.connect, patience.read)))

    async def get(self, path: str, params: dict[str, str], kind: type[Answer]) -> Answer | None:
        """None when there is no such thing."""
        answer = await self._send(self._http.build_request("GET", path, params=params))
        return None if answer.status_code == httpx2.codes.NOT_FOUND else _read(answer, kind)

    async def write(self, method: str, path: str, body: BaseModel, kind: type[Answer]) -> Answer:
        """POST or PATCH."""
        request = self._http.build_request(method, path, json=body.model_dump(by_alias=True, exclude_none=True))
        return _read(await self._send(request), kind)

    async def _send(self, request: httpx2.Request) -> httpx2.Response:
        failure: VendorError
        try:
            # The read time-out counts from byte to byte: a trickling answer needs a limit of its own.
            async with asyncio.timeout(self.deadline.total_seconds()):
                return await self._http.send(request)
        except NOT_SENT as error:
            failure = NotSent(VENDOR, type(error).__name__)
        except (httpx2.HTTPError, TimeoutError) as error:
            failure = Ambiguous(VENDOR, type(error).__name__)
        # Outside the handler, so that the library's error and its URL don't travel along as context.
        raise failure

    async def aclose(self) -> None:
        await self._http.aclose()


def _read(answer: httpx2.Response, kind: type[Answer]) -> Answer:
    """The answer as a model. What can't be read is ambiguous: it may well have been carried out."""
    if not answer.is_success:
        raise _refusal(answer)
    read: Answer | None = None
    with contextlib.suppress(ValidationError):
        read = kind.model_validate_json(answer.content)
    if read is None:
        raise Ambiguous(VENDOR, "garbled_answer")
    return read


def _refusal(answer: httpx2.Response) -> VendorError:
    status = answer.status_code
    detail = _category(answer) or f"http_{status}"
    if status == httpx2.codes.TOO_MANY_REQUESTS:
        return Throttled(VENDOR, detail, wait(answer.headers.get("retry-after"), datetime.now(UTC)))
    if status >= 500 or status == httpx2.codes.REQUEST_TIMEOUT:
        return Ambiguous(VENDOR, detail)
    # 403: a scope is missing.
    ours = status in {httpx2.codes.UNAUTHORIZED, httpx2.codes.FORBIDDEN}
    return NotAuthorised(VENDOR, detail) if ours else Rejected(VENDOR, detail)


def _category(answer: httpx2.Response) -> str | None:
    """HubSpot's own word for what is wrong: the policy that was exceeded, else the category."""
    body: object = None
    with contextlib.suppress(ValueError):
        body = answer.json()
    if not isinstance(body, dict):
        return None
    words = (body.get("policyName"), body.get("category"))
    return next((word for word in words if isinstance(word, str) and CODE.fullmatch(word)), None)


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
