"""What holds for each policy we ship for a trade: no mistake, no warning, texts of one segment that say who writes and
how to stop, and somebody or something responsible for any lead."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.facts import Facts, RepLoad
from domain.values import Action, Motion, Purpose, Source
from policy import texts
from policy.triage import triage
from policy.whatif import report
from policy.whatif.simulation import Scenario, Simulation
from runtime.cli.arrivals import arrivals_of
from runtime.cli.inquiries import read_inquiries
from tests.policy.cases import POLICIES, TUESDAY, default, known, lead
from tests.policy.packs.shelf import OWN_SOURCES, PACKS, pack
from tests.policy.tables.test_any_lead import MOMENTS, leads

THOUSAND = POLICIES.parent / "examples" / "thousand-leads.csv"
SECTIONS = (
    "business", "contact", "intent", "disqualify", "score", "routes", "replies", "handoff", "sla", "team", "assign",
    "sticky", "credit_back", "away_after", "queues", "channels", "crm_handoff", "texts", "tracks", "recycle", "costs",
)  # fmt: skip


@pytest.mark.parametrize("name", PACKS)
def test_it_is_whole_and_has_neither_a_mistake_nor_a_warning(name: str) -> None:
    loaded = pack(name)
    assert loaded.warnings == ()
    assert loaded.policy.name == name
    assert "extends" not in loaded.text
    assert [section for section in SECTIONS if section not in loaded.policy.model_fields_set] == []


@pytest.mark.parametrize("name", PACKS)
def test_what_somebody_has_to_change_is_marked(name: str) -> None:
    headings = [line for line in pack(name).text.splitlines() if line.startswith("# ── ")]
    for part in ("who we are", "who takes leads", "texts", "costs"):
        assert [line for line in headings if part in line and "✎" in line], part


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", PACKS)
def test_each_text_takes_one_segment_names_the_business_and_says_how_to_stop(name: str, language: str) -> None:
    policy = pack(name).policy
    values = {**texts.SAMPLE, "business": policy.business.name, "language": language}
    for called, wording in policy.texts.items():
        filled = texts.fill(texts.in_language(wording, language)[1], values)
        assert texts.segments(filled) == 1, called
        assert policy.business.name in filled, called
        assert "STOP" in filled, called


@pytest.mark.parametrize("name", ["default", *PACKS])
@pytest.mark.parametrize("source", [Source.CONTENT_DOWNLOAD, Source.WEBINAR, Source.NEWSLETTER, Source.IMPORT])
def test_who_was_referred_and_only_read_or_came_with_a_list_is_called_by_nobody(name: str, source: Source) -> None:
    """R16."""
    loaded = default() if name == "default" else pack(name)
    for now in (TUESDAY, TUESDAY + timedelta(hours=10)):
        facts = lead(source, referred=True, history=known(registry_as_of=TUESDAY))
        decision = triage(facts, loaded, now, "lead-1:1:triage:0").decision
        assert (decision.motion, decision.owner) == (Motion.NURTURE, None)


@pytest.mark.parametrize("name", PACKS)
@pytest.mark.parametrize("source", [*Source, *OWN_SOURCES])
def test_when_a_rest_ran_out_nothing_answers_and_the_first_text_asks(name: str, source: str) -> None:
    facts = lead(source, cycle=2, prompted=False, received_at=TUESDAY - timedelta(days=14))
    for now in (TUESDAY, TUESDAY + timedelta(hours=10)):
        decision = triage(facts, pack(name), now, "lead-1:2:triage:0").decision
        texts_sent = [item for item in decision.agenda if item.action in (Action.TEXT, Action.RESCUE)]
        assert {item.purpose for item in texts_sent} <= {Purpose.SOLICITATION}
    assert pack(name).policy.recycle.text in pack(name).policy.texts


@pytest.mark.parametrize("name", PACKS)
def test_no_text_promises_a_price_a_rate_or_a_result(name: str) -> None:
    for called, wording in pack(name).policy.texts.items():
        said = str(wording).lower().replace("{%", "").replace("%}", "")
        for promise in ("$", "%", "guarantee", "free", "save", "best", "lowest", "garant", "gratis"):
            assert promise not in said, called


@pytest.mark.parametrize("name", PACKS)
@settings(max_examples=40, derandomize=True, deadline=None, database=None)
@given(
    facts=leads(),
    now=MOMENTS,
    source=st.sampled_from([*Source, *OWN_SOURCES, "tiktok"]),
    gone=st.sets(st.integers(0, 9)),
)
def test_any_lead_of_any_source_has_an_owner_a_queue_a_track_or_a_reason(
    name: str, facts: Facts, now: datetime, source: str, gone: set[int]
) -> None:
    team = pack(name).policy.team
    reps = tuple(RepLoad(rep=rep.handle, away=number in gone) for number, rep in enumerate(team))
    judgement = triage(facts.model_copy(update={"source": source, "reps": reps}), pack(name), now, "lead-1:1:triage:0")
    decision = judgement.decision
    assert sum(map(bool, (decision.owner, decision.queue, decision.rest, decision.closed))) == 1
    assert judgement.trace.faults == ()


@pytest.mark.parametrize("name", PACKS)
def test_of_a_thousand_leads_none_is_unowned_and_nobody_is_called_who_only_read(name: str) -> None:
    loaded = pack(name)
    arrivals, undated = arrivals_of(read_inquiries(THOUSAND), loaded)
    scenario = Scenario(undated=undated)
    run = Simulation(loaded, scenario)
    run.run(arrivals)
    told = report.as_json(run, loaded, scenario)
    assert (told["leads"], told["unowned"]) == (1000, 0)
    assert sum(sum(told[by].values()) for by in ("by_owner", "by_queue", "by_track", "closed")) == 1000
    assert {name: each["dials"] for name, each in told["by_source"].items()} == {
        "demo_request": 150, "missed_call": 100, "paid_lead_form": 0, "content_download": 0,
    }  # fmt: skip
    assert Counter(told["by_owner"]).total() == 250
