"""What strangers write: one line when it is kept, plain words in a text, and only words in the chat."""

from typing import Any, cast

import pytest

from activities import strangers
from activities.briefing import Briefing
from activities.capture import Capture
from activities.notices import compose
from activities.policies import Policies
from adapters.phones import person_facts
from domain.facts import PersonFacts
from domain.messages import Attribution, Inquiry, Person, Signal
from domain.orders import Notice, NoticeOrder
from domain.ports import Captured, Captures, ChatMessage, Dossier, Ledger
from tests.builders import NOON
from tests.fakes import facts_of, texan
from tests.policy import cases
from tests.published import FakePolicies

POLICY = cases.default()
HOSTILE = " Eve\x1b[31m\x07\n*Mallory*\t\u202egro.live \u2028 "
PLAIN = "Eve[31m *Mallory* gro.live"


class Memory:
    """The part of the Captures port that takes inquiries and signals."""

    def __init__(self) -> None:
        self.inquiries: list[tuple[Inquiry, PersonFacts]] = []
        self.signals: list[Signal] = []

    async def capture(self, tenant: str, inquiry: Inquiry, person: PersonFacts, judge: object) -> Captured:
        self.inquiries.append((inquiry, person))
        return Captured(row_id="1", status="started")

    async def signal(self, tenant: str, signal: Signal, person: PersonFacts, judge: object) -> Captured:
        self.signals.append(signal)
        return Captured(row_id="1", status="kept")


def told(notice: Notice, **changes: Any) -> ChatMessage:  # Any: what a field takes
    """A notice about a lead of whom strangers wrote these things."""
    who = texan(company=changes.pop("company", None))
    facts = facts_of("lead-1", "referral", NOON, person=who, page=changes.pop("page", None))
    order = NoticeOrder(tenant="main", lead_id="lead-1", key="k", as_of=NOON, notice=notice, owner="ada", offer=1)
    dossier = Dossier(facts=facts, person_id="p1", **changes)
    return compose(Briefing(order=order, dossier=dossier, policy=POLICY.policy, now=NOON))


async def test_names_are_kept_on_one_line_without_what_steers_a_terminal() -> None:
    memory = Memory()
    capture = Capture(
        "main", cast(Captures, memory), cast(Ledger, None), person_facts, Policies(POLICY, FakePolicies())
    )
    eve = Person(name=HOSTILE, company=HOSTILE, title="x" * 600, email="eve@example.com")
    said = Attribution(page=HOSTILE, referrer_name=HOSTILE, campaign="fall")
    await capture.inquiry(
        Inquiry(source="demo_request", source_event_id="e1", person=eve, attribution=said, answers={"why": "a\nb"})
    )
    await capture.signal(Signal(source_event_id="s1", person=eve, kind="page_view", page="/a\nb"))
    [(kept, facts)] = memory.inquiries
    assert (kept.person.name, kept.person.company, len(kept.person.title or "")) == (PLAIN, PLAIN, 200)
    assert (kept.attribution.page, kept.attribution.referrer_name, kept.attribution.campaign) == (PLAIN, PLAIN, "fall")
    assert (facts.company, facts.email, kept.answers) == (PLAIN, "eve@example.com", {"why": "a\nb"})
    assert (memory.signals[0].person.name, memory.signals[0].page) == (PLAIN, "/a b")


async def test_what_was_not_given_stays_not_given() -> None:
    memory = Memory()
    capture = Capture(
        "main", cast(Captures, memory), cast(Ledger, None), person_facts, Policies(POLICY, FakePolicies())
    )
    given = Inquiry.model_validate({"source": "x", "source_event_id": "e1", "person": {"name": "Dana", "pet": "cat"}})
    await capture.inquiry(given)
    assert memory.inquiries[0][0].model_dump(exclude_unset=True) == given.model_dump(exclude_unset=True)


@pytest.mark.parametrize(
    "words", ["Eve\n*Supervisors:* all clear", "*bold* ~gone~ _leaning_ `code`", "<!channel> <@U0BEN>"]
)
@pytest.mark.parametrize("field", ["name", "referrer", "company", "page", "last_words"])
def test_in_the_chat_a_strangers_words_are_only_words_on_their_line(words: str, field: str) -> None:
    notice = Notice.REPLY if field == "last_words" else Notice.OFFER
    message, plain = told(notice, **{field: words}), told(notice, **{field: "Eve"})
    assert len(message.lines) == len(plain.lines)
    for line, usual in zip((message.text, *message.lines), (plain.text, *plain.lines), strict=True):
        assert "\n" not in line
        for mark in ("*", "~", "`", "<"):
            assert line.count(mark) == usual.count(mark)
        assert " _" not in line


def test_an_underscore_inside_a_word_stays_so_that_it_can_be_copied() -> None:
    assert strangers.quoted("/free_trial_offer") == "/free_trial_offer"


def test_a_long_name_is_cut_in_the_chat() -> None:
    assert strangers.quoted("x" * 600) == "x" * 200 + "…"


@pytest.mark.parametrize(
    ("page", "path"),
    [
        ("/pricing", "/pricing"),
        ("https://brightside.example/pricing?x=1", "/pricing"),
        ("evil.example/win", ""),
        ("//evil.example/win", "/win"),
        ("https://[broken", ""),
        ("/" + "x" * 60, ""),
        (None, ""),
    ],
)
def test_a_text_names_a_page_by_its_path_alone(page: str | None, path: str) -> None:
    assert strangers.path_of(page) == path


@pytest.mark.parametrize(
    ("company", "sent"),
    [("Ortiz Roofing & Sons, Inc.", "Ortiz Roofing & Sons, Inc."), ("A/C Repair", "A/C Repair"), ("evil.example", "")],
)
def test_a_text_names_a_company_that_is_no_link(company: str, sent: str) -> None:
    assert strangers.sendable(company) == sent
