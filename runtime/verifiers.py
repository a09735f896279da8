"""Whose signature is checked how: one scheme a sender, each with the secret that the settings hold."""

from dataclasses import dataclass

from adapters.crm.hubspot_signature import HubSpotSignature
from adapters.slack.signature import SlackSignature
from adapters.standard_webhooks import StandardWebhook
from adapters.twilio.signature import TwilioSignature
from domain.ports import Verifier
from runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class Verifiers:
    """Whose signature is checked how."""

    twilio: Verifier
    slack: Verifier
    hubspot: Verifier
    webhook: Verifier


def verifiers(settings: Settings) -> Verifiers:
    """The schemes of all senders."""
    return Verifiers(
        twilio=TwilioSignature((settings.twilio_auth_token.get_secret_value(),)),
        slack=SlackSignature((settings.slack_signing_secret.get_secret_value(),)),
        hubspot=HubSpotSignature((settings.hubspot_client_secret.get_secret_value(),)),
        webhook=StandardWebhook((settings.webhook_secret.get_secret_value(),)),
    )
