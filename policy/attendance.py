"""The team at a moment, for people to look at: who takes leads, who doesn't and why. It judges no lead."""

from datetime import datetime
from zoneinfo import ZoneInfo

from domain.facts import Facts, RepLoad
from domain.presence import RepView
from policy import presence
from policy.loaded import LoadedPolicy
from policy.roster import Rep

HERE = "here"


def team(loaded: LoadedPolicy, loads: tuple[RepLoad, ...], now: datetime) -> tuple[RepView, ...]:
    """Each rep as a lead of this moment would find them."""
    facts = Facts(tenant="", lead_id="", source="", received_at=now, reps=loads)
    return tuple(_view(rep, facts, loaded, now) for rep in loaded.policy.team)


def _view(rep: Rep, facts: Facts, loaded: LoadedPolicy, now: datetime) -> RepView:
    load = presence.load_of(facts, rep)
    absence = presence.absence(rep, facts, loaded, now)
    return RepView(
        handle=rep.handle,
        name=rep.name,
        status=absence.reason if absence else HERE,
        because=absence.because if absence else "",
        back_at=presence.back_at(rep, facts, loaded, now) if absence else None,
        weight=rep.weight,
        open_leads=load.open_leads,
        max_open=rep.max_open,
        offered_today=presence.offers_today(load, ZoneInfo(loaded.clock(rep.handle).zone), now),
        max_per_day=rep.max_per_day,
        missed=load.missed,
        owed=sum(turn.owed for turn in load.turns),
        territories=rep.territories,
        languages=rep.languages,
        licences=rep.licences,
    )
