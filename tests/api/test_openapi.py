"""The API against its own description: requests made from /openapi.json, good and bad, never bring a 5xx (SEC9)."""

from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import build
from domain.ports import SignedRequest
from tests.api.fakes import API_KEY, FakeServices, FakeVerifiers


class Trusting:
    """Believes everybody, so that what is behind the signatures is reached."""

    def verify(self, request: SignedRequest) -> None:
        assert request.url.startswith("https://")


class TrustingVerifiers(FakeVerifiers):
    """FakeVerifiers whose every scheme is `Trusting`."""

    def __init__(self) -> None:
        self.twilio = self.slack = self.hubspot = self.webhook = Trusting()  # type: ignore[assignment]  # on purpose


HEADERS = {
    "authorization": f"Bearer {API_KEY}",
    "x-twilio-signature": "x",
    "x-slack-signature": "x",
    "x-hubspot-signature-v3": "x",
}

schema = schemathesis.openapi.from_asgi("/openapi.json", build(FakeServices(verifiers=TrustingVerifiers())))


@schema.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_no_request_made_from_the_description_breaks_the_api(case: Any) -> None:  # Any: schemathesis' own, generic case
    case.call_and_validate(
        headers=HEADERS,
        checks=(
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
        ),
    )
