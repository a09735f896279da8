"""What is known of a person and what a message tells of them → what is known afterwards. Pure: no statement, no clock.

What is newly told wins and what is not told stays, so nothing that came before is forgotten because a text or a page
view says nothing of it.
"""

from collections.abc import Iterable

from adapters.postgres.rows import IdentityRow
from domain.facts import PersonFacts, StatedAddress

LONGEST_IDENTITY = 320
"""Characters of the longest e-mail address there can be; nothing longer is an identity."""

MOST_ADDRESSES = 8
"""Different addresses of a person that are remembered, the newest included."""

BAD_NUMBER = "invalid_phone"
"""The flag of somebody whose number turned out to be bad and who has no other."""

_WORDS = ("email_domain", "company", "title", "language")


def merged(known: PersonFacts, told: PersonFacts, gives: bool) -> PersonFacts:
    """What is known after `told`, its places left as they were. A bad number or address replaces no good one.

    A number that was found out to be bad counts again only when an inquiry `gives` it.
    """
    if told.phone is not None and told.phone in known.bad_numbers and not gives:
        told = told.model_copy(update={"phone": None, "flags": _flags_of(told, "email")})
    words = {name: getattr(told, name) or getattr(known, name) for name in _WORDS}
    reach = {
        "phone": told.phone or known.phone,
        "email": told.email or known.email,
        "company_domain": told.company_domain if told.email else known.company_domain,
        "flags": (*_flags(known, told, "phone"), *_flags(known, told, "email")),
        "bad_numbers": tuple(one for one in known.bad_numbers if one != told.phone),
    }
    return known.model_copy(update={**words, **reach, **_addresses(known, told)})


def disowned(told: PersonFacts, known: PersonFacts) -> PersonFacts:
    """Who wrote, where the writer is not the person: their number replaces no known one."""
    return told if known.phone is None else told.model_copy(update={"phone": None, "flags": _flags_of(told, "email")})


def without(known: PersonFacts, bad: str, others: Iterable[PersonFacts]) -> PersonFacts:
    """What is known once a number was found out to be bad, its places left as they were. Where it is the one in use,
    the first of the person's `others` that is not bad takes its place; else there is none."""
    bad_numbers = known.bad_numbers if bad in known.bad_numbers else (*known.bad_numbers, bad)
    if known.phone not in bad_numbers:
        return known.model_copy(update={"bad_numbers": bad_numbers})
    good = next((one for one in others if one.phone is not None and one.phone not in bad_numbers), None)
    flags = _flags_of(good, "phone") if good is not None else (BAD_NUMBER,)
    found = {"phone": good.phone if good is not None else None, "flags": (*flags, *_flags_of(known, "email"))}
    return known.model_copy(update={**found, "bad_numbers": bad_numbers})


def _flags(known: PersonFacts, told: PersonFacts, reach: str) -> tuple[str, ...]:
    """Flags of the phone or of the e-mail: of the one that stands, or of the newest that can't be read."""
    tells = getattr(told, reach) is not None or (getattr(known, reach) is None and _flags_of(told, reach))
    return _flags_of(told if tells else known, reach)


def _flags_of(person: PersonFacts, reach: str) -> tuple[str, ...]:
    return tuple(flag for flag in person.flags if flag.endswith("_email") == (reach == "email"))


def _addresses(known: PersonFacts, told: PersonFacts) -> dict[str, object]:
    """The newest address whole, and those before it: somebody who named two places may be in either (N10)."""
    old, new = _address(known), _address(told)
    both = {name: getattr(new, name) or getattr(old, name) for name in StatedAddress.model_fields}
    if all(getattr(old, name) in (None, value) for name, value in both.items()):
        return both  # the same, told more closely, or nothing new
    newest = new.model_copy(update={"country": new.country or old.country})
    elsewhere = dict.fromkeys((old, *known.elsewhere))
    elsewhere.pop(newest, None)
    return {**newest.model_dump(), "elsewhere": tuple(elsewhere)[: MOST_ADDRESSES - 1]}


def _address(person: PersonFacts) -> StatedAddress:
    return StatedAddress(country=person.country, region=person.region, postal_code=person.postal_code)


def identities(phone: str | None, email: str | None) -> tuple[IdentityRow, ...]:
    """What the person is known by from now on."""
    found = (("phone", phone), ("email", email))
    return tuple(
        IdentityRow(kind=kind, value=value) for kind, value in found if value and len(value) <= LONGEST_IDENTITY
    )
