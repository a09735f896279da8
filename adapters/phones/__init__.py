"""Phone numbers, places and e-mail addresses as given → as policy needs them. Looks nothing up outside this process."""

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

import phonenumbers
from babel import Locale
from disposable_email_domains import blocklist
from email_validator import EmailNotValidError, validate_email

from adapters.phones.numbers import ParsedPhone, parse_phone
from adapters.phones.places import AMERICAN, places_of, whereabouts
from adapters.phones.regions import region_of
from domain.companies import company_domain, is_on
from domain.facts import PersonFacts
from domain.messages import Address, Person
from domain.values import Flag

__all__ = [
    "AMERICAN",
    "CheckedEmail",
    "ParsedPhone",
    "check_email",
    "country_of",
    "parse_phone",
    "person_facts",
    "places_of",
    "region_of",
    "whereabouts",
]

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


@dataclass(frozen=True, slots=True)
class CheckedEmail:
    """An address in lower case, None when it can't be one; flags: invalid_email, disposable_email, typo_email.

    `suggestion` is what a mistyped address probably means; the address itself is kept as given.
    """

    normalised: str | None
    domain: str | None = None
    flags: tuple[str, ...] = ()
    suggestion: str | None = None


def check_email(raw: str | None) -> CheckedEmail:
    """Whether it can be an address, and what its domain says: disposable, or probably a mistyped one."""
    if raw is None or not raw.strip():
        return CheckedEmail(None)
    try:
        checked = validate_email(raw.strip(), check_deliverability=False)
    except EmailNotValidError:
        return CheckedEmail(None, None, (Flag.INVALID_EMAIL,))
    normalised, domain = checked.normalized.lower(), checked.ascii_domain.lower()
    if (meant := _meant(domain)) is not None:
        return CheckedEmail(normalised, domain, (Flag.TYPO_EMAIL,), f"{normalised.rpartition('@')[0]}@{meant}")
    return CheckedEmail(normalised, domain, (Flag.DISPOSABLE_EMAIL,) if is_on(blocklist, domain) else ())


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


@lru_cache(maxsize=1024)
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


def _clean(raw: str | None) -> str | None:
    return " ".join(raw.split()) or None if raw else None
