"""Who may ask Twilio's paths, how its forms are read and what a phone number is. It answers nothing itself."""

import base64
import binascii
import re
import secrets
from urllib.parse import parse_qsl

import phonenumbers
from starlette.requests import Request

from simulator import twilio_errors as errors
from simulator.settings import SimSettings
from simulator.twilio_errors import Refusal

E164 = re.compile(r"\+[1-9]\d{6,14}")


class Account:
    """One account with one number, whose credentials are those that Baton was given."""

    def __init__(self, settings: SimSettings) -> None:
        self._settings = settings

    def why_not(self, request: Request, *methods: str) -> Refusal | None:
        """Wrong credentials, a path of another account, or another method than these (none: any)."""
        if (refusal := self.wrong_credentials(request)) is not None:
            return refusal
        if methods and request.method not in methods:
            return errors.wrong_method(request.method)
        own = self._settings.twilio_account_sid
        known = request.path_params.get("account", own) == own
        return None if known else errors.not_found(request.url.path)

    def wrong_credentials(self, request: Request) -> Refusal | None:
        scheme, _, coded = request.headers.get("authorization", "").partition(" ")
        try:
            user, _, password = base64.b64decode(coded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return errors.AUTHENTICATE
        good = secrets.compare_digest(password.encode(), self._settings.twilio_auth_token.encode())
        right = scheme.lower() == "basic" and user == self._settings.twilio_account_sid and good
        return None if right else errors.AUTHENTICATE


async def form_of(request: Request) -> dict[str, str]:
    """A urlencoded form; the last value of a repeated name."""
    return dict(await pairs_of(request))


async def pairs_of(request: Request) -> list[tuple[str, str]]:
    """A urlencoded form with every value of a repeated name."""
    return parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)


def query_of(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.url.query, keep_blank_values=True))


def plain_number(number: str) -> str:
    return re.sub(r"[\s().-]", "", number)


def is_phone(number: str) -> bool:
    plain = plain_number(number)
    if not E164.fullmatch(plain):
        return False
    try:
        return bool(phonenumbers.is_possible_number(phonenumbers.parse(plain)))
    except phonenumbers.NumberParseException:
        return False
