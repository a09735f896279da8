"""What all of Twilio's lists share: pages in its envelope and filters by date. It knows no resource."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol
from urllib.parse import urlencode

from pydantic import JsonValue

API = "2010-04-01"
Span = tuple[datetime, datetime]


class Listed(Protocol):
    """A resource that appears in a list."""

    @property
    def sid(self) -> str: ...

    def resource(self) -> dict[str, JsonValue]: ...


class BadFilter(Exception):
    """A list filter that Twilio would refuse."""


def spans(query: Mapping[str, str], name: str) -> list[tuple[Span, str]]:
    """The date filters called name, name< and name>, each with its span. Raises BadFilter."""
    wanted = (name, f"{name}<", f"{name}>")
    return [(_span(value), each) for each, value in query.items() if each in wanted and value]


def inside(moment: datetime | None, limits: Sequence[tuple[Span, str]]) -> bool:
    """Whether a moment passes every filter; bounds are inclusive. No moment passes none of them."""
    return all(_passes(moment, span, name) for span, name in limits)


def _passes(moment: datetime | None, span: Span, name: str) -> bool:
    if moment is None:
        return False
    # Twilio's dates have whole seconds, so the filters see no more than that.
    whole, (first, last) = moment.replace(microsecond=0), span
    if name[-1] not in "<>":  # the client turns a date into its midnight; equality is documented for days
        return whole.date() == first.date()
    return (name.endswith("<") or whole >= first) and (name.endswith(">") or whole <= last)


def _span(text: str) -> Span:
    """A date is its whole UTC day, a time is its second."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        day = datetime.fromisoformat(text).replace(tzinfo=UTC)
        return day, day + timedelta(days=1, seconds=-1)
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(text)
        except ValueError:
            continue
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        whole = aware.astimezone(UTC).replace(microsecond=0)
        return whole, whole
    raise BadFilter(f"'{text}' is not a date")


def page_of(name: str, found: Sequence[Listed], query: Mapping[str, str], path: str) -> dict[str, JsonValue]:
    """One page in Twilio's envelope, its entries under `name`.

    PageToken names the last entry shown, so new ones don't shift the pages.
    """
    size = min(max(int(query.get("PageSize") or 50), 1), 1000)
    number = max(int(query.get("Page") or 0), 0)
    token = query.get("PageToken", "").removeprefix("PA")
    start = next((place + 1 for place, each in enumerate(found) if each.sid == token), number * size)
    shown = found[start : start + size]
    filters = {name: value for name, value in query.items() if name not in ("Page", "PageSize", "PageToken")}

    def link(page: int, after: str | None = None) -> str:
        extra = {"PageSize": str(size), "Page": str(page)} | ({"PageToken": f"PA{after}"} if after else {})
        return f"{path}?{urlencode(filters | extra)}"

    more = start + size < len(found)
    return {
        "end": max(start + len(shown) - 1, 0),
        "first_page_uri": link(0),
        name: [each.resource() for each in shown],
        "next_page_uri": link(number + 1, shown[-1].sid) if more else None,
        "page": number,
        "page_size": size,
        "previous_page_uri": link(number - 1) if number > 0 else None,
        "start": start,
        "uri": f"{path}?{urlencode(query)}" if query else path,
    }
