"""Standard Webhooks (webhook-id, webhook-timestamp, webhook-signature): what forms sign inquiries with.

The library signs; the time is judged here, by the request's own `now` and five minutes either way.
"""

import binascii
import hmac
import re
from datetime import UTC, datetime

from standardwebhooks import Webhook
from standardwebhooks.webhooks import EmptyWebhookSecretError

from domain.errors import Unauthorised
from domain.ports import SignedRequest

TOLERANCE = 300  # seconds, either way
STAMP = re.compile(r"[1-9][0-9]{0,10}")
# A list parted by single spaces; `v1` is the symmetric kind, others are passed over.
SIGNATURES = re.compile(r"v[0-9a-z]{1,4},[A-Za-z0-9+/=_-]{1,128}( v[0-9a-z]{1,4},[A-Za-z0-9+/=_-]{1,128}){0,15}")


class StandardWebhook:
    """domain.ports.Verifier. Any of the live secrets will do; each is `whsec_` and base64."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        if not secrets:
            raise ValueError("StandardWebhook needs at least one secret")
        try:
            self._signers = tuple(Webhook(secret) for secret in secrets)
        except (binascii.Error, EmptyWebhookSecretError) as error:
            raise ValueError("a webhook secret is empty or no base64; it reads whsec_…") from error

    def verify(self, request: SignedRequest) -> None:
        """Id, time and raw body. A sender that changes its secret may send several signatures, parted by spaces."""
        message_id = request.headers.get("webhook-id", "")
        stamp = request.headers.get("webhook-timestamp", "")
        if not message_id or not STAMP.fullmatch(stamp) or abs(request.now.timestamp() - int(stamp)) > TOLERANCE:
            raise Unauthorised("the request's signature is missing or wrong")
        given = request.headers.get("webhook-signature", "")
        sent = datetime.fromtimestamp(int(stamp), UTC)
        if not SIGNATURES.fullmatch(given) or not self._matches(message_id, sent, request.body, given.split(" ")):
            raise Unauthorised("the request's signature is missing or wrong")

    def _matches(self, message_id: str, sent: datetime, body: bytes, given: list[str]) -> bool:
        try:
            expected = [signer.sign(message_id, sent, body.decode()) for signer in self._signers]
        except UnicodeError:  # the scheme signs text; what is none was not signed
            return False
        return any(hmac.compare_digest(one, other) for one in expected for other in given)
