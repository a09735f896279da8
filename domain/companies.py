"""What a company is to us: its key by name, its domain by e-mail address, what is known of it, who else of it stirs.

Pure text and data. What a company is worth is for policy to say.
"""

import re
import unicodedata
from collections.abc import Set
from datetime import datetime, timedelta
from functools import lru_cache

from domain.free_mail import FREE_MAIL
from domain.values import Stored

ACTIVITY_KNOWN = timedelta(days=92)
"""How far back colleagues' behaviour is told of, as function colleagues_of has it; no policy counts it over longer."""

LONGEST_DOMAIN = 253
_LONGEST_NAME = 200

_FORMS = """
    ab ag aps as asa bv bvba ca co company corp corporation cv eirl eurl gmbh inc incorporated kft kg kk limited llc llp
    lp ltd ltda mbh nv oy oyj pc plc pllc pte pty pvt rl sa sapi sarl sas sau sc se sl slu spa srl sro ug zrt
"""
_LEGAL = frozenset(_FORMS.split())
"""Legal forms that end a name, a word each; a `de` or `and` between two goes with them, as in S. de R.L. de C.V."""

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")

_SECOND_LEVEL = frozenset((
    "ac", "co", "com", "edu", "go", "gob", "gouv", "gov", "govt", "gub", "k12", "ltd", "me", "mil", "ne", "net", "nhs",
    "nom", "or", "org", "plc", "police", "sch",
))  # fmt: skip
"""Labels that are no company's own below a country's, as in acme.co.uk."""


class CompanyFacts(Stored):
    """What is known of a company. `revenue` is whole US dollars a year; `owner` the handle of the rep who has it.

    `asked`: a provider answered, be it that it knows nothing.
    """

    domain: str
    name: str | None = None
    employees: int | None = None
    industry: str | None = None
    revenue: int | None = None
    country: str | None = None  # two letters
    segment: str | None = None
    target: bool = False  # an account we want
    owner: str | None = None
    asked: bool = False


class ColleagueSignal(Stored):
    """What somebody else of the same company did: behaviour, or an inquiry, whose kind is its source."""

    person: str  # an opaque id, the same for all that one person did
    kind: str
    page: str | None = None
    at: datetime
    inquiry: bool = False


@lru_cache(maxsize=4096)
def company_key(name: str | None) -> str:
    """A company's name without case, accents, punctuation and legal form: what two spellings of it share; or empty."""
    plain = (name or "")[:_LONGEST_NAME].casefold()
    if not plain.isascii():
        letters = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()
    plain = re.sub(r"['’.]", "", plain.replace("&", " and ").replace("+", " and "))
    words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    return " ".join(_without_form(words))


def _without_form(words: list[str]) -> list[str]:
    while len(words) > 1:
        if words[0] == "the":
            words = words[1:]
        elif words[-2:] == ["s", "de"]:
            words = words[:-2] or words[:1]
        elif words[-1] in _LEGAL or words[-1] in ("de", "and"):
            words = words[:-1]
        else:
            break
    return words


def domain_of(raw: str | None) -> str | None:
    """The domain a company is known by, out of a domain, host or web address: acme.com for https://www.mail.acme.com/x.
    None when it is none.

    There is no list of public suffixes here: below a country, labels such as co and com stay with what is before them.
    """
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", (raw or "").strip().lower())
    host = re.split(r"[/?#:]", host, maxsplit=1)[0].strip(".")
    labels = _ascii(host).split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        return None
    own = labels[-3:] if _is_shared(labels) else labels[-2:]
    return ".".join(own)


def _ascii(host: str) -> str:
    if host.isascii():
        return host[: LONGEST_DOMAIN + 1] if len(host) <= LONGEST_DOMAIN else ""
    try:
        return host[:LONGEST_DOMAIN].encode("idna").decode()
    except UnicodeError:
        return ""


def _is_shared(labels: list[str]) -> bool:
    country, second = labels[-1], labels[-2]
    return len(country) == 2 and (second in _SECOND_LEVEL or (country == "us" and len(second) == 2))


@lru_cache(maxsize=4096)
def company_domain(email_domain: str | None) -> str | None:
    """The company's domain behind a work address; None for free mail, where everybody has an address."""
    found = domain_of(email_domain)
    return None if found is None or is_free_mail(email_domain) else found


def is_free_mail(email_domain: str | None) -> bool:
    """Whether a domain, or one that it is below, gives addresses to everybody."""
    return is_on(FREE_MAIL, (email_domain or "").lower().strip("."))


def is_on(listed: Set[str], domain: str) -> bool:
    """Whether a list of domains has this one, or one that it is below."""
    labels = domain.split(".")
    return any(".".join(labels[start:]) in listed for start in range(len(labels) - 1))


def is_below(domain: str, any_of: tuple[str, ...]) -> bool:
    """Whether a domain is one of these or below one of them."""
    return any(domain.endswith(each) and domain[-len(each) - 1 : -len(each)] in ("", ".") for each in any_of)
