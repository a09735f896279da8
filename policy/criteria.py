"""What a lead is worth to us: the shape of a policy's disqualifiers, points, intent, accounts and enrichment."""

from datetime import timedelta
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from domain.companies import ACTIVITY_KNOWN
from domain.decisions import SHELF_LIFE
from domain.values import Band, Given
from policy.conditions import reads
from policy.fields import Domain, Duration, LeadCondition, Name
from policy.problems import wrong

Axis = Literal["fit", "intent"]
Level = Literal["high", "medium", "low"]
LEVELS: tuple[Level, ...] = ("high", "medium", "low")

INTENT_FACTS = (
    "source", "page", "campaign", "referred", "answers", "signal_kinds", "pages", "high_intent_visits", "hand_raise",
    "returning", "account_people", "account_signals",
)  # fmt: skip
"""Facts that tell what somebody wants; all others tell who they are."""


class Disqualifier(Given):
    """A reason not to hand a lead to a person: a condition, domains (with all below them), companies by name, or
    several of these, of which one is enough."""

    name: Name
    """What traces call it."""
    when: LeadCondition | None = None
    """The condition."""
    domains: tuple[Domain, ...] = ()
    """Domains of e-mail addresses; all below them count too."""
    companies: tuple[str, ...] = ()
    """Names of companies, however case, punctuation and legal form are written."""
    because: str
    """Why, in words for the trace."""
    then: Literal["close", "nurture"]
    """Close it as not ICP, or nurture it on disqualified_track."""

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if self.when is None and not self.domains and not self.companies:
            raise wrong("a disqualifier needs “when”, “domains” or “companies”")
        return self


class Point(Given):
    """Points for a lead of which `when` is true. `kind` None: by what the condition asks."""

    name: Name
    """What traces call it."""
    when: LeadCondition
    """The condition."""
    points: int = Field(ge=-10_000, le=10_000)
    """How many; below zero they are taken off."""
    kind: Axis | None = None
    """For fit (who they are) or for intent (what they want); by what the condition asks when not said."""
    because: str
    """Why, in words for the trace."""

    @property
    def axis(self) -> Axis:
        """What the points are for: intent when the condition asks about behaviour or source, else fit."""
        return self.kind or ("intent" if any(name in INTENT_FACTS for name in reads(self.when)) else "fit")


class Steps(Given):
    """Points from which fit, or intent, is high or medium; below is low."""

    high: int
    """Points from which it is high."""
    medium: int
    """Points from which it is medium."""

    @model_validator(mode="after")
    def _falls(self) -> Self:
        if self.high <= self.medium:
            raise wrong("“high” must be above “medium”")
        return self

    def level(self, points: int) -> Level:
        """How much so many points are."""
        return "high" if points >= self.high else "medium" if points >= self.medium else "low"


class Matrix(Given):
    """Bands by fit and intent together: `bands` has a row for each level of fit, a column for each of intent."""

    fit: Steps
    """How many points for fit are many."""
    intent: Steps
    """How many points for intent are many."""
    bands: dict[Level, dict[Level, Band]]
    """A row for each level of fit, in it a band for each level of intent; never rising."""

    @model_validator(mode="after")
    def _is_whole_and_falls(self) -> Self:
        for fit in LEVELS:
            for intent in LEVELS:
                if intent not in self.bands.get(fit, {}):
                    raise wrong(f"the matrix has no band for fit {fit} and intent {intent}")
        for fit, intent, lesser in _neighbours():
            if self.bands[fit][intent] > self.bands[lesser[0]][lesser[1]]:
                less = f"fit {lesser[0]}, intent {lesser[1]}"
                raise wrong(f"fit {fit}, intent {intent} is worth less than {less}; bands must fall")
        return self

    def band(self, fit: int, intent: int) -> Band:
        """The band of so many points of each."""
        return self.bands[self.fit.level(fit)][self.intent.level(intent)]


def _neighbours() -> list[tuple[Level, Level, tuple[Level, Level]]]:
    falling = list(pairwise(LEVELS))
    by_fit: list[tuple[Level, Level, tuple[Level, Level]]] = [
        (high, intent, (low, intent)) for high, low in falling for intent in LEVELS
    ]
    return [*by_fit, *((fit, high, (fit, low)) for fit in LEVELS for high, low in falling)]


class Intent(Given):
    """Behaviour that counts as intent (R6). `strong` kinds, or intent shown `repeated` times, may start a lead over.

    `opens`: kinds that open a lead where the person has none, with the source it counts as. `hand_raises`: sources and
    kinds by which somebody asks for a person (R44).
    """

    pages: tuple[str, ...]
    """Pages whose views count, by their beginning: /pricing counts /pricing/teams too."""
    kinds: tuple[str, ...]
    """Kinds of behaviour that count, such as meeting_request."""
    within: Duration
    """For how long behaviour counts."""
    strong: tuple[str, ...] = ()
    """Kinds that end a rest, or start over a lead on a colder route."""
    repeated: int = Field(default=3, ge=1)
    """How many behaviours that count are as good as a strong one."""
    opens: dict[str, Name] = Field(default_factory=dict)
    """Kinds that open a lead where the person has none, and the source it counts as."""
    hand_raises: tuple[str, ...] = (
        "demo_request", "contact_sales", "pricing_page", "missed_call", "inbound_sms", "meeting_request", "reply",
    )  # fmt: skip
    """Sources and kinds of behaviour by which somebody asks for a person."""

    def counts(self, kind: str, page: str | None) -> bool:
        """Whether a piece of behaviour counts as intent."""
        return kind in self.kinds or (page or "").startswith(self.pages)


def _at_most(most: timedelta, what: str) -> AfterValidator:
    def check(value: timedelta) -> timedelta:
        if value > most:
            raise wrong(f"{value.total_seconds():.0f}s is too long; {what} {most.total_seconds():.0f}s at most")
        return value

    return AfterValidator(check)


class Accounts(Given):
    """Accounts we want, and what makes a buying group."""

    targets: dict[Domain, str] = Field(default_factory=dict)
    """Accounts we want, by domain (and all below it), with the name we know them by."""
    within: Annotated[Duration, _at_most(ACTIVITY_KNOWN, "colleagues are looked at over")] = timedelta(days=30)
    """For how long what people of one company did counts."""
    people: int = Field(default=3, ge=2)
    """So many people of one company are a buying group, which is news for the open leads of all of them."""
    sources: tuple[Name, ...] = ("demo_request", "contact_sales", "pricing_page", "missed_call", "inbound_sms")
    """Inquiries of a colleague that count as intent, beside what intent.pages and intent.kinds name."""
    free_mail: tuple[Domain, ...] = ()
    """Domains where anybody has an address, besides those known."""


class Enrich(Given):
    """How long a lead may wait to learn of its company, where that could change its first decision (N13)."""

    hot: Annotated[Duration, _at_most(timedelta(seconds=10), "a hot source waits")] = timedelta(seconds=2)
    """The wait of a hot source, 10s at most."""
    other: Annotated[Duration, _at_most(SHELF_LIFE - timedelta(seconds=30), "a lead waits")] = timedelta(seconds=60)
    """The wait of any other source, 90s at most."""
    hot_sources: tuple[Name, ...] = (
        "demo_request", "contact_sales", "pricing_page", "missed_call", "inbound_sms", "referral", "crm_stage",
    )  # fmt: skip
    """Sources that wait no longer than `hot`."""

    def patience(self, source: str) -> timedelta:
        """How long a lead of this source waits."""
        return self.hot if source in self.hot_sources else self.other
