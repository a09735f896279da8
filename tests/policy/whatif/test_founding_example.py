"""The founding example (R30), exact: a thousand leads of an ordinary morning by the default policy."""

from functools import cache

from policy.whatif import assumptions, report
from policy.whatif.simulation import Scenario, Simulation
from tests.policy.cases import default
from tests.policy.whatif.crowd import arrivals

MORNING = (("demo_request", 150), ("missed_call", 100), ("paid_lead_form", 400), ("content_download", 350))


@cache
def _simulated(time: int = 1) -> report.Simulated:
    scenario = Scenario(assumptions.read(["paid_lead_form.buying_signal=0.20"]))
    run = Simulation(default(), scenario)
    run.run(arrivals(*MORNING))
    return report.as_json(run, default(), scenario)


def test_a_thousand_leads_cost_330_dials_and_17_dollars_of_texts() -> None:
    told = _simulated()

    assert (told["leads"], told["dials"], told["texts"], told["segments"]) == (1000, 330, 850, 850)
    assert told["cost"]["texts"] == "17.00"
    assert (told["held"], told["joined"], told["unowned"]) == (0, 0, 0)


def test_the_dearest_motion_goes_to_those_who_asked_for_it() -> None:
    told = _simulated()

    spent = {name: (each["dials"], each["texts"]) for name, each in told["by_source"].items()}
    assert spent == {
        "demo_request": (150, 0),
        "missed_call": (100, 100),
        "paid_lead_form": (80, 400),
        "content_download": (0, 350),
    }


def test_every_lead_has_a_rep_a_queue_or_a_track() -> None:
    told = _simulated()

    kept = sum(sum(told[by].values()) for by in ("by_owner", "by_queue", "by_track", "closed"))
    assert kept == told["leads"]


def test_what_rests_on_an_assumption_is_said() -> None:
    said = {each["key"]: (each["leads"], each["of"]) for each in _simulated()["assumptions"]}

    assert said["paid_lead_form.buying_signal"] == (80, 400)
    assert {"answers_after", "capacity", "reps"} <= set(said)


def test_twice_gives_the_same_bytes() -> None:
    assert _simulated(time=1) == _simulated(time=2)
