"""Records the histories that test_replay.py holds every change to. Run by hand, on purpose: python -m
tests.replay.record

Each play is one life of a lead, kept with every run it took and the state each of them came to; record anew only what
a CHANGELOG line says is safe for running leads.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from domain.errors import Ambiguous, Rejected
from domain.messages import Accept, AdoptPolicy, Decline, Disposition
from domain.values import Code
from runtime.leaving import leave
from tests.policy import cases
from tests.published import entering
from tests.workflows.conftest import CAP, start_server
from tests.workflows.runs import runs_of
from tests.workflows.theatre import Played, Theatre

HISTORIES = Path(__file__).parent / "histories"


async def untouched(theatre: Theatre) -> Played:
    lead = await theatre.arrives("demo_request")
    await lead.passes(timedelta(days=3))
    return lead


async def accepted_and_won(theatre: Theatre) -> Played:
    lead = await theatre.arrives("demo_request")
    await lead.passes(timedelta(minutes=1))
    await lead.update("accept", Accept(rep="ada", offer=1))
    await lead.passes(timedelta(minutes=10))
    await lead.update("disposition", Disposition(code=Code.CONNECTED, by="ada"))
    await lead.passes(timedelta(hours=5))
    await lead.update("disposition", Disposition(code=Code.WON, by="ada"))
    await lead.handle.result()
    return lead


async def declined_and_not_now(theatre: Theatre) -> Played:
    lead = await theatre.arrives("contact_sales")
    await lead.settled()
    await lead.update("decline", Decline(rep="ada", offer=1))
    await lead.settled()
    await lead.handle.signal("record_disposition", {"code": "not_now", "by": "ben"})
    await lead.passes(timedelta(days=61))
    return lead


async def texted_replied_stopped(theatre: Theatre) -> Played:
    lead = await theatre.arrives("paid_lead_form")
    await lead.passes(timedelta(minutes=2))
    await lead.hears("reply")
    await lead.passes(timedelta(minutes=40))
    await lead.hears("opted_out")
    await lead.handle.result()
    return lead


async def nurtured_and_woken(theatre: Theatre) -> Played:
    lead = await theatre.arrives("content_download")
    await lead.passes(timedelta(days=8))
    facts = theatre.ledger.people[lead.lead.lead_id]
    theatre.ledger.people[lead.lead.lead_id] = facts.model_copy(update={"source": "demo_request"})
    await lead.hears("joined", source="demo_request", strong=True)
    await lead.passes(timedelta(hours=1))
    return lead


async def in_trouble(theatre: Theatre) -> Played:
    theatre.sms.troubles = [Ambiguous("twilio", "503"), Rejected("twilio", "21211")]
    lead = await theatre.arrives("missed_call")
    await lead.passes(timedelta(hours=3))
    return lead


async def migrated_and_back(theatre: Theatre) -> Played:
    """Taken along to another policy while it waits, and back while it is worked."""
    rungs = (("0m", "offer"), ("10m", "pool"), ("90m", "supervisor"), ("next_day_end", "nurture"))
    ladder = [{"at": at, "do": do} for at, do in rungs]
    sooner = cases.changed(sla={"hand_raise": {"due": "5m", "ladder": ladder}})
    lead = await theatre.arrives("demo_request")
    await lead.passes(timedelta(minutes=2))
    for policy, then in ((sooner, timedelta(minutes=20)), (cases.default(), timedelta(hours=3))):
        theatre.published.enter(entering(policy))
        await lead.update("adopt_policy", AdoptPolicy(policy_hash=policy.hash, by="ops", because="migration-1"))
        await lead.settled()
        await lead.passes(then)
        if policy is sooner:
            await lead.update("accept", Accept(rep="ada"))
            await lead.hears("reply")
    return lead


async def put_off_together(theatre: Theatre) -> Played:
    """Two texts of a track wait for one cap, and so for one moment. Recorded before texts went one at a time."""
    theatre.follow(cases.changed(contact={"caps": [{"most": 1, "within": "25d"}]}))
    lead = await theatre.arrives("content_download")
    await lead.passes(timedelta(days=26))
    return lead


PLAYS: dict[str, Callable[[Theatre], Awaitable[Played]]] = {
    play.__name__: play
    for play in (
        untouched,
        accepted_and_won,
        declined_and_not_now,
        texted_replied_stopped,
        nurtured_and_woken,
        in_trouble,
        migrated_and_back,
        put_off_together,
    )
}


async def kept(lead: Played) -> str:
    """The play as a file: one run a line, its history beside the state its workflow says it came to."""
    client, lines = lead.theatre.env.client, []
    for run in await runs_of(lead):
        closed = client.get_workflow_handle(lead.handle.id, run_id=run.run_id)
        lines.append(json.dumps({"state": await closed.query("lead"), "history": run.to_json_dict()}))
    return "[\n" + ",\n".join(lines) + "\n]\n"


async def record() -> None:
    HISTORIES.mkdir(exist_ok=True)
    for kind, cap in (("whole", None), ("cut", CAP)):
        async with await start_server(cap) as env:
            for name, play in PLAYS.items():
                async with Theatre(env).running() as theatre:
                    (HISTORIES / f"{name}.{kind}.json").write_text(await kept(await play(theatre)))


if __name__ == "__main__":
    asyncio.run(record())
    leave(0)
