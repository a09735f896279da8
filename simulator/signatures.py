"""How each vendor signs what it sends. Timestamps are real time: receivers judge them by their own wall clock."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

from slack_sdk.signature import SignatureVerifier
from twilio.request_validator import RequestValidator


def twilio_headers(auth_token: str, url: str, form: Mapping[str, str]) -> dict[str, str]:
    """X-Twilio-Signature over the exact URL, query included, and the sorted form."""
    signature: str = RequestValidator(auth_token).compute_signature(url, dict(form))
    return {"X-Twilio-Signature": signature}


def slack_headers(signing_secret: str, body: str, real_now: datetime) -> dict[str, str]:
    """Slack's v0 scheme; seconds since the epoch."""
    stamp = str(int(real_now.timestamp()))
    signature = SignatureVerifier(signing_secret).generate_signature(timestamp=stamp, body=body)
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature or ""}


def hubspot_headers(client_secret: str, url: str, body: str, real_now: datetime) -> dict[str, str]:
    """HubSpot's v3 scheme for a POST; milliseconds since the epoch."""
    stamp = str(int(real_now.timestamp() * 1000))
    source = f"POST{url}{body}{stamp}".encode()
    digest = hmac.new(client_secret.encode(), source, hashlib.sha256).digest()
    return {"X-HubSpot-Request-Timestamp": stamp, "X-HubSpot-Signature-v3": base64.b64encode(digest).decode()}
