"""Phone numbers, places and e-mail addresses as given → as policy needs them. Looks nothing up outside this process,
and never imports phonenumbers.geocoder (190 MB); the table beside this file is made by deploy/phone_zones.py."""

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import TypedDict
from zoneinfo import available_timezones

import phonenumbers
import us
import zipcodes
from babel import Locale
from disposable_email_domains import blocklist
from email_validator import EmailNotValidError, validate_email
from phonenumbers import PhoneNumber, PhoneNumberType
from phonenumbers.timezone import time_zones_for_number

from domain.companies import company_domain, is_on
from domain.facts import PersonFacts, Place, StatedAddress
from domain.messages import Address, Person

AMERICAN = ("US", "AS", "GU", "MP", "PR", "VI")
"""The United States and the territories that share its area codes, ZIP codes and contact law."""

_KINDS = {
    PhoneNumberType.TOLL_FREE: "toll_free",
    PhoneNumberType.PREMIUM_RATE: "premium_rate",
    PhoneNumberType.SHARED_COST: "shared_cost",
    PhoneNumberType.PERSONAL_NUMBER: "personal_number",
    PhoneNumberType.VOIP: "voip",
    PhoneNumberType.UAN: "uan",
}
_ALSO_CALLED = {
    "USA": "US", "UNITED STATES OF AMERICA": "US", "UK": "GB", "GREAT BRITAIN": "GB", "ENGLAND": "GB", "SCOTLAND": "GB",
    "WALES": "GB", "HOLLAND": "NL", "TURKEY": "TR", "CZECH REPUBLIC": "CZ",
}  # fmt: skip
"""What people call countries besides the names that Unicode's CLDR has."""

POPULAR = (
    "gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "comcast.net", "verizon.net",
    "sbcglobal.net", "bellsouth.net", "protonmail.com",
)  # fmt: skip
"""Domains that mistypings are held against. Not aol.com: so near to so short a name are other companies' own."""

GENUINE = ("ymail.com", "rocketmail.com", "mail.com", "gmx.com", "aim.com", "hotmail.co", "yahoo.co")
"""Real domains that look like one of POPULAR, mistyped."""


class _Table(TypedDict):
    area_codes: dict[str, list[str]]  # region, then zones
    states: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class ParsedPhone:
    """A number in E.164, None when it can't be one; flags: invalid_phone, toll_free, voip, premium_rate…"""

    e164: str | None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedEmail:
    """An address in lower case, None when it can't be one; flags: invalid_email, disposable_email, typo_email.

    `suggestion` is what a mistyped address probably means; the address itself is kept as given.
    """

    normalised: str | None
    domain: str | None = None
    flags: tuple[str, ...] = ()
    suggestion: str | None = None


@cache
def _table() -> _Table:
    read: _Table = json.loads((Path(__file__).parent / "phone_zones.json").read_text(encoding="utf-8"))
    return read


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def parse_phone(raw: str | None, country: str | None) -> ParsedPhone:
    """A number as people write it, read in `country` (two letters; US when not given) unless it starts with +."""
    if raw is None or not raw.strip():
        return ParsedPhone(None)
    number = _number(raw, country or "US")
    if number is None or not phonenumbers.is_valid_number(number):
        return ParsedPhone(None, ("invalid_phone",))
    kind = _KINDS.get(phonenumbers.number_type(number))
    return ParsedPhone(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), (kind,) if kind else ())


def _number(raw: str, country: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(raw, country)
    except phonenumbers.NumberParseException:
        return None


def places_of(phone: str | None, country: str | None, region: str | None, postal_code: str | None) -> tuple[Place, ...]:
    """Every place where the person may be, by ZIP code, stated state and area code; () when nothing tells.

    `phone` is E.164. Which evidence counts where they disagree is for policy to say. A toll-free number tells nothing.
    """
    by_zip, by_phone = _by_zip(country, postal_code), _by_phone(phone)
    found = [*by_zip, *by_phone]
    # A ZIP code may make the area code count for nothing, so it alone can place the stated state more closely.
    if region and country in (None, *AMERICAN) and region not in {place.region for place in by_zip or by_phone}:
        found += [Place(zone=zone, region=region, evidence="address") for zone in _table()["states"].get(region, ())]
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
    rows = zipcodes.matching(digits[1])  # looks through all of them: two milliseconds
    return tuple(
        Place(zone=row["timezone"], region=row["state"], evidence="postal_code")
        for row in rows
        if row["timezone"] in _zones() and row["country"] in AMERICAN
    )


def _by_phone(phone: str | None) -> list[Place]:
    number = _number(phone, "US") if phone else None
    if number is None or phonenumbers.number_type(number) in _KINDS:
        return []
    country = phonenumbers.region_code_for_number(number)
    listed = [zone for zone in time_zones_for_number(number) if zone in _zones()]
    if country not in AMERICAN:
        return [Place(zone=zone, country=country, evidence="area_code") for zone in listed] if country else []
    region, *zones = _table()["area_codes"].get(str(number.national_number)[:3], [None])
    every = sorted({*listed, *(zone for zone in zones if zone)})
    return [Place(zone=zone, region=region, evidence="area_code") for zone in every]


def check_email(raw: str | None) -> CheckedEmail:
    """Whether it can be an address, and what its domain says: disposable, or probably a mistyped one."""
    if raw is None or not raw.strip():
        return CheckedEmail(None)
    try:
        checked = validate_email(raw.strip(), check_deliverability=False)
    except EmailNotValidError:
        return CheckedEmail(None, None, ("invalid_email",))
    normalised, domain = checked.normalized.lower(), checked.ascii_domain.lower()
    if (meant := _meant(domain)) is not None:
        return CheckedEmail(normalised, domain, ("typo_email",), f"{normalised.rpartition('@')[0]}@{meant}")
    return CheckedEmail(normalised, domain, ("disposable_email",) if is_on(blocklist, domain) else ())


def _meant(domain: str) -> str | None:
    if domain in POPULAR or domain in GENUINE:
        return None
    return next((each for each in POPULAR if domain[0] == each[0] and _is_one_slip(domain, each)), None)


def _is_one_slip(given: str, meant: str) -> bool:
    """Whether one letter was left out, added, changed, or swapped with its neighbour."""
    start = next((at for at, (one, other) in enumerate(zip(given, meant, strict=False)) if one != other), None)
    if start is None:
        return abs(len(given) - len(meant)) == 1
    left, right = given[start:], meant[start:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    return left[1:] == right[1:] or left[1:] == right or left == right[1:] or swapped


def person_facts(person: Person, person_id: str = "") -> PersonFacts:
    """The person as policy sees them: normalised, with places and flags (R3, R4). What can't be read is left out."""
    address = person.address or Address()
    country = country_of(address.country)
    phone, email = parse_phone(person.phone, country), check_email(person.email)
    region = region_of(address.region)
    return PersonFacts(
        person_id=person_id,
        phone=phone.e164,
        email=email.normalised,
        email_domain=email.domain,
        company=_clean(person.company),
        company_domain=None if email.flags else company_domain(email.domain),
        title=_clean(person.title),
        language=(_clean(person.language) or "").lower()[:2] or None,
        country=country,
        region=region,
        postal_code=_clean(address.postal_code),
        places=places_of(phone.e164, country, region, address.postal_code),
        flags=(*phone.flags, *email.flags),
    )


def country_of(raw: str | None) -> str | None:
    """A country as two letters, named in English or Spanish; one we can't read as given, None when it isn't given."""
    name = _plain(_clean(raw) or "")
    return _countries().get(name, name) or None


@cache
def _countries() -> dict[str, str]:
    named = ((_plain(name), code) for each in ("en", "es") for code, name in Locale(each).territories.items())
    return {name: code for name, code in named if code in phonenumbers.SUPPORTED_REGIONS} | _ALSO_CALLED


def _plain(name: str) -> str:
    """A name in capitals, without accents and full stops."""
    letters = unicodedata.normalize("NFKD", name.replace("&", "and").replace("\u2019", "'"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).upper().replace(".", "")


def region_of(raw: str | None) -> str | None:
    """A US state or territory as two letters; anything else as given, None when it isn't given."""
    name = _clean(raw)
    if name is None:
        return None
    known = {each.name.lower(): each.abbr for each in (*us.STATES_AND_TERRITORIES, us.states.DC)}
    letters = name.replace(".", "")
    return known.get(name.lower(), letters.upper() if len(letters) == 2 else name)


def _clean(raw: str | None) -> str | None:
    return " ".join(raw.split()) or None if raw else None
