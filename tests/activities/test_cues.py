"""What a rep is told to begin with, and what they are asked to do, by the decision's cue and motion."""

import pytest

from activities.briefing import Briefing
from activities.notices import compose
from domain.orders import Notice, NoticeOrder
from domain.ports import Dossier
from domain.replies import ReplyKind
from domain.values import Cue, Motion
from tests.builders import NOON
from tests.fakes import facts_of
from tests.policy import cases


def offered(cue: Cue | None, motion: Motion, source: str = "demo_request", referrer: str | None = None) -> str:
    """The offer as one text."""
    order = NoticeOrder(
        tenant="main", lead_id="lead-1", key="k", as_of=NOON, notice=Notice.OFFER, owner="ada", offer=1, cue=cue,
        motion=motion,
    )  # fmt: skip
    dossier = Dossier(facts=facts_of("lead-1", source, NOON, page="/pricing"), person_id="p1", referrer=referrer)
    message = compose(Briefing(order=order, dossier=dossier, policy=cases.default().policy, now=NOON))
    return "\n".join((message.text, *message.lines))


@pytest.mark.parametrize(
    ("cue", "source", "said"),
    [
        (Cue.PAGE, "demo_request", "they were looking at /pricing"),
        (Cue.APOLOGETIC, "demo_request", "missed call, be apologetic"),
        (None, "missed_call", "missed call, be apologetic"),
        (Cue.REPLY, "paid_lead_form", "they answered and want to go on"),
        (None, "demo_request", "they were looking at /pricing"),
    ],
)
def test_the_cue_says_what_to_begin_with(cue: Cue | None, source: str, said: str) -> None:
    assert said in offered(cue, Motion.LIVE_TRANSFER, source)


def test_a_referrer_is_named_to_the_rep() -> None:
    assert "Christopher sent them to us" in offered(Cue.REFERRER, Motion.WHISPER_CALL, "referral", "Christopher")


@pytest.mark.parametrize(
    ("motion", "asked"),
    [
        (Motion.LIVE_TRANSFER, "call now"),
        (Motion.WHISPER_CALL, "call personally"),
        (Motion.APPOINTMENT, "find a time with"),
        (Motion.HUMAN_TASK, "find a way to reach"),
        (Motion.TEXT_BACK, "get in touch with"),
    ],
)
def test_the_motion_says_what_to_do(motion: Motion, asked: str) -> None:
    assert asked in offered(None, motion).splitlines()[0]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (ReplyKind.BUYING_SIGNAL, "wants to go on: call them"),
        (ReplyKind.QUESTION, "asks something"),
        (ReplyKind.NOT_NOW, "says not now"),
        (ReplyKind.WRONG_PERSON, "somebody else's"),
        (ReplyKind.OTHER, "answered"),
        (None, "answered"),
    ],
)
def test_a_reply_is_shown_with_what_it_was_taken_for_and_its_words(said: ReplyKind | None, shown: str) -> None:
    order = NoticeOrder(tenant="main", lead_id="lead-1", key="k", as_of=NOON, notice=Notice.REPLY, said=said)
    dossier = Dossier(facts=facts_of("lead-1", "paid_lead_form", NOON), person_id="p1", last_words="Hm, well")
    message = compose(Briefing(order=order, dossier=dossier, policy=cases.default().policy, now=NOON))
    assert shown in message.text
    assert "“Hm, well”" in message.lines
    assert "Hm" not in message.alert
