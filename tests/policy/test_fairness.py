"""The fairness report in sentences: shares beside what was due, and an answer to “why not me?” for each reason."""

import pytest

from domain.assignments import PassedOver, Why
from domain.fairness import FairnessReport, Passed, Share
from policy import fairness
from tests.policy.cases import TUESDAY


def passed(reason: PassedOver, because: str, **changes: object) -> Passed:
    given: dict[str, object] = {
        "lead_id": "l-1",
        "decision_id": "d-1",
        "at": TUESDAY,
        "rep": "ada",
        "owner": "ben",
        "queue": None,
        "line": "round_robin",
        "why": Why.TURN,
        "reason": reason,
        "because": because,
        "weight": 1,
        "open_leads": 2,
        "offers": 7,
    }
    return Passed.model_validate({**given, **changes})


def test_a_share_is_told_with_what_became_of_it_and_what_was_due() -> None:
    share = Share(
        rep="ada", offered=12, accepted=9, passed=2, timed_out=1, credited=1, weight=2, in_line=20, due=10.04, got=10
    )
    assert fairness.sentences(FairnessReport(since=TUESDAY, reps=(share,))) == [
        "Since Tue 24 Nov 2026 16:00Z:",
        "ada was offered 12 leads (9 taken up, 2 passed on, 1 run out).",
        "  ada stood in line for 20 leads at weight 2: 10.0 of them were due, 10 came.",
        "  1 turn came back, for leads that were none.",
    ]


def test_with_nothing_to_tell_it_says_so() -> None:
    told = fairness.sentences(FairnessReport(since=TUESDAY, lead_id="l-1"))
    assert told == ["Since Tue 24 Nov 2026 16:00Z for lead l-1:", "nobody was looked for."]


@pytest.mark.parametrize(
    ("each", "said"),
    [
        (
            passed(PassedOver.LATER_TURN, "it was ben's turn: ben has had 4 turns; ada has had 7 turns", place=2),
            "it went to ben, since it was ben's turn: ben has had 4 turns; ada has had 7 turns; "
            "ada was number 2 in line round_robin.",
        ),
        (passed(PassedOver.AWAY, "is away: at the fair"), "it went to ben, since ada is away: at the fair."),
        (passed(PassedOver.OTHER_TERRITORY, "takes TX"), "it went to ben, since ada takes TX."),
        (
            passed(PassedOver.OWNER_FIRST, "ben owned this person before", line=None),
            "it went to ben, since ben owned this person before.",
        ),
        (
            passed(PassedOver.FULL, "has 5 open leads, the limit is 5", owner=None, queue="inbound"),
            "it went to queue inbound, since ada has 5 open leads, the limit is 5.",
        ),
    ],
)
def test_why_not_me_has_an_answer(each: Passed, said: str) -> None:
    told = fairness.sentences(FairnessReport(since=TUESDAY, rep="ada", passed_over=(each,)))
    assert told[-1] == f"Not ada, Tue 24 Nov 2026 16:00Z, lead l-1: {said}"


@pytest.mark.parametrize("reason", PassedOver)
def test_every_reason_reads_as_a_sentence(reason: PassedOver) -> None:
    told = fairness.sentences(
        FairnessReport(since=TUESDAY, rep="ada", passed_over=(passed(reason, "is so"),), more=True)
    )
    assert "is so" in told[-2]
    assert told[-1].startswith("There are older ones")
