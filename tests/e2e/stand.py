"""What the end-to-end tests stand on: one running stack, the world around it, and people nobody has used before."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

import asyncpg
from temporalio.client import Client, WorkflowHandle

from bench.outside import Json, Outside, Reached, eventually, inquiry
from bench.people import Someone, someone
from bench.rig import Rig
from bench.verdict import is_text
from domain.lead import Lead
from policy.load import read_policy
from runtime.temporal import CONVERTER
from workflows import names
from workflows.lead import LeadWorkflow

PATIENCE = 60.0
_PEOPLE = itertools.count()


@dataclass
class Stand:
    """A stack that may be hurt: every test finds it whole again."""

    rig: Rig
    outside: Outside
    people: Iterator[int] = field(default_factory=lambda: _PEOPLE)
    used: list[Someone] = field(default_factory=list)

    def someone(self) -> Someone:
        """A person whom no test has met."""
        who = someone(next(self.people))
        self.used.append(who)
        return who

    async def whole(self) -> None:
        """Everything up, no fault armed, every rep there and no phone in use."""
        await self.rig.until_up()
        self.outside.readdress()
        await self.outside.disarm()
        for rep in read_policy(self.rig.policy).policy.team:
            await self.outside.brings_back(rep.handle)
        await eventually(self._is_silent, PATIENCE, "no call goes on")

    async def _is_silent(self) -> bool:
        """Ends the calls that go on; whether there were none."""
        calls = (await self.outside.read("/v1/calls?live=true"))["calls"]
        for call in calls:
            await self.outside.order(call["call_id"], "hang-up", {"by": "ada"}, f"silence-{call['call_id']}")
        return not calls

    async def arrives(self, who: Someone, source: str = "paid_lead_form", **changes: object) -> str:
        """A person sends a form; the lead's id."""
        return str((await self.outside.capture(inquiry(who, source, **changes)))["lead_id"])

    async def is_texted(self, who: Someone, times: int = 1) -> list[Reached]:
        """Waits until the person has so many texts; all their texts."""

        async def enough() -> bool:
            return len(await self.outside.texts(who.phone)) >= times

        await eventually(enough, PATIENCE, f"{times} texts on a phone")
        return await self.outside.texts(who.phone)

    async def reaches(self, lead_id: str, limit: float = PATIENCE, **wanted: object) -> Json:
        """Waits until the lead's row shows these values; the row."""

        async def shown() -> bool:
            row = (await self.outside.read(f"/v1/leads/{lead_id}"))["lead"]
            return all(row[name] == value for name, value in wanted.items())

        await eventually(shown, limit, f"lead {lead_id} shows {wanted}")
        found: Json = (await self.outside.read(f"/v1/leads/{lead_id}"))["lead"]
        return found

    async def chat_about(self, lead_id: str) -> list[Reached]:
        """Messages in Slack that carry this lead's buttons or touches."""
        touches = [touch["touch_id"] for touch in (await self.outside.lead(lead_id))["touches"]]
        posted = [entry for entry in await self.outside.log() if entry.vendor == "slack" and entry.kind == "message"]
        return [entry for entry in posted if any(mark in str(entry.blocks) for mark in (lead_id, *touches))]

    async def log_of(self, who: Someone) -> list[Reached]:
        """Texts to and from a person, refused ones included."""
        return [entry for entry in await self.outside.log() if entry.vendor == "twilio" and entry.to == who.phone]

    async def client(self) -> Client:
        """A Temporal client."""
        address = self.rig.status().temporal_address
        assert address is not None
        return await Client.connect(address, data_converter=CONVERTER)

    async def handle(self, lead_id: str) -> WorkflowHandle[LeadWorkflow, Lead]:
        """The lead's workflow."""
        workflow_id = names.lead_workflow_id("main", lead_id)
        return (await self.client()).get_workflow_handle_for(LeadWorkflow.run, workflow_id)

    async def ask_database(self, question: str, *values: object) -> list[asyncpg.Record]:
        """Rows of a question to PostgreSQL."""
        session = await asyncpg.connect(self.rig.status().database_url)
        try:
            rows: list[asyncpg.Record] = await session.fetch(question, *values)
            return rows
        finally:
            await session.close()


def texts(entries: list[Reached]) -> list[str]:
    """The words of what was really received."""
    return [entry.body or "" for entry in entries if is_text(entry)]
