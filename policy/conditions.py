"""Conditions in CEL over a published list of facts.

A condition is checked when a policy is loaded; one that still errors on a real lead counts as false and is named in the
trace.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

import cel

from domain.values import Band, Flag, Source
from policy import condition_kinds, functions
from policy.roles_table import DEPARTMENT_NAMES, LEVELS

Value = str | int | bool | list[str] | dict[str, str]
Kind = Literal["text", "number", "yes/no", "list of texts", "map of texts"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A name that conditions may use. `sample` is what a condition is tried on when the policy is loaded. `values`: all
    that it, or a part of it, may be, where that is a closed list."""

    name: str
    kind: Kind
    meaning: str
    sample: Value
    values: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """What it means, with its values."""
        listed = [each for each in self.values if each]
        return f"{self.meaning}: {', '.join(listed)}" if listed else self.meaning


LEAD_FACTS = (
    Fact("source", "text", "where the lead came from, such as demo_request", "demo_request"),
    Fact("page", "text", "the page of the form, or empty", "/pricing"),
    Fact("campaign", "text", "the campaign, or empty", "fall-brand"),
    Fact("referred", "yes/no", "somebody referred this person", False),
    Fact("test", "yes/no", "a test lead", False),
    Fact("company", "text", "company as given, or empty", "Ortiz Roofing"),
    Fact("title", "text", "job title as given, or empty", "Owner"),
    Fact("email_domain", "text", "domain of the e-mail address in lower case, or empty", "example.com"),
    Fact("country", "text", "two-letter country, or empty", "US"),
    Fact("region", "text", "two-letter state, or empty", "TX"),
    Fact("postal_code", "text", "ZIP code, or empty", "78701"),
    Fact("language", "text", "two-letter language, as told or by answers['language'], else en", "en"),
    Fact("product_line", "text", "what they asked about, answers['product_line'] as a name, or empty", "roofing"),
    Fact("has_phone", "yes/no", "there is a valid phone number", True),
    Fact("has_email", "yes/no", "there is a valid e-mail address", True),
    Fact("flags", "list of texts", "what validation noticed", ["toll_free"], tuple(Flag)),
    Fact("consent_sms", "yes/no", "the person agreed to texts", True),
    Fact("consent_call", "yes/no", "the person agreed to calls", True),
    Fact("consent_kind", "text", "the kind of consent", "express", ("written", "express", "inquiry", "none")),
    Fact("answers", "map of texts", "answers of the form: answers['timeline']", {"timeline": "this month"}),
    Fact("signal_kinds", "list of texts", "kinds of behaviour within intent.within", ["page_view"]),
    Fact("pages", "list of texts", "pages viewed within intent.within", ["/pricing"]),
    Fact("high_intent_visits", "number", "behaviours that count as intent (intent.pages, intent.kinds)", 2),
    Fact("handoffs", "number", "cycles already spent on this lead", 0),
    Fact("hand_raise", "yes/no", "somebody asked for a person (intent.hand_raises)", True),
    Fact("seniority", "text", "by title, or empty", "owner", (*LEVELS, "")),
    Fact("department", "text", "by title, or empty", "marketing", (*DEPARTMENT_NAMES, "")),
    Fact("company_domain", "text", "the company's domain; empty for free mail", "example.com"),
    Fact("free_mail", "yes/no", "the address is of a domain where anybody has one", False),
    Fact("known_company", "yes/no", "there are figures of the company, by import or enrichment", True),
    Fact("employees", "number", "people in the company; 0 when not known", 25),
    Fact("revenue", "number", "of the company, whole US dollars a year; 0 when not known", 4_000_000),
    Fact("industry", "text", "of the company, in small letters, or empty", "construction"),
    Fact("segment", "text", "of the company, in small letters, or empty", "smb"),
    Fact("company_country", "text", "two-letter country of the company, or empty", "US"),
    Fact("account", "text", "name of the account we want that they belong to, or empty", "Bigcorp"),
    Fact(
        "account_people", "number", "people of the company, this one too, who showed intent within accounts.within", 2
    ),
    Fact("account_signals", "number", "pieces of such behaviour and inquiries of all of them", 5),
    Fact("returning", "yes/no", "the person was with us before", False),
    Fact("open", "yes/no", "the business is open now", True),
    Fact("capacity", "yes/no", "at least one rep is there and below their limit", True),
    Fact("bench", "number", "how many reps are there and below their limits", 3),
)
"""What disqualifiers and points may use."""

ROUTE_FACTS = (
    *LEAD_FACTS,
    Fact("score", "number", "points of the score: fit and intent together", 50),
    Fact("fit", "number", "points for who they are", 25),
    Fact("intent", "number", "points for what they want", 25),
    Fact("band", "text", "by the score", "B", tuple(Band)),
)
"""What routes may use: they come after the score."""

_BOUND = re.compile(r"\.(?:all|exists|exists_one|filter|map)\(\s*(\w+)\s*,")
_ERRORS = (ArithmeticError, LookupError, TypeError, RuntimeError, ValueError)


@lru_cache(maxsize=1024)
def reads(expression: str) -> tuple[str, ...]:
    """Names that a condition asks about. Raises ValueError when it is none."""
    return tuple(cel.compile(expression).variables())


@lru_cache(maxsize=256)
def _asked_about(expressions: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in expressions for name in reads(each)))


def problem_of(expression: str, facts: tuple[Fact, ...]) -> str | None:
    """What is wrong with a condition, in a sentence; None when it can be used."""
    try:
        program = cel.compile(expression)
    except ValueError as error:
        return f"not a condition: {_syntax(str(error))}"
    kinds = {fact.name: fact.kind for fact in facts}
    return _unknown(program, facts) or condition_kinds.problem_of(expression, kinds) or _misfit(program, facts)


def _syntax(text: str) -> str:
    if "token recognition error at: '=" in text:
        return "a single = means nothing; compare with =="
    found = re.search(r"<input>:\d+:(\d+): (.*)", text)
    return f"at character {found[1]}, {found[2].partition(' expecting ')[0]}" if found else text.splitlines()[0]


def _unknown(program: cel.Program, facts: tuple[Fact, ...]) -> str | None:
    names = [fact.name for fact in facts]
    bound = _BOUND.findall(program.source)
    for name in program.variables():
        if name not in names and name not in bound:
            return f"there is no fact “{name}”{_known_elsewhere(name) or _hint(name, names) or _QUOTES}"
    for name in program.functions():
        if name[0].isalpha() and name not in functions.NAMES:
            return f"there is no function “{name}”{_hint(name, functions.NAMES)}"
    return None


_QUOTES = "; a text stands in quotes"


def _known_elsewhere(name: str) -> str:
    if name in list(Source):
        return f'{_QUOTES}: "{name}"'
    return " here; only routes know it" if name in [fact.name for fact in ROUTE_FACTS] else ""


def _hint(name: str, known: list[str] | tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean “{near[0]}”?" if near else ""


def _misfit(program: cel.Program, facts: tuple[Fact, ...]) -> str | None:
    try:
        answer = program.execute({fact.name: fact.sample for fact in facts})
    except LookupError:
        return None  # an answer or a page that this sample lead did not give
    except _ERRORS as error:
        return f"fails on a sample lead: {_brief(error)}"
    return None if isinstance(answer, bool) else f"gives {answer!r}, not yes or no"


def _brief(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"the lead gave no “{error.args[0]}”"
    return f"{type(error).__name__}: {str(error).splitlines()[0].split(' CEL does not')[0]}"


@dataclass(slots=True)
class Reading:
    """The facts of one lead as conditions see them. `faults` gathers (condition's name, error) pairs."""

    values: dict[str, Value]
    programs: Mapping[str, cel.Program]
    faults: list[tuple[str, str]] = field(default_factory=list)
    _context: cel.Context = field(
        init=False
    )  # facts are turned into CEL's own once, which takes longer than a condition

    def __post_init__(self) -> None:
        names = _asked_about(tuple(self.programs))
        self._context = cel.Context(variables={name: self.values[name] for name in names if name in self.values})

    def learn(self, **found: Value) -> None:
        """Facts that were judged on the way, for the conditions that follow."""
        self.values |= found
        self._context.update(found)

    def given(self, values: dict[str, Value]) -> "Reading":
        """The same lead, were these facts so."""
        return Reading({**self.values, **values}, self.programs)

    def holds(self, name: str, expression: str) -> bool:
        """Whether the condition is true; one that errors or answers something else is false and is noted under its
        rule's name."""
        try:
            answer = self.programs[expression].execute(self._context)
        except _ERRORS as error:
            self.faults.append((name, _brief(error)))
            return False
        if not isinstance(answer, bool):
            self.faults.append((name, f"gives a {type(answer).__name__}, not yes or no"))
        return answer is True
