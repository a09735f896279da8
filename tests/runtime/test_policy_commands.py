"""`baton policy check` and `explain` as an operator runs them: words, JSON and exit codes, from JSON and CSV."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from domain.values import Flag
from policy.roles_table import DEPARTMENT_NAMES, LEVELS
from runtime.cli.main import app
from tests.policy import cases

DEFAULT = str(cases.POLICIES / "default.yaml")
INQUIRY: dict[str, object] = {
    "source": "demo_request",
    "source_event_id": "form-8842",
    "person": {
        "name": "Dana Ortiz",
        "phone": "+1 512 555 0142",
        "email": "dana@customer.example",
        "company": "Ortiz Roofing",
        "title": "Owner",
        "address": {"country": "US", "region": "TX", "postal_code": "78701"},
    },
    "consent": {"sms": True, "call": True, "kind": "express"},
    "attribution": {"campaign": "fall-brand", "page": "/pricing", "referrer_name": None},
    "answers": {"timeline": "this month"},
    "signals": [{"kind": "page_view", "page": "/pricing", "at": "2026-11-24T15:01:00Z"}],
    "nickname": "kept, not refused",
}
PROMISED = {
    "windows",
    "band",
    "score",
    "motion",
    "channel",
    "owner",
    "queue",
    "send_at",
    "held_by",
    "sla",
    "reasons",
    "policy_hash",
}


def baton(*words: str) -> Result:
    return CliRunner().invoke(app, ["policy", *words])


def explained(tmp_path: Path, when: str, policy: str = DEFAULT, **changes: object) -> dict[str, object]:
    file = tmp_path / "lead.json"
    file.write_text(json.dumps(INQUIRY | changes), encoding="utf-8")
    result = baton("explain", "--policy", policy, "--lead", str(file), "--at", when, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, object] = json.loads(result.stdout)
    return found


def test_json_says_at_least_what_is_promised(tmp_path: Path) -> None:
    found = explained(tmp_path, "2026-11-24T15:04:05Z")
    assert set(found) >= PROMISED
    assert (found["motion"], found["channel"], found["owner"], found["queue"]) == ("live_transfer", "call", "ada", None)
    assert (found["band"], found["score"]) == ("A", 110)
    assert (found["send_at"], found["held_by"]) == ("2026-11-24T15:04:05Z", [])
    assert found["sla"] == [
        {"at": "2026-11-24T15:04:05Z", "action": "offer"},
        {"at": "2026-11-24T15:06:35Z", "action": "warn"},
        {"at": "2026-11-24T15:07:50Z", "action": "warn"},
        {"at": "2026-11-24T15:09:05Z", "action": "rescue"},
        {"at": "2026-11-24T15:09:05Z", "action": "reoffer"},
        {"at": "2026-11-24T15:14:05Z", "action": "reoffer"},
        {"at": "2026-11-24T15:19:05Z", "action": "reoffer"},
        {"at": "2026-11-24T15:24:05Z", "action": "pool"},
        {"at": "2026-11-24T15:34:05Z", "action": "remind"},
        {"at": "2026-11-24T17:04:05Z", "action": "supervisor"},
        {"at": "2026-11-25T23:00:00Z", "action": "nurture"},
    ]
    assert {"rule": "route/demo_request", "because": "asked for a demo"} in found["reasons"]  # type: ignore[operator]  # JSON


def test_a_held_text_says_by_what_and_until_when(tmp_path: Path) -> None:
    found = explained(tmp_path, "2026-11-24T21:00:00-06:00")
    assert (found["motion"], found["channel"], found["send_at"]) == ("text_back", "sms", "2026-11-25T15:00:00Z")
    assert found["held_by"] == ["courtesy/sms", "us-2026-11/federal", "us-2026-11/TX"]
    assert [(each["channel"], each["purpose"], each["earliest"]) for each in found["windows"]] == [  # type: ignore[attr-defined]  # JSON
        ("sms", "responsive", "2026-11-25T15:00:00Z"),
        ("call", "responsive", "2026-11-25T15:00:00Z"),
    ]


@pytest.mark.parametrize("source", ["newsletter", "demo_request", "paid_lead_form", "fax"])
def test_windows_are_given_whatever_the_motion_and_are_null_for_never(tmp_path: Path, source: str) -> None:
    nowhere = {"phone": "+1 800 555 0199", "email": "dana@customer.example"}
    found = explained(tmp_path, "2026-11-24T15:00:00Z", source=source, person=nowhere)
    assert [(each["channel"], each["earliest"], each["held_by"]) for each in found["windows"]] == [  # type: ignore[attr-defined]  # JSON
        ("sms", None, ["place_unknown"]),
        ("call", None, ["place_unknown"]),
    ]
    assert found["channel"] not in ("sms", "call")


def test_a_time_without_an_offset_is_the_businesss_own(tmp_path: Path) -> None:
    assert explained(tmp_path, "2026-11-24T10:00:00")["send_at"] == "2026-11-24T16:00:00Z"


def test_the_same_question_has_the_same_answer_byte_for_byte(tmp_path: Path) -> None:
    once, again = (explained(tmp_path, "2026-11-24T21:00:00-06:00") for _ in range(2))
    assert json.dumps(once) == json.dumps(again)


def test_words_begin_with_the_decision_and_end_with_whose_duty_the_law_is(tmp_path: Path) -> None:
    file = tmp_path / "lead.json"
    file.write_text(json.dumps(INQUIRY), encoding="utf-8")
    result = baton("explain", "--policy", DEFAULT, "--lead", str(file), "--at", "2026-11-24T21:00:00-06:00")
    lines = result.stdout.splitlines()
    assert lines[0].startswith("Text back at Wed 2026-11-25 09:00:00 CST, held by courtesy/sms")
    assert "The operator is responsible for the law." in lines[-1]


def test_csv_rows_are_inquiries_too(tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    file.write_text(
        "source,source_event_id,name,phone,email,region,postal_code,consent_sms,consent_kind,page,roof\n"
        "newsletter,n-1,Ann,,ann@customer.example,,,,,,\n"
        "paid_lead_form,p-1,Bo,(305) 555-0110,,FL,33101,true,express,/ads,tile\n",
        encoding="utf-8",
    )
    words = ["explain", "--policy", DEFAULT, "--lead", str(file), "--at", "2026-11-24T19:59:00-05:00", "--json"]
    first, second = (json.loads(baton(*words, "--row", str(row)).stdout) for row in (1, 2))
    assert (first["motion"], first["channel"]) == ("nurture", "email")
    assert (second["motion"], second["send_at"]) == ("text_back", "2026-11-25T00:59:00Z")
    assert baton(*words, "--row", "3").exit_code == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"source": "Demo Request!"}', "source"),
        ("{", "can't be read"),
        ("[]", "holds no inquiry"),
        ('{"source": ' + "[" * 100_000, "too many levels"),
        ('{"source": ' + "9" * 5000 + "}", "can't be read"),
        (
            '[{"source": "webinar"}, {"source": "webinar", "consent": {"kind": "verbal"}}]',
            "inquiry 2, consent.kind: “verbal” is none of",
        ),
    ],
)
def test_a_lead_that_can_not_be_read_is_refused_with_its_place(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "lead.json"
    file.write_text(content, encoding="utf-8")
    result = baton("explain", "--policy", DEFAULT, "--lead", str(file), "--at", "2026-11-24T15:00:00Z")
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert said in result.output


def test_a_time_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "lead.json"
    file.write_text(json.dumps(INQUIRY), encoding="utf-8")
    result = baton("explain", "--policy", DEFAULT, "--lead", str(file), "--at", "tomorrow")
    assert result.exit_code == 2
    assert "tomorrow" in result.output


@pytest.mark.parametrize("name", ["default", "always_open"])
def test_check_is_content_with_the_policies_we_ship(name: str) -> None:
    result = baton("check", str(cases.POLICIES / f"{name}.yaml"))
    assert (result.exit_code, "no mistakes" in result.output) == (0, True)


def test_check_prints_every_mistake_with_its_place_and_fails(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    text = cases.default().text.replace("contact_rules/", f"{cases.POLICIES}/contact_rules/")
    file.write_text(text.replace("hops: 3", "hops: 0").replace("due: 5m", "due: five"), encoding="utf-8")
    result = baton("check", str(file))
    assert result.exit_code == 1
    lines = [line.removeprefix(f"{file}:").split(" ")[0] for line in result.output.splitlines()]
    wanted = [
        number
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if "due: five" in line or "hops: 0" in line
    ]
    assert [int(line.split(":")[0]) for line in lines] == wanted


def test_schema_prints_what_is_committed_and_writes_both(tmp_path: Path) -> None:
    for words, name in ((("schema",), "policy"), (("schema", "--contact-rules"), "contact_rules")):
        committed = (cases.POLICIES / "schema" / f"{name}.schema.json").read_text(encoding="utf-8")
        assert baton(*words).stdout == committed
        assert baton("schema", "--write", str(tmp_path / "new")).exit_code == 0
        assert (tmp_path / "new" / f"{name}.schema.json").read_text(encoding="utf-8") == committed


def test_facts_says_what_conditions_may_use() -> None:
    found = json.loads(baton("facts", "--json").stdout)
    facts = {each["name"]: (each["type"], each["where"]) for each in found["facts"]}
    assert facts["answers"] == ("map of texts", "everywhere")
    assert facts["band"] == ("text", "routes")
    assert "startsWith" in [each["name"] for each in found["functions"]]
    lines = baton("facts").stdout.splitlines()
    assert len(lines) == len(found["facts"]) + len(found["functions"])
    assert [line for line in lines if line.startswith("band ") and line.endswith("(routes only)")]
    for fact, values in (("seniority", LEVELS), ("department", DEPARTMENT_NAMES), ("flags", Flag), ("band", "ABCD")):
        assert [line for line in lines if line.startswith(f"{fact} ") and ", ".join(values) in line]


def test_check_prints_warnings_apart_and_is_content(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    text = cases.default().text.replace("contact_rules/", f"{cases.POLICIES}/contact_rules/")
    file.write_text(
        text.replace("A: 70", "A: 700").replace("\ntracks:", '\n  spare: "Hello"\ntracks:', 1), encoding="utf-8"
    )
    result = baton("check", str(file))
    assert result.exit_code == 0
    assert "no mistakes" in result.stdout
    lines = [line.removeprefix(f"warning: {file}:") for line in result.stderr.splitlines()]
    most = sum(point.points for point in cases.default().policy.score if point.points > 0)
    assert [line.partition(" ")[2] for line in lines] == [
        f"no lead is ever in band A: all points together are {most}",
        "nothing uses the text “spare”",
    ]


def test_check_as_data_has_each_problem_with_its_place_and_severity(tmp_path: Path) -> None:
    good = json.loads(baton("check", DEFAULT, "--json").stdout)
    assert (good["ok"], good["policy"], good["problems"]) == (True, "default", [])
    assert good["policy_hash"] == cases.default().hash
    file = tmp_path / "mine.yaml"
    text = cases.default().text.replace("contact_rules/", f"{cases.POLICIES}/contact_rules/")
    file.write_text(text.replace("sla: assist", "sla: asist").replace("A: 70", "A: 700"), encoding="utf-8")
    result = baton("check", str(file), "--json")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["ok"]) == (1, False)
    error, *warnings = found["problems"]
    line = file.read_text(encoding="utf-8").splitlines()[error["line"] - 1]
    assert line[error["column"] - 1 :] == "asist"
    assert error | {"line": 0, "column": 0} == {
        "file": str(file),
        "line": 0,
        "column": 0,
        "message": "there is no SLA class “asist”",
        "suggestion": "assist",
        "severity": "error",
    }
    assert [each["severity"] for each in warnings] == ["warning", "warning"]


def test_a_company_table_in_a_file_counts_in_explain(tmp_path: Path) -> None:
    lead, table = tmp_path / "lead.json", tmp_path / "companies.csv"
    person = {**INQUIRY["person"], "email": "dana@mail.ortiz.example"}  # type: ignore[dict-item]  # a person
    lead.write_text(json.dumps({**INQUIRY, "source": "webinar", "person": person}))
    table.write_text("domain,name,employees,target\northiz.example,Else,9,no\nortiz.example,Ortiz,250,yes\n")
    asked = ("explain", "--policy", DEFAULT, "--lead", str(lead), "--at", "2026-11-24T15:04:05Z", "--json")
    found = json.loads(baton(*asked, "--companies", str(table)).stdout)
    assert found["reasons"][0]["rule"] == "route/strategic_account"
    assert "score/right_size" in [each["rule"] for each in found["points"]]
    assert found["fit"] + found["intent"] == found["score"]
    table.write_text("domain,employees\northiz.example,many\n")
    refused = baton(*asked, "--companies", str(table))
    assert (refused.exit_code, "row 2, column 2" in (str(refused.exception) + refused.output)) == (1, True)
