"""Retries spread over the day (N9), and what is said of a rest that ends early (R6)."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.decisions import DecisionKind
from domain.facts import PastTouch, SignalFact
from domain.values import Channel
from policy import recycle
from policy.load import PolicyInvalid
from policy.news import on_news
from policy.notes import Notes
from tests.policy.cases import CALL, CHICAGO, EMAIL, SMS, SOLICITATION, TUESDAY, ask, at, changed, default, known, lead

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def touched(*when: str, channel: Channel = SMS, heard: str | None = None) -> object:
    touches = tuple(PastTouch(channel=channel, purpose=SOLICITATION, at=at(each)) for each in when)
    return known(touches=touches, last_contact_at=at(heard) if heard else None)


def texts(now: datetime, history: object = None, track: str = "re_engage", **contact: object) -> list[str]:
    """When the texts of a rest go, as Chicago's clock says it, with `!` where the spread put one off."""
    loaded = changed(contact=contact) if contact else default()
    facts = lead(received_at=now, history=history or known())
    items = recycle.drips(facts, loaded, now, recycle.Resting(track, now + 60 * DAY), Notes())
    return [f"{item.at.astimezone(CHICAGO):%d %H:%M}{'!' if 'spread' in item.held_by else ''}" for item in items]


@pytest.mark.parametrize(
    ("tried", "expected"),
    [
        ((), "27 10:00"),
        (("2026-11-23 10:00",), "27 13:00!"),
        (("2026-11-23 07:01",), "27 10:01!"),
        (("2026-11-23 07:00",), "27 10:00"),  # three hours before is far enough
        (("2026-11-23 12:59",), "27 15:59!"),
        (("2026-11-23 13:00",), "27 10:00"),
        (("2026-11-22 10:00", "2026-11-23 13:00"), "27 16:00!"),
        (
            ("2026-11-22 10:00", "2026-11-22 13:00", "2026-11-23 16:00", "2026-11-23 19:00"),
            "27 10:00",
        ),  # no hour is left
        (("2026-11-24 09:00",), "27 10:00"),  # an hour ago: it may yet be answered
    ],
)
def test_a_text_keeps_three_hours_from_the_time_of_day_that_failed(tried: tuple[str, ...], expected: str) -> None:
    assert texts(at("2026-11-24 10:00"), touched(*tried)) == [expected]


def test_calls_count_e_mail_and_what_was_answered_do_not() -> None:
    now = at("2026-11-24 10:00")
    assert texts(now, touched("2026-11-22 10:00", channel=CALL)) == ["27 13:00!"]
    assert texts(now, touched("2026-11-22 10:00", channel=EMAIL)) == ["27 10:00"]
    assert texts(now, touched("2026-11-22 10:00", heard="2026-11-22 10:05")) == ["27 10:00"]
    assert texts(now, touched("2026-11-22 10:00", heard="2026-11-22 09:00")) == ["27 13:00!"]


def test_the_texts_of_a_track_keep_away_from_each_other_save_the_one_that_goes_at_once() -> None:
    now = at("2026-11-24 10:00")
    assert texts(now, track="warm") == ["24 10:00", "01 13:00!", "15 16:00!"]
    assert texts(now, touched("2026-11-23 10:00"), track="warm")[0] == "24 10:00"
    assert texts(at("2026-11-24 19:00"), track="warm") == ["24 19:00", "02 09:00!", "16 12:00!"]


@pytest.mark.parametrize(("spread", "expected"), [("0m", "27 10:00"), ("1h", "27 11:00!"), ("12h", "27 10:00")])
def test_how_far_is_the_policys_to_say(spread: str, expected: str) -> None:
    found = texts(at("2026-11-24 10:00"), touched("2026-11-22 10:00"), spread=spread)
    assert found == [expected]


def test_more_than_half_a_day_is_refused() -> None:
    with pytest.raises(PolicyInvalid, match=r"contact\.spread: at most 12 hours"):
        changed(contact={"spread": "13h"})


@settings(max_examples=60, derandomize=True, deadline=None, database=None)
@given(
    minutes=st.integers(0, 7 * 24 * 60),
    later=st.integers(0, 24 * 60),
    tried=st.lists(st.integers(0, 24 * 60 - 1), max_size=4),
)
def test_a_later_start_never_makes_a_text_earlier(minutes: int, later: int, tried: list[int]) -> None:
    midnight = at("2026-11-10 00:00")
    history = known(
        touches=tuple(
            PastTouch(channel=SMS, purpose=SOLICITATION, at=midnight + timedelta(minutes=each)) for each in tried
        )
    )
    found = []
    for start in (minutes, minutes + later):
        now = at("2026-11-24 00:00") + timedelta(minutes=start)
        facts = lead(received_at=now, history=history)
        found.append(recycle.drips(facts, default(), now, recycle.Resting("re_engage", now + 60 * DAY), Notes()))
    assert found[0][0].at <= found[1][0].at


def viewed(count: int) -> tuple[SignalFact, ...]:
    return tuple(SignalFact(kind="page_view", page="/pricing", at=TUESDAY - HOUR * n) for n in range(count))


@pytest.mark.parametrize(
    ("news", "signals", "rule", "said"),
    [
        (
            "meeting_request",
            (SignalFact(kind="meeting_request", at=TUESDAY),),
            "intent/strong",
            "meeting_request may end a rest",
        ),
        ("page_view", viewed(3), "intent/repeated", "3 signs of intent within 7d, and 3 may end a rest"),
        ("demo_request", (), "intent/inquiry", "a new inquiry (demo_request) may end a rest"),
    ],
)
def test_the_trace_says_which_threshold_ends_a_rest(
    news: str, signals: tuple[SignalFact, ...], rule: str, said: str
) -> None:
    facts = lead("webinar", signals=signals)
    judgement = on_news(facts, default(), TUESDAY, ask(DecisionKind.NEWS, news_source=news))
    assert any(reason.rule == rule and said in reason.because for reason in judgement.trace.reasons)
    working = on_news(facts, default(), TUESDAY, ask(DecisionKind.NEWS, news_source=news, route="content"))
    assert not any(reason.rule.startswith("intent/") for reason in working.trace.reasons)
