"""Errors -> RFC 9457 problem details: the one table of statuses. An unexpected error says nothing of itself."""

import json
from collections.abc import Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from domain.cohorts import BY, LEAD_ID
from domain.errors import BadInput, BatonError, NotFound, Refused, Throttled, Unauthorised, Unavailable
from domain.messages import HANDLE, HASH, WORD
from domain.publications import AUTHOR

MOST_LISTED = 1000
"""Bad fields listed in one answer; a body within the size limit that has more was not made by a form."""

RETRY_AFTER = "2"
"""Seconds; the embedded PostgreSQL is back within two."""


class NoCredentials(Unauthorised):
    """Neither a signature nor a key came with the request."""

    code = "no_credentials"


class TooLarge(BadInput):
    """The body is over the size limit."""

    code = "too_large"


class TooSlow(BadInput):
    """The body did not arrive in time."""

    code = "too_slow"


class WrongType(BadInput):
    """The body is not of the type this path reads."""

    code = "wrong_type"


class Unreadable(BadInput):
    """The body is not what its type says it is."""

    code = "unreadable"


STATUS: dict[type[BatonError], HTTPStatus] = {
    BadInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    Unreadable: HTTPStatus.BAD_REQUEST,
    NoCredentials: HTTPStatus.UNAUTHORIZED,
    Unauthorised: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    TooSlow: HTTPStatus.REQUEST_TIMEOUT,
    Refused: HTTPStatus.CONFLICT,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    WrongType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    Throttled: HTTPStatus.TOO_MANY_REQUESTS,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    BatonError: HTTPStatus.INTERNAL_SERVER_ERROR,
}

_SAYING_ONLY_THAT = {
    HTTPStatus.UNAUTHORIZED: "The request carries neither a signature nor a key.",
    HTTPStatus.FORBIDDEN: "The request's signature or key is wrong.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong on our side; it is logged.",
}


class FieldError(BaseModel):
    """One thing that is wrong with the request."""

    field: str = Field(description="Where, as a dotted path; empty for the body as a whole")
    message: str


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str = Field(description="urn:baton:problem:<code>; the code is stable")
    title: str
    status: int
    detail: str
    errors: list[FieldError] = Field(default=[], description="422: every bad field")


def problem(status: int, code: str, detail: str, errors: Sequence[FieldError] = ()) -> Response:
    """A problem as a response. Escaped to ASCII: what a sender wrote may not be encodable otherwise."""
    body = Problem(
        type=f"urn:baton:problem:{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        errors=list(errors[:MOST_LISTED]),
    )
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else {}
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        headers["Retry-After"] = RETRY_AFTER
    return Response(
        json.dumps(body.model_dump()), status_code=status, headers=headers, media_type="application/problem+json"
    )


def unexpected() -> Response:
    """What a caller is told of an error nobody foresaw."""
    return problem(500, "error", _SAYING_ONLY_THAT[HTTPStatus.INTERNAL_SERVER_ERROR])


def of_baton(error: BatonError) -> Response:
    """Our own errors, by the table; the nearest class counts."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    bad = error.problems if isinstance(error, BadInput) else ()
    errors = [FieldError(field=field, message=message) for field, message in bad]
    return problem(status, error.code, _SAYING_ONLY_THAT.get(status, str(error)), errors)


_WRITTEN = {
    HANDLE: "must be a handle: small letters, digits, _ . and -, such as ada",
    WORD: "must be small letters, digits, _ . and -, such as demo_request",
    HASH: "must be a policy's hash: 8 to 64 of 0-9 and a-f",
    AUTHOR: "must be a name: letters, digits, spaces, _ . @ + and -, 64 at most",
    BY: "must be a handle or a system's name: small letters, digits, _ . : and -, such as ada",
    LEAD_ID: "must be a lead's id, as capture answered it",
}
"""How a field is written, in words for who has no use for a pattern."""


def fields_of(errors: Sequence[ErrorDetails]) -> list[FieldError]:
    """pydantic's errors as places and words."""
    return [FieldError(field=".".join(str(part) for part in error["loc"]), message=_words(error)) for error in errors]


def _words(error: ErrorDetails) -> str:
    said = error["msg"].removeprefix("Value error, ")
    if error["type"] != "string_pattern_mismatch":
        return said
    return next((words for pattern, words in _WRITTEN.items() if said.endswith(f"'{pattern}'")), said)


def _of_http(error: HTTPException) -> Response:
    status = HTTPStatus(error.status_code)
    answer = problem(status, status.name.lower(), status.description or status.phrase)
    answer.headers.update(error.headers or {})
    return answer


def install(app: FastAPI) -> None:
    """Every error of `app` becomes problem details."""

    @app.exception_handler(BatonError)
    async def baton(_request: Request, error: BatonError) -> Response:
        return of_baton(error)

    @app.exception_handler(RequestValidationError)
    async def parameters(_request: Request, error: RequestValidationError) -> Response:
        return problem(422, "bad_input", "The request's parameters can't be read.", fields_of(error.errors()))

    @app.exception_handler(HTTPException)
    async def http(_request: Request, error: HTTPException) -> Response:
        return _of_http(error)

    @app.exception_handler(ClientDisconnect)
    async def gone(_request: Request, _error: ClientDisconnect) -> Response:
        return problem(400, "unreadable", "The body ended early.")
