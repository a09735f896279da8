"""Whether a decision should wait to learn of the lead's company, and until when (N13): only where it could come out
otherwise, so that nobody waits, and nothing is paid for, to no end."""

from datetime import datetime

from domain.facts import Facts
from policy import accounts, qualify
from policy.conditions import Value, reads
from policy.loaded import LoadedPolicy
from policy.qualify import Standing
from policy.roster import Match
from policy.routing import Fallback

LEARNT = ("known_company", "employees", "revenue", "industry", "segment", "company_country")
"""Facts that enrichment may change."""

COUNTED = ("score", "fit", "intent", "band")
"""Facts that follow from points."""


def awaited(facts: Facts, loaded: LoadedPolicy, now: datetime, standing: Standing, taken: Fallback) -> datetime | None:
    """Until when the lead waits; None when nobody can be asked, the company is known, or nothing would come of it.
    `taken` is the route it has now."""
    policy = loaded.policy
    if policy.enrich is None or not facts.enriches or _is_known(facts):
        return None
    if not accounts.domain_of(facts, policy.accounts) or not could_change(loaded, standing, taken):
        return None
    patience = policy.enrich.patience(facts.source)
    return now + patience if patience else None


def _is_known(facts: Facts) -> bool:
    return facts.company is not None and (facts.company.asked or accounts.has_figures(facts.company))


def could_change(loaded: LoadedPolicy, standing: Standing, taken: Fallback) -> bool:
    """Whether figures of the company could disqualify the lead, give it another route than `taken`, or to other reps.

    A condition that asks for points or band alone is tried with the most and the least that such figures could bring.
    """
    policy, extremes = loaded.policy, _extremes(loaded, standing)
    conditions = [each.when for each in policy.disqualify if each.when is not None]
    for route in policy.routes:
        conditions.append(route.when)
        if route.name == taken.name:
            break
    if taken.sla is not None and policy.sla[taken.sla].needs_owner:
        conditions += [group.when for group in policy.assign]
        if any(Match.SEGMENT in group.match for group in policy.assign):
            return True
    return any(_could_turn(standing, condition, extremes) for condition in conditions)


def _could_turn(standing: Standing, condition: str, extremes: list[dict[str, Value]]) -> bool:
    if _asks(condition, LEARNT):
        return True
    if not extremes or not _asks(condition, COUNTED):
        return False
    now = _holds(standing, condition, {})
    return any(_holds(standing, condition, values) != now for values in extremes)


def _asks(condition: str, names: tuple[str, ...]) -> bool:
    return any(name in names for name in reads(condition))


def _extremes(loaded: LoadedPolicy, standing: Standing) -> list[dict[str, Value]]:
    """Points and band at the most and the least that points for figures could make of them."""
    asking = [point for point in loaded.policy.score if _asks(point.when, LEARNT)]
    found: list[dict[str, Value]] = []
    for sign in (1, -1):
        fit, intent = (
            given + sum(point.points for point in asking if point.axis == axis and point.points * sign > 0)
            for axis, given in (("fit", standing.fit), ("intent", standing.intent))
        )
        band = qualify.band_of(fit, intent, loaded)
        found.append({"score": fit + intent, "fit": fit, "intent": intent, "band": str(band)})
    return found if asking else []


def _holds(standing: Standing, condition: str, values: dict[str, Value]) -> bool:
    return standing.reading.given(values).holds("trial", condition)
