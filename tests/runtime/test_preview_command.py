"""`baton policy preview` as whoever writes texts runs it."""

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from runtime.cli.main import app
from tests.policy.cases import POLICIES

LEAD = {
    "source": "demo_request",
    "source_event_id": "form-1",
    "person": {"name": "Łucja Nowak", "phone": "+15125550142", "language": "es"},
    "consent": {"sms": True, "call": True, "kind": "express"},
}


def preview(*words: str, policy: Path = POLICIES / "home_services.yaml") -> Result:
    return CliRunner().invoke(app, ["policy", "preview", "--policy", str(policy), *words])


def texts_of(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.output
    found: list[dict[str, object]] = json.loads(result.stdout)["texts"]
    return found


def test_each_text_is_shown_in_each_language_it_reads_differently_in() -> None:
    found = texts_of(preview("missed_call", "referral", "--json"))
    assert [(each["name"], each["language"]) for each in found] == [
        ("missed_call", "en"),
        ("missed_call", "es"),
        ("referral", "en"),
    ]
    assert str(found[1]["body"]).startswith("Hola, somos Blue Door Plumbing")
    assert [each["price"] for each in found] == ["0.02", "0.02", "0.02"]


def test_words_segments_price_and_the_worst_of_them_are_said() -> None:
    said = preview("slots", "--language", "es").output
    assert "GSM-7, 120 characters, 1 segment, 0.02" in said
    assert "a name with “ł”: UCS-2 because of ł" in said
    assert "2 segments, 0.0245" in said


def test_the_values_of_an_inquiry_are_filled_in_as_they_would_be(tmp_path: Path) -> None:
    lead = tmp_path / "lead.json"
    lead.write_text(json.dumps(LEAD), encoding="utf-8")
    (found,) = texts_of(preview("slots", "--lead", str(lead), "--json"))
    assert str(found["body"]).startswith("Hola Łucja, somos")
    assert (found["encoding"], found["beyond_gsm"], found["segments"]) == ("UCS-2", ["Ł"], 2)


def test_a_language_that_a_text_lacks_is_noted(tmp_path: Path) -> None:
    policy = tmp_path / "mine.yaml"
    contact_rules = (POLICIES / "contact_rules" / "us-2026-11.yaml").read_text(encoding="utf-8")
    base = (POLICIES / "default.yaml").read_text(encoding="utf-8")
    (tmp_path / "contact_rules").mkdir()
    (tmp_path / "contact_rules" / "us-2026-11.yaml").write_text(contact_rules, encoding="utf-8")
    (tmp_path / "default.yaml").write_text(base, encoding="utf-8")
    policy.write_text('extends: default.yaml\ntexts: {rescue: {en: "Hi. STOP", es: "Hola. STOP"}}\n', encoding="utf-8")
    assert "there is none in fr, so it goes in en" in preview("rescue", "--language", "fr", policy=policy).output
    assert [each["language"] for each in texts_of(preview("rescue", "--json", policy=policy))] == ["en", "es"]


def test_what_is_not_there_is_refused_in_words() -> None:
    assert "did you mean “missed_call”?" in preview("misedcall").output
    assert preview("misedcall").exit_code == 1
    assert "no language in two small letters" in preview("--language", "Spanish").output
    assert "no mistakes" not in preview(policy=POLICIES / "nowhere.yaml").output
    assert preview(policy=POLICIES / "nowhere.yaml").exit_code == 1
