"""Leads, places and moments for tables of policy: short ways to say who, from where, when."""

import json
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.decisions import Decision, DecisionKind, Followup, Item
from domain.facts import ConsentFacts, Facts, History, PersonFacts, Place, RepLoad
from domain.values import Action, Channel, Motion, Purpose
from policy.load import LoadedPolicy, load_policy, read_policy

POLICIES = Path(__file__).parents[2] / "policies"
CHICAGO, NEW_YORK, DENVER, HONOLULU = (
    ZoneInfo(name) for name in ("America/Chicago", "America/New_York", "America/Denver", "Pacific/Honolulu")
)

TEXAS = (Place(zone="America/Chicago", region="TX"),)
FLORIDA = (Place(zone="America/New_York", region="FL"),)
WASHINGTON = (Place(zone="America/Los_Angeles", region="WA"),)
CALIFORNIA = (Place(zone="America/Los_Angeles", region="CA"),)
HAWAII = (Place(zone="Pacific/Honolulu", region="HI"),)
LONDON = (Place(zone="Europe/London", country="GB"),)

WILLING = ConsentFacts(sms=True, call=True, kind="express")
SIGNED = ConsentFacts(sms=True, call=True, kind="written", automated=True)


@cache
def by_hand() -> LoadedPolicy:
    """The default policy of a business whose reps dial by hand: no phone is rung."""
    whole = default()
    return replace(whole, policy=whole.policy.model_copy(update={"calls": None}))


@cache
def default() -> LoadedPolicy:
    """policies/default.yaml. Read once: to check it takes longer than most of what is asked of it."""
    return read_policy(POLICIES / "default.yaml")


def changed(**parts: object) -> LoadedPolicy:
    """The default policy with parts of it replaced."""
    return _loaded(json.dumps({"extends": "default.yaml", **parts}))


@cache
def _loaded(text: str) -> LoadedPolicy:
    return load_policy(text, "changed.yaml", POLICIES)


def with_ada(business: object = None, **changes: object) -> LoadedPolicy:
    """The default policy with one rep changed, and parts of the business."""
    team = [rep.model_dump(mode="json", exclude_none=True) for rep in default().policy.team]
    return changed(team=[team[0] | changes, *team[1:]], business=business or {})


def at(when: str, zone: ZoneInfo = CHICAGO) -> datetime:
    """A moment as people say it: `2026-11-24 15:00`, by default in Chicago."""
    return datetime.fromisoformat(when).replace(tzinfo=zone)


TUESDAY = at("2026-11-24 10:00")
"""An ordinary Tuesday, ten in the morning in Chicago."""


def person(places: tuple[Place, ...] = TEXAS, **changes: object) -> PersonFacts:
    """Somebody with phone and e-mail."""
    given: dict[str, object] = {
        "phone": "+15125550142",
        "email": "dana@customer.example",
        "email_domain": "customer.example",
        "country": "US",
        "places": places,
    }
    return PersonFacts.model_validate({**given, **changes})


def lead(source: str = "demo_request", places: tuple[Place, ...] = TEXAS, **changes: object) -> Facts:
    """A willing person's lead."""
    given: dict[str, object] = {
        "tenant": "main",
        "lead_id": "lead-1",
        "source": source,
        "received_at": TUESDAY,
        "person": person(places),
        "consent": WILLING,
    }
    return Facts.model_validate({**given, **changes})


def known(**changes: object) -> History:
    """What happened before."""
    return History.model_validate(changes)


SCRUBBED = known(registry_as_of=at("2026-11-20 00:00"))
"""An extract of the federal registry is here, and the person isn't in it."""


def loads(**last_offered: int) -> tuple[RepLoad, ...]:
    """The running numbers of the reps' last offers."""
    return tuple(RepLoad(rep=rep, last_offered=number) for rep, number in last_offered.items())


def ask(kind: DecisionKind, **changes: object) -> Followup:
    """A later question about lead-1."""
    return Followup.model_validate({"kind": kind, "decision_id": f"lead-1:1:{kind}:7", **changes})


def steps(decision: Decision, *actions: Action) -> list[tuple[str, str]]:
    """The agenda as (Chicago's clock, action), only those actions when any is named."""
    return [(told(item), str(item.action)) for item in decision.agenda if not actions or item.action in actions]


def told(item: Item) -> str:
    """When an item falls due, as Chicago's clock says it."""
    return f"{item.at.astimezone(CHICAGO):%a %H:%M:%S}"


SMS, CALL, EMAIL = Channel.SMS, Channel.CALL, Channel.EMAIL
RESPONSIVE, SOLICITATION = Purpose.RESPONSIVE, Purpose.SOLICITATION
LIVE, WHISPER, TEXT = Motion.LIVE_TRANSFER, Motion.WHISPER_CALL, Motion.TEXT_BACK
NURTURE, TASK = Motion.NURTURE, Motion.HUMAN_TASK
