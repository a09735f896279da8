"""`baton dnc` as an operator types it, against a database: files in, numbers listed, nothing half-imported."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from runtime.cli.main import app

TODAY = datetime.now(UTC).date()


def run(database_url: str, *words: object) -> Result:
    return CliRunner().invoke(app, ["dnc", *map(str, words)], env={"BATON_DATABASE_URL": database_url})


def answer(database_url: str, *words: object) -> Any:
    result = run(database_url, *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def federal(tmp_path: Path) -> Path:
    file = tmp_path / f"{TODAY}_512.txt"
    file.write_text("512,5550142\n512,5550143\n512,5550142\n214,5550142\n")
    return file


def test_a_federal_extract_is_imported_shown_and_asked(database_url: str, federal: Path) -> None:
    imported = answer(database_url, "import", federal, "--author", "dana")
    expected = {"numbers": 3, "duplicates": 1, "before": 0, "areas": [214, 512], "stale": False, "dry_run": False}
    assert expected.items() <= imported.items()
    assert imported["as_of"] == TODAY.isoformat()  # as its name says
    (kept,) = answer(database_url, "status")["imports"]
    assert {"author": "dana", "file": federal.name, "numbers": 3, "stale": False}.items() <= kept.items()
    found = answer(database_url, "check", "(512) 555-0142")
    assert [one["kept_by"] for one in found["listings"]] == ["federal"]
    assert "+15125550199 is on no list" in run(database_url, "check", "5125550199").output
    assert "No federal extract here covers" in run(database_url, "check", "+12125550199").output


def test_a_dry_run_imports_nothing(database_url: str, federal: Path) -> None:
    said = answer(database_url, "import", federal, "--dry-run")
    assert {"numbers": 3, "dry_run": True, "list_id": None}.items() <= said.items()
    assert answer(database_url, "status") == {"imports": []}
    assert "Nothing was imported: this was a dry run." in run(database_url, "import", federal, "--dry-run").output
    assert "No extract of the federal registry is here" in run(database_url, "status").output


def test_an_extract_that_is_older_than_31_days_says_that_do_not_call_fails_closed(
    database_url: str, federal: Path
) -> None:
    old = federal.rename(federal.with_name(f"{TODAY - timedelta(days=40)}_512.txt"))  # made anew just now all the same
    result = run(database_url, "import", old)
    assert result.exit_code == 0
    assert "older than 31 days: do-not-call fails closed" in result.stderr
    assert "too old to be relied on" in run(database_url, "status").output
    assert answer(database_url, "import", old, "--as-of", TODAY)["stale"] is False


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("512.txt", "holds no day; say when the registry made this extract, such as --as-of 2026-11-20"),
        ("20261120.txt", "holds no day"),
        ("2026-11-20_2026-10-20.txt", "holds 2 days"),
        ("2026-13-45_512.txt", "'2026-13-45' is no day"),
        ("2999-01-01_512.txt", "is not between 2003"),
    ],
)
def test_a_federal_extract_without_a_day_of_its_own_is_refused(
    database_url: str, federal: Path, name: str, said: str
) -> None:
    result = run(database_url, "import", federal.rename(federal.with_name(name)))
    assert result.exit_code == 2
    assert said in " ".join(result.output.replace("│", " ").split())
    assert answer(database_url, "status") == {"imports": []}


def test_an_extract_that_seems_cut_off_is_taken_by_force_alone(database_url: str, federal: Path) -> None:
    answer(database_url, "import", federal)
    federal.write_text("512,5550142\n")
    assert answer(database_url, "import", federal)["numbers"] == 1  # half of what there was
    federal.write_text("".join(f"512,555{number:04d}\n" for number in range(9)))
    answer(database_url, "import", federal)
    federal.write_text("512,5550142\n")
    for words in ((), ("--dry-run",)):
        result = run(database_url, "import", federal, *words)
        assert (result.exit_code, "512 had 9 numbers and has 1 here" in result.output) == (1, True)
        assert "say --force" in result.output
    assert answer(database_url, "import", federal, "--force")["before"] == 9


def test_our_own_list_is_imported_with_its_columns(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("number,until,reason\n5125550142,,asked by letter\n+442079460958,2030-01-31,\n")
    assert answer(database_url, "import", file, "--list", "own")["numbers"] == 2
    assert "is on the own list" in run(database_url, "check", "+442079460958").output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--as-of", "soon"], "is no day"),
        (["--as-of", "1999-01-01"], "is not between 2003"),
        (["--as-of", TODAY + timedelta(days=2)], "and today"),
        (["--list", "state"], "'federal'"),
    ],
)
def test_words_that_mean_nothing_are_refused(database_url: str, federal: Path, words: list[object], said: str) -> None:
    result = run(database_url, "import", federal, *words)
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())
    assert answer(database_url, "status") == {"imports": []}


def test_bad_rows_are_listed_and_exit_with_1(database_url: str, federal: Path) -> None:
    federal.write_text("512,5550142\n512,nope\nnope\n")
    result = run(database_url, "import", federal)
    assert result.exit_code == 1
    assert [line.split(": ")[0] for line in result.stderr.splitlines()[:2]] == [
        f"{federal.name}, row 2, column 2",
        f"{federal.name}, row 3, column 1",
    ]
    assert answer(database_url, "status") == {"imports": []}


def test_an_address_without_a_database_says_what_to_set(federal: Path, tmp_path: Path) -> None:
    elsewhere = {"BATON_DATABASE_URL": "", "BATON_API_URL": "https://baton.example.com"}
    result = CliRunner().invoke(app, ["dnc", "import", str(federal)], env=elsewhere)
    assert (result.exit_code, "set BATON_DATABASE_URL too" in result.output) == (1, True)
    nowhere = {"BATON_DATABASE_URL": "", "BATON_API_URL": ""}
    result = CliRunner().invoke(app, ["dnc", "status", "--data", str(tmp_path / "none")], env=nowhere)
    assert (result.exit_code, "No Baton runs" in result.output) == (1, True)
