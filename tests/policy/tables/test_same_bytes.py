"""The same facts, policy and moment give the same judgement byte for byte, whatever the hash seed and the order."""

import hashlib
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from domain.decisions import Judgement
from domain.facts import Facts, RepLoad, SignalFact
from policy.load import policy_from_text
from policy.triage import triage
from tests.policy.cases import CALIFORNIA, FLORIDA, HAWAII, TEXAS, TUESDAY, at, default, known, lead, person

ROOT = Path(__file__).parents[3]
SCRIPT = "from tests.policy.tables.test_same_bytes import digest; print(digest())"


def questions() -> list[tuple[Facts, int]]:
    """Leads of every source at several places, with the hour of the Tuesday they are judged at."""
    signals = tuple(SignalFact(kind="page_view", page="/pricing", at=TUESDAY - timedelta(hours=n)) for n in range(3))
    given = {"signals": signals, "reps": (RepLoad(rep="ben", last_offered=3), RepLoad(rep="dev", away=True))}
    several = ((*FLORIDA, *TEXAS), (*CALIFORNIA, *HAWAII), ())
    return [
        (lead(source, places, **given, history=known(last_owner="dev")), hour)
        for source in ("demo_request", "missed_call", "paid_lead_form", "webinar", "import", "tiktok")
        for places in several
        for hour in (3, 10)
    ]


def judged(facts: Facts, hour: int) -> bytes:
    return triage(facts, default(), at(f"2026-11-24 {hour:02}:00"), "lead-1:1:triage:0").model_dump_json().encode()


def digest() -> str:
    """One fingerprint over all answers."""
    whole = hashlib.sha256()
    for facts, hour in questions():
        whole.update(judged(facts, hour))
    return whole.hexdigest()


def test_two_hash_seeds_give_the_same_bytes() -> None:
    children = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("1", "2")
    ]
    said = [child.communicate(timeout=60)[0].strip() for child in children]
    assert [child.returncode for child in children] == [0, 0]
    assert said == [digest(), digest()]


def test_what_was_asked_before_changes_nothing() -> None:
    asked = questions()[::2]
    forwards = [judged(facts, hour) for facts, hour in asked]
    backwards = [judged(facts, hour) for facts, hour in reversed(asked)]
    assert forwards == backwards[::-1]


def test_a_stored_policy_and_stored_facts_judge_as_they_did() -> None:
    again = policy_from_text(default().text, default().packs)
    for facts, hour in questions()[:8]:
        stored = Facts.model_validate_json(facts.model_dump_json())
        moment = at(f"2026-11-24 {hour:02}:00")
        assert triage(stored, again, moment, "lead-1:1:triage:0").model_dump_json().encode() == judged(facts, hour)


def test_a_judgement_survives_its_storage() -> None:
    for facts, hour in questions()[::3]:
        stored = judged(facts, hour)
        assert Judgement.model_validate_json(stored).model_dump_json().encode() == stored


def test_a_decision_holds_nothing_personal() -> None:
    facts = lead(person=person(email="dana@customer.example", company="Ortiz Roofing", title="Owner"))
    decision = triage(facts, default(), TUESDAY, "lead-1:1:triage:0").decision.model_dump_json()
    for personal in ("dana", "customer.example", "5550142", "Ortiz", "Owner"):
        assert personal not in decision
