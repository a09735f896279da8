"""Companies as policy sees them: their figures, whether they are accounts we want, how many of their people stir (ABM).

Free mail is no company, so it never makes a buying group.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.companies import ColleagueSignal, CompanyFacts, company_domain, is_below, is_free_mail
from domain.facts import Facts, SignalFact
from policy.conditions import Value
from policy.criteria import Accounts, Intent
from policy.model import Policy

_NOTHING_KNOWN = CompanyFacts(domain="")


def domain_of(facts: Facts, accounts: Accounts) -> str:
    """The domain of the person's company; empty for free mail and where there is no address."""
    given = facts.person.email_domain
    if given is None or is_below(given, accounts.free_mail):
        return ""
    return company_domain(given) or ""


def values(facts: Facts, accounts: Accounts, intent: Intent, now: datetime) -> dict[str, Value]:
    """The facts of companies under their published names. What isn't known is empty or 0."""
    domain = domain_of(facts, accounts)
    known = facts.company if facts.company is not None and domain else _NOTHING_KNOWN
    people, signals = _group(facts, accounts, intent, now) if domain else (0, 0)
    given = facts.person.email_domain or ""
    return {
        "company_domain": domain,
        "free_mail": is_free_mail(given) or is_below(given, accounts.free_mail),
        "known_company": has_figures(known),
        "employees": known.employees or 0,
        "revenue": known.revenue or 0,
        "industry": (known.industry or "").lower(),
        "segment": (known.segment or "").lower(),
        "company_country": known.country or "",
        "account": _account(domain, facts.person.email_domain, known, accounts),
        "account_people": people,
        "account_signals": signals,
    }


def owner_of(facts: Facts, accounts: Accounts) -> str | None:
    """The handle of the rep who has the person's company, as the company table says; None for free mail."""
    return facts.company.owner if facts.company is not None and domain_of(facts, accounts) else None


def has_figures(company: CompanyFacts | None) -> bool:
    """Whether anything that a provider could tell is known of a company."""
    return company is not None and any(
        value is not None for value in (company.employees, company.revenue, company.industry, company.segment)
    )


def _account(domain: str, given: str | None, known: CompanyFacts, accounts: Accounts) -> str:
    named = next(
        (name for each, name in accounts.targets.items() if domain and is_below(given or domain, (each,))), None
    )
    return named or ((known.name or domain) if known.target else "")


def _group(facts: Facts, accounts: Accounts, intent: Intent, now: datetime) -> tuple[int, int]:
    """How many people of the company showed intent, and how often, this person included."""
    own = sum(_counts(one, accounts, intent, now) for one in facts.signals)
    own += facts.source in accounts.sources and _is_recent(facts.received_at, accounts, now)
    theirs = counted(facts.colleagues, accounts, intent, now)
    return len(dict.fromkeys(one.person for one in theirs)) + (own > 0), len(theirs) + own


def makes_group(facts: Facts, before: tuple[SignalFact, ...], policy: Policy, now: datetime) -> bool:
    """Whether this person has just become one of those who show intent, and the one who makes them a buying group."""
    accounts, intent = policy.accounts, policy.intent
    if not domain_of(facts, accounts) or any(_counts(one, accounts, intent, now) for one in before):
        return False
    is_one = any(_counts(one, accounts, intent, now) for one in facts.signals) or facts.source in accounts.sources
    return is_one and _group(facts, accounts, intent, now)[0] == accounts.people


def _counts(signal: SignalFact, accounts: Accounts, intent: Intent, now: datetime) -> bool:
    return _is_recent(signal.at, accounts, now) and intent.counts(signal.kind, signal.page)


def counted(
    colleagues: Iterable[ColleagueSignal], accounts: Accounts, intent: Intent, now: datetime
) -> Sequence[ColleagueSignal]:
    """What colleagues did that counts as intent at `now`."""
    return [
        one
        for one in colleagues
        if _is_recent(one.at, accounts, now)
        and (one.kind in accounts.sources if one.inquiry else intent.counts(one.kind, one.page))
    ]


def _is_recent(moment: datetime, accounts: Accounts, now: datetime) -> bool:
    return now - accounts.within < moment <= now
