"""A stand-in for Baton's voice side: pages of TwiML, calls by the unmodified client, and what was seen of them."""

from dataclasses import dataclass
from typing import Any

from twilio.rest import Client

from tests.simulator.stand import LEAD, OWN, Got, Receiver, Sim, wait_until

REP = "+15125550177"
NOW: dict[str, Any] = {"rings_for": 0.02}


@dataclass
class Voice:
    """One simulator, the pages that it fetches, and the client that asks it for calls."""

    sim: Sim
    web: Receiver
    client: Client

    def person(self, phone: str, line: str = "answers", **more: Any) -> None:
        self.sim.post("/sim/personas", {"phone": phone, "line": line} | NOW | more)

    def page(self, path: str, *verbs: str) -> str:
        """Its address, once it answers with these verbs."""
        self.web.pages[path] = f"<Response>{''.join(verbs)}</Response>"
        return self.url(path)

    def url(self, path: str) -> str:
        return f"{self.web.url}{path}"

    async def call(self, to: str = LEAD, **more: Any) -> str:
        """The SID of a call that Baton asked for."""
        wanted = {"to": to, "from_": OWN} | ({} if "twiml" in more or "url" in more else {"url": self.url("/twiml")})
        return str((await self.client.calls.create_async(**wanted, **more)).sid)

    def forms(self, path: str, **wanted: str) -> list[dict[str, str]]:
        found = [got.form for got in self.requests(path)]
        return [form for form in found if wanted.items() <= form.items()]

    def arrives(self, path: str, **wanted: str) -> dict[str, str]:
        """The one form there with these fields, once it has come."""
        wait_until(lambda: bool(self.forms(path, **wanted)))
        [form] = self.forms(path, **wanted)
        return form

    def said(self, path: str, name: str) -> list[str]:
        return [form.get(name, "") for form in self.forms(path)]

    def lines(self, kind: str, to: str | None = None) -> list[dict[str, Any]]:
        return [entry for entry in self.sim.log(kind) if to in (None, entry["to"])]

    def heard(self, phone: str) -> list[str]:
        return [str(entry["body"]) for entry in self.lines("heard", phone)]

    def until(self, kind: str, to: str | None = None, times: int = 1) -> None:
        wait_until(lambda: len(self.lines(kind, to)) >= times)

    def requests(self, path: str) -> list[Got]:
        return [got for got in self.web.at(path) if got.url.partition("?")[0] == self.url(path.partition("?")[0])]


def conference(name: str, label: str = "rep", more: str = "") -> str:
    return f'<Dial><Conference participantLabel="{label}" {more}>{name}</Conference></Dial>'
