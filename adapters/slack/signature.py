"""X-Slack-Signature: HMAC over the time and the raw body, both within five minutes of now, before or after."""

import hmac
import re

from slack_sdk.signature import SignatureVerifier

from domain.errors import Unauthorised
from domain.ports import SignedRequest

TOLERANCE = 300  # seconds, either way
STAMP = re.compile(r"[1-9][0-9]{0,11}")
SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


class SlackSignature:
    """domain.ports.Verifier. Any of the live signing secrets will do."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        if not secrets or not all(secret.strip() for secret in secrets):
            raise ValueError("SlackSignature needs at least one signing secret, and none of them empty")
        self._signers = tuple(SignatureVerifier(secret) for secret in secrets)

    def verify(self, request: SignedRequest) -> None:
        """The time first, so that an old request costs no hashing."""
        stamp = request.headers.get("x-slack-request-timestamp", "")
        given = request.headers.get("x-slack-signature", "")
        if not (STAMP.fullmatch(stamp) and SIGNATURE.fullmatch(given)):
            raise Unauthorised("the request's signature is missing or wrong")
        if abs(request.now.timestamp() - int(stamp)) > TOLERANCE or not self._matches(stamp, request.body, given):
            raise Unauthorised("the request's signature is missing or wrong")

    def _matches(self, stamp: str, body: bytes, given: str) -> bool:
        try:
            expected = [signer.generate_signature(timestamp=stamp, body=body) or "" for signer in self._signers]
        except UnicodeDecodeError:  # Slack sends UTF-8 only
            return False
        return any(hmac.compare_digest(one, given) for one in expected)
