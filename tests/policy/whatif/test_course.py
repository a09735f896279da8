"""Further than the first motion: what follows within a horizon, asked and guarded as in life."""

from datetime import datetime, timedelta

from domain.decisions import DecisionKind, Followup, Judgement
from policy.whatif import assumptions
from policy.whatif.course import Course
from policy.whatif.life import Life
from policy.whatif.simulation import Scenario, Simulation
from policy.whatif.tally import Sums
from tests.policy.cases import TUESDAY, at, changed, default
from tests.policy.whatif.crowd import again, arrivals

FORTNIGHT, SIX_WEEKS = timedelta(days=14), timedelta(days=42)


def _course(*sources: tuple[str, int], horizon: timedelta = FORTNIGHT, assume: tuple[str, ...] = ()) -> Course:
    run = Course(default(), Scenario(assumptions.read(assume)), horizon)
    run.run(arrivals(*sources))
    return run


def test_a_followed_lead_is_asked_what_a_running_lead_is_asked() -> None:
    """A content lead rests a month with two texts besides the first, then begins its next cycle."""
    run = _course(("content_download", 1), horizon=SIX_WEEKS)

    assert run.tally.events == {"rest": 2, "later text": 4, "cycle": 1, "again nurture": 1}
    assert run.tally.all.texts == 1 + 4  # hello; tip on day 7, check on day 21; of the second cycle hello and tip


def test_a_horizon_adds_and_never_takes_away() -> None:
    crowd = (("demo_request", 15), ("missed_call", 10), ("paid_lead_form", 40), ("content_download", 35))
    first = Simulation(default(), Scenario())
    first.run(arrivals(*crowd))

    later = _course(*crowd).tally.all

    assert (first.tally.all.leads, first.tally.all.dials) == (later.leads, later.dials)
    assert later.texts > first.tally.all.texts


def test_a_lead_that_was_reached_is_left_with_its_owner() -> None:
    run = _course(("demo_request", 3), horizon=SIX_WEEKS)

    assert run.tally.events == {"reached": 3}
    assert run.tally.all == Sums(leads=3, dials=3, sla_due=3)


def test_a_call_that_reaches_nobody_falls_back_to_a_text_and_the_ladder_goes_on() -> None:
    run = _course(("demo_request", 4), assume=("demo_request.no_answer=0.5",))

    missed, reached = run.tally.events["not answered"], run.tally.events["reached"]
    assert missed == reached  # half of all calls, those of the next cycle too
    assert run.tally.all.dials == missed + reached > 4
    assert run.tally.all.texts >= missed


def test_not_now_rests_for_as_long_as_the_policy_says_and_no_text_goes_before() -> None:
    run = _course(("demo_request", 1), horizon=timedelta(days=61), assume=("demo_request.disposed_not_now=1",))

    assert run.tally.events["disposed not_now"] == 1
    assert run.tally.events["rest"] >= 1


def test_whoever_opts_out_is_told_nothing_more() -> None:
    run = _course(("content_download", 1), horizon=SIX_WEEKS, assume=("content_download.opt_out=1",))

    assert run.tally.all.texts == 1
    assert run.tally.events == {"rest": 1, "said opt_out": 1}


def test_a_second_inquiry_joins_and_a_hotter_one_starts_over() -> None:
    crowd = arrivals(("content_download", 1))
    crowd += [
        again(crowd[0], 2, "webinar", TUESDAY + timedelta(hours=1)),
        again(crowd[0], 3, "demo_request", TUESDAY + timedelta(hours=2)),
        again(crowd[0], 4, "demo_request", TUESDAY + timedelta(hours=3)),
    ]

    for run in (Simulation(default(), Scenario()), Course(default(), Scenario(), FORTNIGHT)):
        run.run(crowd)
        assert [answer.status for answer in run.tally.answers] == ["started", "joined", "restarted", "joined"]
        assert run.tally.all.dials == 1


def test_at_nine_in_the_evening_the_text_counts_now_and_the_call_next_morning() -> None:
    crowd = arrivals(("demo_request", 1), start=at("2026-11-24 20:30"))
    first, later = Simulation(default(), Scenario()), Course(default(), Scenario(), FORTNIGHT)
    for run in (first, later):
        run.run(crowd)

    assert (first.tally.all.dials, first.tally.all.texts) == (0, 1)
    assert (later.tally.all.dials, later.tally.all.texts) == (1, 1)


def test_nothing_is_sent_over_a_cap() -> None:
    capped = changed(contact={"caps": [{"most": 1, "within": "31d"}]})
    run = Course(capped, Scenario(), SIX_WEEKS)
    run.run(arrivals(("content_download", 5)))

    texts_of_a_month = 1
    assert run.tally.all.texts <= 5 * (texts_of_a_month + 1)


def test_kinds_of_questions_are_all_asked() -> None:
    """Triage, reply, work, dispose and news come up in a crowd's course; re-offers where nobody connects."""
    seen: list[DecisionKind] = []

    class Watched(Course):
        def judge(self, life: Life, asked: Followup | None, decision_id: str, now: datetime) -> Judgement:
            judgement = super().judge(life, asked, decision_id, now)
            seen.append(judgement.decision.kind)
            return judgement

    run = Watched(
        default(),
        Scenario(
            assumptions.read(
                ["paid_lead_form.question=0.5", "demo_request.no_answer=1", "demo_request.disposed_lost=0"]
            )
        ),
        SIX_WEEKS,
    )
    run.run(arrivals(("paid_lead_form", 4), ("demo_request", 2), ("content_download", 1)))

    assert {DecisionKind.TRIAGE, DecisionKind.REPLY, DecisionKind.DISPOSE} <= set(seen)
