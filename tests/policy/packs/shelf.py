"""The policies we ship for trades, and short ways to say what they do with a lead."""

from functools import cache

from domain.decisions import Decision, Judgement
from domain.facts import Facts
from domain.values import Action
from policy.load import LoadedPolicy, read_policy
from policy.triage import triage
from tests.policy.cases import CHICAGO, POLICIES, at

PACKS = ("b2b_saas", "real_estate", "home_services")
OWN_SOURCES = ("free_trial", "showing_request", "portal_lead", "home_value", "open_house", "estimate_request")
"""Sources that the packs know besides those of the data contract."""


@cache
def pack(name: str) -> LoadedPolicy:
    """policies/NAME.yaml."""
    return read_policy(POLICIES / f"{name}.yaml")


def judged(name: str, facts: Facts, when: str) -> Judgement:
    """The first decision at a moment as Chicago's clock says it."""
    return triage(facts, pack(name), at(when), "lead-1:1:triage:0")


def route(decision: Decision) -> str | None:
    """The route that took the lead, if one did."""
    return next((rule.partition("/")[2] for rule in decision.rules if rule.startswith("route/")), None)


def group(judgement: Judgement) -> str | None:
    """The group whose turn it was, else the queue."""
    found = judgement.trace.assignment
    return None if found is None else found.queue or found.line


def due(decision: Decision) -> str | None:
    """By when somebody must have moved, on Chicago's clock."""
    return f"{decision.sla_due_at.astimezone(CHICAGO):%a %H:%M}" if decision.sla_due_at else None


def texts(decision: Decision) -> list[tuple[str | None, str]]:
    """Each text of the first decision and when it goes, on Chicago's clock; rescues apart."""
    return [
        (item.template, f"{item.at.astimezone(CHICAGO):%a %H:%M}")
        for item in decision.agenda
        if item.action is Action.TEXT
    ]


def offered(decision: Decision) -> str | None:
    """When the lead is offered, on Chicago's clock."""
    offers = [item.at for item in decision.agenda if item.action is Action.OFFER]
    return f"{offers[0].astimezone(CHICAGO):%a %H:%M}" if offers else None
