"""Phone numbers as people write them → as carriers know them. Looks nothing up outside this process."""

from dataclasses import dataclass

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
    number = number_of(raw, country or "US")
    of_type = PhoneNumberType.UNKNOWN if number is None else phonenumbers.number_type(number)
    if (
        number is None or of_type == PhoneNumberType.UNKNOWN
    ):  # which is what makes a number valid, in libphonenumber's words
        return ParsedPhone(None, (Flag.INVALID_PHONE,))
    kind = KINDS.get(of_type)
    return ParsedPhone(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), (kind,) if kind else ())


def number_of(raw: str, country: str) -> PhoneNumber | None:
    """The number as libphonenumber has it; None when it can't be one."""
    try:
        return phonenumbers.parse(raw, country)
    except phonenumbers.NumberParseException:
        return None
