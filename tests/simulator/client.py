"""The unmodified twilio client on a pooled httpx2 client."""

import logging
from typing import Any

import httpx2
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from tests.simulator.stand import ACCOUNT, SECRETS, Sim


class Transport(AsyncHttpClient):  # type: ignore[misc]  # twilio ships no types
    """The twilio client on a pooled httpx2 client."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        super().__init__(logging.getLogger(__name__), True, 5.0)
        self.http = http

    async def request(  # noqa: PLR0913, PLR0917 - the client's own shape
        self,
        method: str,
        url: str,
        params: Any = None,
        data: Any = None,
        headers: Any = None,
        auth: Any = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        answer = await self.http.request(
            method, url, params=params or None, data=data, headers=headers, auth=auth, timeout=timeout or self.timeout
        )
        return Response(answer.status_code, answer.text, dict(answer.headers))


def client_of(sim: Sim, http: httpx2.AsyncClient) -> Client:
    client = Client(ACCOUNT, SECRETS["BATON_TWILIO_AUTH_TOKEN"], http_client=Transport(http))
    client.api.base_url = sim.url
    client.lookups.base_url = sim.url
    return client
