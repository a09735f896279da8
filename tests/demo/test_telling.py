"""What the audience reads is in words, on lines of their own, and what was away is asked for again."""

import io
import json
import math
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import httpx2
import pytest
from rich.console import Console

from domain.decisions import Decision, DecisionKind, Outcome, Reason
from domain.errors import Unavailable
from domain.values import ClosedReason
from domain.views import TracedDecision
from runtime.demo import patience, script
from runtime.demo.patience import DemoError, patiently
from runtime.demo.performance import Ended, Report, Summary
from runtime.demo.screen import Lines
from runtime.demo.timeline import Line, Timeline
from runtime.demo.world import World
from runtime.embedded.addresses import Urls
from runtime.embedded.stack import Stack
from tests.builders import a_decision
from tests.demo.test_script import POLICY

URLS = Urls(api="http://127.0.0.1:1", console=None, temporal_ui=None, simulator="http://127.0.0.1:2")
STACK = cast(
    Stack, SimpleNamespace(urls=URLS, secrets=SimpleNamespace(api_key="key", webhook_secret="whsec_c2VjcmV0c2VjcmV0"))
)


def timeline() -> Timeline:
    return Timeline(cast(Any, None), cast(Any, None), POLICY, {})


def sentence(decision: Decision, *reasons: tuple[str, str]) -> str:
    spoken = [Reason(rule=rule, because=because) for rule, because in reasons]
    traced = SimpleNamespace(decision=decision, trace=SimpleNamespace(reasons=spoken), facts=None)
    return timeline()._sentence(cast(TracedDecision, traced))


def test_decisions_are_told_in_words() -> None:
    dispose = a_decision(kind=DecisionKind.DISPOSE, outcome=Outcome.CLOSE, closed=ClosedReason.NOT_ICP)
    assert sentence(dispose, ("recycle/x", "disposed as not icp")) == "closed as not ICP: disposed as not icp"
    kept = a_decision(kind=DecisionKind.DISPOSE, outcome=Outcome.KEEP)
    owed = ("work/owed", "contact was made, so a reason code is owed")
    told = sentence(kept, ("recycle/x", "disposed as meeting set"), owed)
    assert told == "goes on: disposed as meeting set; the rep goes on"
    offered = a_decision(kind=DecisionKind.REOFFER, outcome=Outcome.HAND_OFF, owner="ada")
    turn = ("assign/turn", "it is ada's turn of the 2 for TX; ada owns none, ben was offered it")
    assert (
        sentence(offered, turn) == "offered to Ada: it is Ada's turn of the 2 for TX; Ada owns none, ben was offered it"
    )


def test_news_that_changes_nothing_is_not_told() -> None:
    assert sentence(a_decision(kind=DecisionKind.NEWS, outcome=Outcome.KEEP), ("news/x", "not hotter")) == ""
    assert sentence(a_decision(kind=DecisionKind.NEWS, outcome=Outcome.RESTART), ("news/x", "hot")) != ""


def shown(report: Report | None = None) -> list[str]:
    written = io.StringIO()
    lines = Lines(math.inf, console=Console(file=written, width=80, soft_wrap=True))
    if report is None:
        lines.sees(timeline(), [Line(script.START, "said", "Eve\x1b[2J", "“a\rb\u202ec”")], script.START)
    else:
        lines.ends(report)
    return written.getvalue().splitlines()


def test_strangers_words_only_show() -> None:
    (line,) = shown()
    assert line.endswith("Eve\ufffd[2J  “a\ufffdb\ufffdc”")


def test_the_verdict_is_a_line_for_each_lead_with_its_id() -> None:
    ended = Ended(
        lead="dana", lead_id="01a2-full-id", source="demo_request", expected="", ended="closed, " * 30 + "won", ok=True,
        faults=(),
    )  # fmt: skip
    summary = Summary(
        leads=1, held=0, lost=0, duplicate_touches=0, first_touch_p50_ms=None, first_touch_p99_ms=None
    )  # fmt: skip
    lines = shown(Report(summary=summary, leads=(ended,), urls=URLS, clock=(script.START, script.START)))
    (row,) = [line for line in lines if "dana" in line]
    assert "01a2-full-id" in row
    assert row.endswith("won")
    assert all(line == line.rstrip() for line in lines)


async def test_an_event_is_sent_again_under_its_own_id_until_the_api_is_back() -> None:
    asked: list[tuple[str, object]] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append((request.headers["webhook-id"], json.loads(request.content)["source_event_id"]))
        if len(asked) == 1:
            raise httpx2.ConnectError("nobody there")
        return httpx2.Response(503 if len(asked) == 2 else 202, json={"status": "started", "lead_id": "lead-1"})

    async with World(STACK) as world:
        world._http = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
        assert (await world.signed("/v1/inquiries", {"source_event_id": "demo-dana"})).lead_id == "lead-1"
    assert len(asked) == 3
    assert len(set(asked)) == 1


async def test_patience_has_an_end_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "ASK_AGAIN", timedelta(milliseconds=1).total_seconds())

    async def away() -> None:
        raise Unavailable("PostgreSQL does not answer")

    with pytest.raises(DemoError, match="PostgreSQL does not answer"):
        await patiently(away, limit=0.01)
