"""How commands reach a running Baton: BATON_API_URL and BATON_API_KEY, else the embedded stack of a data directory.

What keeps an answer from coming leaves here as a BatonError, in words for whoever typed the command.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar

import httpx2
from pydantic import BaseModel, ValidationError

from domain.errors import BadInput, Refused, Unavailable
from runtime.embedded.addresses import read_status
from runtime.embedded.errors import StackError
from runtime.embedded.state import DataDirectory

LIMIT = 15.0
Shape = TypeVar("Shape", bound=BaseModel)
Json = dict[str, Any]


@contextmanager
def client(data: Path) -> Iterator[httpx2.Client]:
    """An HTTP client with key and address set. Raises StackError without a Baton to talk to, BadInput for an address
    or a key that can't be one, Unavailable when no answer comes."""
    url, key = _where(data)
    try:
        with httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=LIMIT) as http:
            yield http
    except UnicodeEncodeError:
        raise BadInput("A word of this command is no text in UTF-8: type it anew.") from None
    except httpx2.TimeoutException:
        raise Unavailable(f"Baton at {url} did not answer within {LIMIT:.0f} s. Is it well?") from None
    except httpx2.HTTPError as error:
        raise Unavailable(
            f"Baton at {url} does not answer ({str(error) or type(error).__name__}). Is it running?"
        ) from None


def answer_of(response: httpx2.Response) -> Json:
    """The JSON answer. Raises Refused in the API's own words, Unavailable when it is no answer of Baton's."""
    answer = _json(response)
    if not response.is_success:
        raise _refused(response.status_code, answer or {})
    if answer is None:
        raise Unavailable(f"What answers at {response.url} is no Baton: correct BATON_API_URL.")
    return answer


def read(shape: type[Shape], answer: Json) -> Shape:
    """An answer in its shape. Raises Unavailable when it has another, as another version's may."""
    try:
        return shape.model_validate(answer)
    except ValidationError as error:
        places = ", ".join(".".join(map(str, row["loc"])) for row in error.errors(include_input=False)[:3])
        raise Unavailable(
            f"The answer isn't of this version's shape ({places}). Is Baton there of another version?"
        ) from None


def _where(data: Path) -> tuple[str, str]:
    url, key = os.environ.get("BATON_API_URL"), os.environ.get("BATON_API_KEY")
    if not url:
        return _embedded(data)
    if not key:
        raise BadInput("BATON_API_URL is set without BATON_API_KEY: set the key too, or unset the address.")
    if not _is_web_address(url):
        raise BadInput(f"BATON_API_URL, {url!r}, is no web address; it reads https://baton.example.com")
    if not (key.isascii() and key.isprintable()):
        raise BadInput("BATON_API_KEY has characters that no key has: copy it again.")
    return url, key


def _embedded(data: Path) -> tuple[str, str]:
    status = read_status(DataDirectory(data))
    if status.state == "down" or not status.urls.api or not status.api_key:
        raise StackError(
            f"No Baton runs on {data}. Start one with `baton up --data {data}`, or set BATON_API_URL and BATON_API_KEY."
        )
    return status.urls.api, status.api_key


def _is_web_address(url: str) -> bool:
    try:
        parsed = httpx2.URL(url)
        host = parsed.host.encode("idna")  # as it is looked up: an empty or endless label fails here
    except (httpx2.InvalidURL, UnicodeError):
        return False
    return parsed.scheme in ("http", "https") and bool(host)


def _json(response: httpx2.Response) -> Json | None:
    """None for anything but a JSON object, which is what Baton always answers."""
    try:
        found = response.json()
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _refused(status: int, problem: Json) -> Refused:
    phrase = next((known.phrase for known in HTTPStatus if known == status), "no reason given")
    rows = [row for row in problem.get("errors") or () if isinstance(row, dict)]
    said = f"{status}: {problem.get('detail') or problem.get('title') or phrase}"
    return Refused("\n".join([said, *(f"  {row.get('field')}: {row.get('message')}" for row in rows)]))
