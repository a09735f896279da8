"""Our verifiers on the vendors' published signature examples (vectors.json: tests of twilio-python, MIT, Slack's and
Standard Webhooks' documentation, tests of HubSpot's client, Apache-2.0; read in November 2026)."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from adapters.crm.hubspot_signature import HubSpotSignature
from adapters.slack.signature import SlackSignature
from adapters.standard_webhooks import StandardWebhook
from adapters.twilio.signature import TwilioSignature
from domain.errors import Unauthorised
from domain.ports import SignedRequest, Verifier

VECTORS: dict[str, Any] = json.loads(Path(__file__).with_name("vectors.json").read_bytes())  # any: published data
V3 = next(vector for vector in VECTORS["hubspot"] if vector["version"] == "v3")


def accepts(verifier: Verifier, url: str, headers: dict[str, str], body: str, now: float) -> bool:
    at = datetime.fromtimestamp(now, UTC)
    try:
        verifier.verify(SignedRequest(method="POST", url=url, headers=headers, body=body.encode(), now=at))
    except Unauthorised:
        return False
    return True


def _pairs(params: dict[str, str] | list[list[str]]) -> list[tuple[str, str]]:
    """A vector whose form repeats a name is a list of pairs."""
    return list(params.items()) if isinstance(params, dict) else [(name, value) for name, value in params]


@pytest.mark.parametrize("vector", VECTORS["twilio"], ids=lambda vector: vector["why"])
def test_twilio(vector: dict[str, Any]) -> None:
    kind = "application/json" if "body" in vector else "application/x-www-form-urlencoded"
    body = vector["body"] if "body" in vector else urlencode(_pairs(vector["params"]))
    headers = {"content-type": kind, "x-twilio-signature": vector["signature"]}
    assert accepts(TwilioSignature((vector["token"],)), vector["url"], headers, body, 0) is vector["valid"]
    assert not accepts(TwilioSignature(("another",)), vector["url"], headers, body, 0)


@pytest.mark.parametrize(("off", "passes"), [(0, True), (300, True), (301, False), (-300, True), (-301, False)])
def test_slack(off: int, passes: bool) -> None:
    vector = VECTORS["slack"]
    headers = {"x-slack-request-timestamp": vector["timestamp"], "x-slack-signature": vector["signature"]}
    now = int(vector["timestamp"]) + off
    assert accepts(SlackSignature((vector["secret"],)), "https://x", headers, vector["body"], now) is passes
    assert not accepts(SlackSignature((vector["secret"],)), "https://x", headers, vector["body"] + "x", now)


@pytest.mark.parametrize(("off", "passes"), [(0, True), (300, True), (301, False), (-300, True), (-301, False)])
def test_standard_webhooks(off: int, passes: bool) -> None:
    vector = VECTORS["standard_webhooks"]
    headers = {
        "webhook-id": vector["id"],
        "webhook-timestamp": str(vector["timestamp"]),
        "webhook-signature": vector["signature"],
    }
    verifier, now = StandardWebhook((vector["secret"],)), vector["timestamp"] + off
    assert accepts(verifier, "https://x", headers, vector["payload"], now) is passes
    assert not accepts(verifier, "https://x", headers, vector["payload"] + " ", now)


@pytest.mark.parametrize(("off", "passes"), [(0, True), (300, True), (301, False), (-300, True), (-301, False)])
def test_hubspot(off: int, passes: bool) -> None:
    headers = {"x-hubspot-request-timestamp": V3["timestamp"], "x-hubspot-signature-v3": V3["signature"]}
    verifier, now = HubSpotSignature((V3["secret"],)), int(V3["timestamp"]) / 1000 + off
    assert accepts(verifier, V3["uri"], headers, V3["body"], now) is passes
    assert not accepts(verifier, V3["uri"] + "/", headers, V3["body"], now)
