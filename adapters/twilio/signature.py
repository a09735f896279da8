"""X-Twilio-Signature. It carries no time, so replays are told by the message's own id in the inbox, not here."""

from collections.abc import Mapping
from urllib.parse import parse_qs, parse_qsl, urlsplit

from twilio.request_validator import RequestValidator

from domain.errors import Unauthorised
from domain.ports import SignedRequest

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 200


class Form(dict[str, list[str]]):
    """A posted form; a name may come more than once. `getlist` is what RequestValidator asks for."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


class TwilioSignature:
    """domain.ports.Verifier. Any of the live auth tokens will do, so that one can be changed for the next."""

    def __init__(self, tokens: tuple[str, ...]) -> None:
        if not tokens or not all(token.strip() for token in tokens):
            raise ValueError("TwilioSignature needs at least one auth token, and none of them empty")
        self._validators = tuple(RequestValidator(token) for token in tokens)

    def verify(self, request: SignedRequest) -> None:
        """The exact public URL and the posted form, or for other bodies the hash that the URL carries."""
        if not self._is_genuine(request):
            raise Unauthorised("the request's signature is missing or wrong")

    def _is_genuine(self, request: SignedRequest) -> bool:
        given = request.headers.get("x-twilio-signature", "")
        try:
            signed = signed_content(request.url, request.headers, request.body)
            return any(validator.validate(request.url, signed, given) for validator in self._validators)
        except ValueError:  # not UTF-8, too many fields, a port that is no number, no hash of the body
            return False


def signed_content(url: str, headers: Mapping[str, str], body: bytes) -> Form | str:
    """What Twilio signed beside the URL: the form, or the text whose hash is in the URL. Raises ValueError."""
    kind = headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == FORM or not body:
        form = Form()
        fields = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
        for name, value in fields:
            form.setdefault(name, []).append(value)
        return form
    if not parse_qs(urlsplit(url).query).get("bodySHA256"):
        raise ValueError("a body that is no form needs bodySHA256 in the URL")
    return body.decode()
