"""Phone numbers as people write them → as carriers know them. Looks nothing up outside this process."""

from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType

from domain.values import Flag

KINDS = {
    PhoneNumberType.TOLL_FREE: Flag.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE: Flag.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST: Flag.SHARED_COST,
    PhoneNumberType.PERSONAL_NUMBER: Flag.PERSONAL_NUMBER,
    PhoneNumberType.VOIP: Flag.VOIP,
    PhoneNumberType.UAN: Flag.UAN,
}
"""Numbers that tell nothing of where their holder is, and the flag that says so."""


@dataclass(frozen=True, slots=True)
class ParsedPhone:
    """A number in E.164, None when it can't be one; flags: invalid_phone, toll_free, voip, premium_rate…"""

    e164: str | None
    flags: tuple[str, ...] = ()


def parse_phone(raw: str | None, country: str | None) -> ParsedPhone:
    """A number as people write it, read in `country` (two letters; US when not given) unless it starts with +."""
    if raw is None or not raw.strip():
        return ParsedPhone(None)
    number, of_type = read_number(raw, country or "US")
    if number is None or of_type == PhoneNumberType.UNKNOWN:  # which is what makes a number valid, for libphonenumber
        return ParsedPhone(None, (Flag.INVALID_PHONE,))
    kind = KINDS.get(of_type)
    return ParsedPhone(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), (kind,) if kind else ())


@lru_cache(maxsize=4096)
def read_number(raw: str, country: str) -> tuple[PhoneNumber | None, int]:
    """The number as libphonenumber has it, None when it can't be one, and its type. Not to be changed: it is kept, as
    whoever parses a number asks next where it was issued."""
    try:
        number = phonenumbers.parse(raw, country)
    except phonenumbers.NumberParseException:
        return None, PhoneNumberType.UNKNOWN
    return number, phonenumbers.number_type(number)
