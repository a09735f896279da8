"""A provider of companies' figures, over HTTP: one GET a company, one attempt, a time limit, a bound on the answer.

The contract is ours (docs/qualification.md): GET {url}?domain=acme.com with a bearer key answers an object of name,
employees, industry, revenue, country and segment, each of which may be missing; 404 when there is no such company.
"""

import asyncio
import contextlib
import logging
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit

import httpx2
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from domain.companies import CompanyFacts
from domain.errors import Ambiguous, NotAuthorised, NotSent, Rejected, Throttled, VendorError

VENDOR = "enrichment"
PATIENCE = httpx2.Timeout(connect=3.0, read=10.0, write=5.0, pool=2.0)
LIMITS = httpx2.Limits(max_connections=50, max_keepalive_connections=10, keepalive_expiry=30.0)
LONGEST_WAIT = timedelta(hours=1)
MOST_BYTES = 64 * 1024
NOT_SENT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
)

Words = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Count = Annotated[int, Field(ge=0, le=10**15, strict=True)]


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    name: Words | None = None
    employees: Count | None = None
    industry: Words | None = None
    revenue: Count | None = None
    country: Annotated[str, Field(pattern=r"^[A-Za-z]{2}$"), AfterValidator(str.upper)] | None = None
    segment: Words | None = None


class HttpEnrichment:
    """The Enrichment port. Raises a VendorError of domain.errors, whose detail is a status or a word, never a body."""

    def __init__(self, url: str, key: str, patience: httpx2.Timeout = PATIENCE) -> None:
        # httpx2 logs each URL, and a domain tells where somebody works.
        for name in ("httpx2", "httpcore2"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self._url = httpx2.URL(url)
        self._http = httpx2.AsyncClient(
            headers={"Authorization": f"Bearer {key}", "Accept": "application/json"},
            timeout=patience,
            limits=LIMITS,
            trust_env=urlsplit(url).hostname not in {"127.0.0.1", "::1", "localhost"},
        )
        self.deadline = timedelta(seconds=sum(part or 0.0 for part in (patience.pool, patience.connect, patience.read)))

    async def find(self, domain: str) -> CompanyFacts | None:
        """What the provider knows of a company; None when it knows nothing."""
        status, headers, body = await self._get(domain)
        if status == httpx2.codes.NOT_FOUND:
            return None
        if status != httpx2.codes.OK:
            raise _refusal(status, headers)
        told = _read(body)
        figures = {name: value for name, value in told.model_dump().items() if value not in (None, "")}
        if not figures:
            return None
        return CompanyFacts.model_validate({"domain": domain, **figures})

    async def _get(self, domain: str) -> tuple[int, httpx2.Headers, bytes]:
        failure: VendorError
        try:
            # The read time-out counts from byte to byte: a trickling answer needs a limit of its own.
            async with asyncio.timeout(self.deadline.total_seconds()):
                url = self._url.copy_merge_params({"domain": domain})
                async with self._http.stream("GET", url, follow_redirects=False) as answer:
                    return answer.status_code, answer.headers, await _bounded(answer)
        except NOT_SENT as error:
            failure = NotSent(VENDOR, type(error).__name__)
        except (httpx2.HTTPError, TimeoutError) as error:
            failure = Ambiguous(VENDOR, type(error).__name__)
        # Outside the handler, so that the library's error and its URL don't travel along as context.
        raise failure

    async def aclose(self) -> None:
        """Gives its connections back."""
        await self._http.aclose()


async def _bounded(answer: httpx2.Response) -> bytes:
    body = b""
    async for part in answer.aiter_bytes(MOST_BYTES):
        body += part
        if len(body) > MOST_BYTES:
            raise Rejected(VENDOR, "answer_too_large")
    return body


def _read(body: bytes) -> _Answer:
    read: _Answer | None = None
    with contextlib.suppress(ValidationError):
        read = _Answer.model_validate_json(body)
    if read is None:
        raise Ambiguous(VENDOR, "garbled_answer")
    return read


def _refusal(status: int, headers: httpx2.Headers) -> VendorError:
    detail = f"http_{status}"
    if status == httpx2.codes.TOO_MANY_REQUESTS:
        seconds = headers.get("retry-after", "").strip()
        is_number = seconds.isascii() and seconds.isdigit()
        return Throttled(VENDOR, detail, min(timedelta(seconds=int(seconds[:9])), LONGEST_WAIT) if is_number else None)
    if status >= 500 or status in {httpx2.codes.REQUEST_TIMEOUT, 0} or httpx2.codes.is_success(status):
        return Ambiguous(VENDOR, detail)
    ours = status in {httpx2.codes.UNAUTHORIZED, httpx2.codes.FORBIDDEN}
    return NotAuthorised(VENDOR, detail) if ours else Rejected(VENDOR, detail)
