"""A reply is told by whom the policy chose, and read by the rules where that one can't."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from activities import replied
from activities.capture import Capture
from activities.policies import Policies
from adapters.phones import person_facts
from domain.messages import InboundText
from domain.ports import Captured, Captures, Ledger
from domain.replies import Reading, ReplyClassifier, ReplyKind
from policy.load import LoadedPolicy
from policy.replies import meaning_of
from policy.reply_signals import RuleClassifier
from tests.policy import cases
from tests.published import FakePolicies

RULES: dict[str, ReplyClassifier] = {"rules": RuleClassifier()}


class Parrot:
    """Takes every text for the same."""

    def __init__(self, kind: Any) -> None:  # Any: one that doesn't keep its promise
        self.kind = kind

    async def read(self, body: str) -> Reading:
        return Reading(cast(ReplyKind, self.kind), "parrot", 0.9)


class Broken:
    """Fails, or takes too long."""

    def __init__(self, waits: float = 0) -> None:
        self.waits = waits

    async def read(self, body: str) -> Reading:
        await asyncio.sleep(self.waits)
        raise RuntimeError(body)


class Memory:
    """The part of the Captures port that takes texts."""

    def __init__(self) -> None:
        self.texts: list[InboundText] = []

    async def text(self, tenant: str, text: InboundText, *rest: object) -> Captured:
        self.texts.append(text)
        return Captured(row_id="1", status="joined")


@pytest.mark.parametrize("is_answered", [True, False])
async def test_help_is_told_by_the_keyword_alone_and_only_where_the_vendor_was_silent(is_answered: bool) -> None:
    text = InboundText(vendor_id="1", sender="+15125550142", recipient="", body="HELP", is_answered=is_answered)
    found = await replied.told(text, meaning_of("HELP"), "parrot", {"parrot": Parrot(ReplyKind.NOT_NOW)})
    assert (found.kind, found.by) == (ReplyKind.OTHER if is_answered else ReplyKind.HELP, "rules")


async def told(loaded: LoadedPolicy, body: str, meaning: str, **more: ReplyClassifier) -> ReplyKind | None:
    """What a text was taken for when it was captured."""
    memory = Memory()
    capture = Capture(
        "main", cast(Captures, memory), cast(Ledger, None), person_facts, Policies(loaded, FakePolicies())
    )
    capture.classifiers = {**capture.classifiers, **more}
    text = InboundText(vendor_id="SM1", sender="+15125550142", recipient="+15125550100", body=body)
    await capture.text(text, meaning)
    return memory.texts[0].said


@pytest.mark.parametrize(
    ("body", "meaning", "said"),
    [
        ("YES", "yes", "buying_signal"),
        ("How much?", "reply", "question"),
        ("STOP", "stop", None),
        ("HELP", "help", "help"),
    ],
)
async def test_answers_are_told_and_a_stop_is_only_heeded(body: str, meaning: str, said: str | None) -> None:
    assert await told(cases.default(), body, meaning) == said


STOPS = (Path(__file__).parents[1] / "policy" / "said_stop.txt").read_text(encoding="utf-8").splitlines()


async def test_no_classifier_is_asked_about_a_stop() -> None:
    """Nor could it take one back: whatever the rules hear as a stop is one."""
    loaded = cases.changed(replies={"classifier": "parrot"})
    eager = Parrot(ReplyKind.BUYING_SIGNAL)
    heard = [body for body in STOPS if meaning_of(body) == "stop"]
    assert len(heard) >= 0.98 * len(STOPS)
    assert {await told(loaded, body, "stop", parrot=eager) for body in heard} == {None}


async def test_a_policy_may_choose_another_classifier() -> None:
    loaded = cases.changed(replies={"classifier": "parrot"})
    assert await told(loaded, "Hello", "reply", parrot=Parrot(ReplyKind.QUESTION)) is ReplyKind.QUESTION
    assert await told(cases.default(), "Hello", "reply", parrot=Parrot(ReplyKind.QUESTION)) is ReplyKind.OTHER


@pytest.mark.parametrize("other", [Broken(), Broken(waits=60), Parrot("nonsense"), Parrot(None), None])
async def test_whatever_is_wrong_with_the_other_one_the_rules_read_the_reply(
    other: ReplyClassifier | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replied, "PATIENCE", timedelta(milliseconds=20))
    known = {**RULES, **({"other": other} if other else {})}
    read = await replied.reading_of("Yes, call me", "other", known)
    assert (read.kind, read.by, read.score) == (ReplyKind.BUYING_SIGNAL, "rules", None)
