"""Whose Twilio account it is, and the client that speaks for it over our own transport (decision 0010)."""

from dataclasses import dataclass, field
from urllib.parse import quote

import httpx2
from twilio.rest import Client

from adapters.twilio.transport import PATIENCE, Transport

BASE_URL = "https://api.twilio.com"


@dataclass(frozen=True, slots=True)
class TwilioAccount:
    """Whose account touches are made from, and where Twilio tells us of their fate. `sender` is E.164."""

    sid: str
    token: str = field(repr=False)
    sender: str
    public_url: str
    base_url: str = BASE_URL

    def client(self, patience: httpx2.Timeout = PATIENCE) -> tuple[Client, Transport]:
        """The official client, and the transport to close when it isn't needed any more."""
        transport = Transport(self.base_url, patience)
        client = Client(self.sid, self.token, http_client=transport)
        client.api.base_url = self.base_url.rstrip("/")
        return client, transport

    def recording(self, recording_id: str) -> str:
        """Twilio's own address of a recording: who opens it needs the account's password there, unless it asks for
        none."""
        return f"{self.base_url.rstrip('/')}/2010-04-01/Accounts/{self.sid}/Recordings/{quote(recording_id, safe='')}"

    def hook(self, path: str, **query: str) -> str:
        """A webhook of ours, as Twilio is to call it."""
        asked = "&".join(f"{name}={quote(value, safe=':')}" for name, value in query.items())
        return f"{self.public_url.rstrip('/')}/v1/hooks/twilio/{path}" + (f"?{asked}" if asked else "")
