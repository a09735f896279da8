"""Where a person may be, by phone number, ZIP code and stated state. The tables in adapters/*_zones.json are made by
deploy/phone_zones.py; phonenumbers.geocoder (190 MB) is never imported."""

import json
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import TypedDict
from zoneinfo import available_timezones

import phonenumbers
from phonenumbers import PhoneNumberType
from phonenumbers.timezone import time_zones_for_geographical_number, time_zones_for_number

from adapters.phones.numbers import KINDS, read_number
from adapters.phones.regions import is_known
from domain.facts import PersonFacts, Place, StatedAddress

AMERICAN = ("US", "AS", "GU", "MP", "PR", "VI")
"""The United States and the territories that share its area codes, ZIP codes and contact law."""


_DATA = Path(__file__).parent.parent


class _Table(TypedDict):
    area_codes: dict[str, list[str]]  # region, then zones
    states: dict[str, list[str]]
    states_mostly: dict[str, list[str]]  # without the zones that few of a state's people live in


@cache
def _table() -> _Table:
    read: _Table = json.loads((_DATA / "phone_zones.json").read_text(encoding="utf-8"))
    return read


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache(maxsize=4096)
def places_of(phone: str | None, country: str | None, region: str | None, postal_code: str | None) -> tuple[Place, ...]:
    """Every place where the person may be, by ZIP code, stated state and area code; () when nothing tells.

    `phone` is E.164. Which evidence counts where they disagree is for policy to say. A toll-free number tells nothing.
    """
    by_zip, by_phone = _by_zip(country, postal_code), _by_phone(phone)
    found = [*by_zip, *by_phone]
    if region and country in (None, *AMERICAN):
        found += _by_state(region, by_zip, by_phone) if is_known(region) else _by_no_state(by_zip or by_phone)
    if country is not None and country not in AMERICAN and not any(place.country == country for place in found):
        return ()  # an address abroad with a number from here: we know the rules of neither for sure
    return tuple(dict.fromkeys(found))


def whereabouts(person: PersonFacts) -> tuple[Place, ...]:
    """Every place where a person may be, by their number and by each address they gave; () when one tells nothing."""
    newest = StatedAddress(country=person.country, region=person.region, postal_code=person.postal_code)
    stated = [(one.country, one.region, one.postal_code) for one in (newest, *person.elsewhere)]
    found = [places_of(person.phone, *one) for one in stated]
    if not all(found):
        return ()
    if any(place.evidence == "postal_code" for places in found for place in places):
        # It may make the area code count for nothing, which then can't speak for the state of another address.
        found += [places_of(None, *one) for one in stated]
    return tuple(dict.fromkeys(chain.from_iterable(found)))


@lru_cache(maxsize=4096)
def _by_zip(country: str | None, postal_code: str | None) -> tuple[Place, ...]:
    # Digits of ASCII alone: any other makes the library panic, past every `except Exception` above us.
    digits = re.fullmatch(r"([0-9]{5})(?:-?[0-9]{4})?", (postal_code or "").strip())
    if digits is None or country not in (None, *AMERICAN):
        return ()
    where = _zip_codes().get(int(digits[1]), ())
    return tuple(_place(zone, region, "postal_code") for zone, region in where)


@cache
def _zip_codes() -> dict[int, list[tuple[str, str]]]:
    """Zone and state of each ZIP code, of those on a border of each that it has."""
    read: dict[str, list[str]] = json.loads((_DATA / "zip_zones.json").read_text(encoding="utf-8"))["zip_codes"]
    found: dict[int, list[tuple[str, str]]] = {}
    for where, runs in read.items():
        zone, _, region = where.rpartition(" ")
        if zone not in _zones():
            continue
        for run in runs:
            first, _, last = run.partition("-")
            for code in range(int(first), int(last or first) + 1):
                found.setdefault(code, []).append((zone, region))
    return found


def _by_state(region: str, by_zip: Sequence[Place], by_phone: Sequence[Place]) -> list[Place]:
    """What a stated state adds: all its zones, none where a ZIP code of it says more. An area code of it says where the
    number was issued, not where in the state they are: that leaves out only zones where few of its people live."""
    # A ZIP code may make the area code count for nothing, so it alone can place the stated state more closely.
    if any(place.region == region for place in by_zip):
        return []
    issued = [] if by_zip else [place.zone for place in by_phone if place.region == region]
    zones = _table()["states_mostly" if issued else "states"].get(region, [])
    return [_place(zone, region, "address") for zone in zones if zone not in issued]


def _by_no_state(known: Sequence[Place]) -> list[Place]:
    """What a stated state adds that we can't read: some state, so that the strictest rules of all count too."""
    return [place.model_copy(update={"region": None, "evidence": "address"}) for place in known]


@lru_cache(maxsize=4096)
def _by_phone(phone: str | None) -> tuple[Place, ...]:
    number, of_type = read_number(phone, "US") if phone else (None, PhoneNumberType.UNKNOWN)
    if number is None or of_type in KINDS or of_type == PhoneNumberType.UNKNOWN:
        return ()  # an area code says nothing of a number that can't be one
    code = number.country_code or 0
    region, *issued = _table()["area_codes"].get(str(number.national_number)[:3], [None]) if code == 1 else [None]
    # A number of a code that many countries share is tried for each of them, so that is asked once.
    country = "US" if region else phonenumbers.region_code_for_number(number)
    is_local = phonenumbers.is_number_type_geographical(of_type, code)
    listed = time_zones_for_geographical_number(number) if is_local else time_zones_for_number(number)
    zones = [zone for zone in listed if zone in _zones()]
    if country not in AMERICAN:
        return tuple(Place(zone=zone, country=country, evidence="area_code") for zone in zones if country)
    every = sorted({*zones, *(zone for zone in issued if zone)})
    return tuple(_place(zone, region, "area_code") for zone in every)


@lru_cache(maxsize=1024)
def _place(zone: str, region: str | None, evidence: str) -> Place:
    # The same one each time: whatever is kept by place is found without comparing field by field.
    return Place(zone=zone, region=region, evidence=evidence)
