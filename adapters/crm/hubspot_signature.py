"""X-HubSpot-Signature-v3. Own code: HubSpot's helper takes times in the future and leaves the URI undecoded."""

import base64
import hashlib
import hmac
import re

from domain.errors import Unauthorised
from domain.ports import SignedRequest

TOLERANCE = 300.0  # seconds, either way
STAMP = re.compile(r"[1-9][0-9]{9,14}")  # milliseconds
# Exactly these are decoded before hashing (HubSpot, "Validating requests", v3); %20 and the rest stay as they came.
DECODED = {
    "%3A": ":", "%2F": "/", "%3F": "?", "%40": "@", "%21": "!", "%24": "$",
    "%27": "'", "%28": "(", "%29": ")", "%2A": "*", "%2C": ",", "%3B": ";",
}  # fmt: skip
ESCAPE = re.compile("|".join(DECODED), re.IGNORECASE)


class HubSpotSignature:
    """domain.ports.Verifier. Any of the live client secrets will do."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        if not secrets or not all(secret.strip() for secret in secrets):
            raise ValueError("HubSpotSignature needs at least one client secret, and none of them empty")
        self._keys = tuple(secret.encode() for secret in secrets)

    def verify(self, request: SignedRequest) -> None:
        """Method, decoded URI, raw body and time in milliseconds."""
        stamp = request.headers.get("x-hubspot-request-timestamp", "")
        given = request.headers.get("x-hubspot-signature-v3", "").encode(errors="replace")
        if not STAMP.fullmatch(stamp) or abs(request.now.timestamp() - int(stamp) / 1000) > TOLERANCE:
            raise Unauthorised("the request's signature is missing or wrong")
        signed = request.method.upper().encode() + decoded(request.url).encode(errors="replace") + request.body
        expected = [sign(key, signed + stamp.encode()) for key in self._keys]
        if not any(hmac.compare_digest(one, given) for one in expected):
            raise Unauthorised("the request's signature is missing or wrong")


def decoded(uri: str) -> str:
    """The URI as HubSpot hashes it."""
    return ESCAPE.sub(lambda escape: DECODED[escape[0].upper()], uri)


def sign(key: bytes, signed: bytes) -> bytes:
    """HMAC-SHA256 in base64."""
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
