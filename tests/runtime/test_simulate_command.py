"""`baton policy simulate` as an operator runs it: files, assumptions, staff, another policy, and what can't be read."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from runtime.cli.main import app
from tests.policy import cases

ROOT = Path(__file__).parents[2]
DEFAULT = str(cases.POLICIES / "default.yaml")
THOUSAND = str(ROOT / "examples" / "thousand-leads.csv")
PROMISED = {
    "leads",
    "dials",
    "texts",
    "emails",
    "segments",
    "cost",
    "held",
    "sla_due",
    "by_source",
    "by_motion",
    "assumptions",
}


def simulate(*words: str, policy: str = DEFAULT) -> Result:
    return CliRunner().invoke(app, ["policy", "simulate", "--policy", policy, *words])


def told(*words: str, policy: str = DEFAULT) -> dict[str, object]:
    result = simulate(*words, "--json", policy=policy)
    assert result.exit_code == 0, result.output
    found: dict[str, object] = json.loads(result.stdout)
    return found


def rows(tmp_path: Path, *leads: dict[str, str], name: str = "leads.csv") -> str:
    file = tmp_path / name
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, sorted({column for lead in leads for column in lead}))
        writer.writeheader()
        writer.writerows(leads)
    return str(file)


def row(number: int = 1, source: str = "demo_request", **changes: str) -> dict[str, str]:
    return {
        "source": source,
        "source_event_id": f"event-{number}",
        "occurred_at": "2026-11-24T16:00:00Z",
        "name": "Dana Ortiz",
        "phone": f"+1512555{number:04d}",
        "email": f"dana{number}@customer.example",
        "consent_sms": "true",
        "consent_call": "true",
        "consent_kind": "express",
        **changes,
    }


def test_the_founding_example_of_the_docs_comes_out_as_they_say() -> None:
    found = told("--leads", THOUSAND, "--assume", "paid_lead_form.buying_signal=0.20")

    assert set(found) >= PROMISED
    assert (found["leads"], found["dials"], found["texts"]) == (1000, 330, 850)
    assert found["cost"] == {"texts": "17.00", "calls": "29.70", "total": "46.70"}


def test_words_say_totals_sources_owners_and_assumptions() -> None:
    said = simulate("--leads", THOUSAND, "--assume", "paid_lead_form.buying_signal=0.20").stdout

    assert "330 dials, 850 texts (850 segments)" in said
    assert "paid_lead_form.buying_signal = 0.2 (80 of 400 leads)" in said
    assert "The operator is responsible for the law." in said


def test_another_policy_is_compared_lead_by_lead(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(f"extends: {DEFAULT}\nbusiness: {{hours: 'Mo-Fr 13:00-17:00'}}\n", encoding="utf-8")
    leads = rows(tmp_path, row(1), row(2, "content_download"), row(3, "missed_call"))

    found = told("--leads", leads, "--against", str(other))

    changes = found["changes"]
    assert isinstance(changes, dict)
    assert changes["motions"] == {"text_back → live_transfer": 1, "text_back → whisper_call": 1}
    assert [each["source_event_id"] for each in changes["each"]] == ["event-1", "event-3"]
    assert changes["figures"]["dials"] == 2


def test_reps_who_are_full_or_away_get_nothing(tmp_path: Path) -> None:
    team = [rep.handle for rep in cases.default().policy.team]
    reps = rows(tmp_path, *({"handle": rep, "away": "yes", "open_leads": "3"} for rep in team), name="reps.csv")

    found = told("--leads", rows(tmp_path, row(1)), "--reps", reps)

    assert (found["by_owner"], found["by_queue"]) == ({}, {"inbound": 1})


def keys(found: dict[str, object]) -> list[str]:
    assumed = found["assumptions"]
    assert isinstance(assumed, list)
    return [each["key"] for each in assumed]


def test_a_file_says_nothing_of_companies_unless_their_table_is_given(tmp_path: Path) -> None:
    table = rows(tmp_path, {"domain": "customer.example", "employees": "1200"}, name="companies.csv")
    leads, saas = rows(tmp_path, row(1)), str(cases.POLICIES / "b2b_saas.yaml")

    without = told("--leads", leads, policy=saas)
    known = told("--leads", leads, "--companies", table, policy=saas)

    assert (without["by_owner"], without["by_motion"].keys()) == ({"rosa": 1}, {"live_transfer"})  # type: ignore[attr-defined]  # JSON
    assert (known["by_owner"], known["by_motion"].keys()) == ({"nora": 1}, {"whisper_call"})  # type: ignore[attr-defined]  # JSON
    assert {"companies", "colleagues"} <= set(keys(without))
    assert "companies" not in keys(known)
    assert "colleagues" in keys(known)


def test_what_missed_calls_are_worth_is_the_policys_own_estimate() -> None:
    services = str(cases.POLICIES / "home_services.yaml")

    found = told("--leads", THOUSAND, policy=services)

    assert found["missed_calls"] == {"answered": 100, "worth": "40000.00"}
    assert "costs.missed_call_value" in keys(found)
    said = simulate("--leads", THOUSAND, policy=services).stdout
    assert "100 missed calls answered, worth 40000.00 by the policy's own estimate" in said
    assert told("--leads", THOUSAND)["missed_calls"] is None


def test_a_lead_without_a_moment_comes_at_midday_and_that_is_said(tmp_path: Path) -> None:
    found = told("--leads", rows(tmp_path, row(1, occurred_at="")))

    assert found["dials"] == 1
    assert "occurred_at" in keys(found)


def test_one_person_twice_is_one_lead(tmp_path: Path) -> None:
    found = told("--leads", rows(tmp_path, row(1), row(1, source_event_id="again", phone="(512) 555-0001")))

    assert (found["leads"], found["joined"], found["dials"]) == (2, 1, 1)


def test_every_row_that_cannot_be_read_is_named_and_nothing_is_counted(tmp_path: Path) -> None:
    leads = rows(tmp_path, row(1), row(2, occurred_at="yesterday"), row(3, consent_kind="sure"), row(4, source=""))

    result = simulate("--leads", leads)

    assert result.exit_code == 1
    for place in ("row 3, column occurred_at", "row 4, column consent_kind", "row 5, column source"):
        assert place in result.output
    assert "dials" not in result.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--assume", "paid_lead_form.buying=1"), "there is no behaviour buying"),
        (("--assume", "demo_request.disposed_lost=1"), "say --horizon 14d as well"),
        (("--horizon", "soon"), "not a duration"),
        (("--horizon", "400d"), "too long"),
        (("--since", "3d"), "say one of --leads FILE and --since TIME"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(words: tuple[str, ...], said: str) -> None:
    result = simulate("--leads", THOUSAND, *words)

    assert result.exit_code != 0
    assert said in " ".join(result.output.replace("│", " ").split())


def test_an_assumption_about_a_source_that_no_lead_has_is_warned_of(tmp_path: Path) -> None:
    leads = rows(tmp_path, row(1, "paid_lead_form"))

    result = simulate(
        "--leads",
        leads,
        "--assume",
        "paid_form.other=0.2",
        "--assume",
        "fax.other=1",
        "--assume",
        "paid_lead_form.other=1",
    )

    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "warning: --assume paid_form.other: no lead is of source “paid_form”; did you mean “paid_lead_form”?",
        "warning: --assume fax.other: no lead is of source “fax”; there are paid_lead_form",
    ]


def test_files_that_cannot_be_read_are_refused_in_words(tmp_path: Path) -> None:
    reps, leads = tmp_path / "reps.csv", tmp_path / "leads.csv"
    reps.write_text("handle,away\nnobody,no\n", encoding="utf-8")
    leads.write_bytes(bytes(range(256)) * 40)

    for words, said in (
        (
            ("--leads", THOUSAND, "--reps", str(reps)),
            "reps.csv, row 2, column handle: “nobody” is nobody of the policy's",
        ),
        (("--leads", str(leads)), "leads.csv, row 3: is no text in UTF-8"),
    ):
        result = simulate(*words)

        assert result.exit_code == 1
        assert said in result.output


def test_stored_leads_have_figures_of_their_own(tmp_path: Path) -> None:
    table = rows(tmp_path, {"domain": "customer.example"}, name="companies.csv")

    result = simulate("--since", "3d", "--companies", table)

    assert result.exit_code != 0
    assert "--companies goes with --leads" in " ".join(result.output.replace("│", " ").split())
