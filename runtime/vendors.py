"""Builds the vendors from settings: which adapter is which port. For container.py alone."""

import contextlib

from adapters.crm.hubspot import HubSpotCrm
from adapters.enrichment import HttpEnrichment
from adapters.slack.chat import SlackChat
from adapters.twilio.account import TwilioAccount
from adapters.twilio.sms import TwilioSms
from adapters.twilio.voice import TwilioVoice
from domain.enrichment import Enrichment
from domain.ports import Crm
from runtime.settings import Settings


def account_of(settings: Settings) -> TwilioAccount:
    """Whose Twilio account it is."""
    return TwilioAccount(
        sid=settings.twilio_account_sid,
        token=settings.twilio_auth_token.get_secret_value(),
        sender=settings.twilio_from,
        public_url=settings.public_url.rstrip("/"),
        base_url=settings.twilio_base_url,
    )


async def open_vendors(
    settings: Settings, stack: contextlib.AsyncExitStack
) -> tuple[TwilioSms, TwilioVoice, SlackChat, Crm]:
    """The vendors that touches go through; `stack` closes them."""
    sms, voice = TwilioSms(account_of(settings)), TwilioVoice(account_of(settings))
    chat = SlackChat(settings.slack_token.get_secret_value(), base_url=settings.slack_base_url)
    crm = HubSpotCrm(settings.hubspot_token.get_secret_value(), base_url=settings.hubspot_base_url)
    for vendor in (sms, voice, chat, crm):
        stack.push_async_callback(vendor.aclose)
    return sms, voice, chat, crm


def open_provider(settings: Settings, stack: contextlib.AsyncExitStack) -> Enrichment | None:
    """Who is asked of companies; nobody, and then no lead waits, without a URL."""
    if settings.enrichment_url is None or settings.enrichment_key is None:
        return None
    provider = HttpEnrichment(settings.enrichment_url, settings.enrichment_key.get_secret_value())
    stack.push_async_callback(provider.aclose)
    return provider
