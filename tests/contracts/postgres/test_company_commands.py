"""`baton companies` as an operator types it, against a database: a file in, cells that can't be read listed, nothing
half-imported."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from runtime.cli.main import app
from runtime.company_rows import LONGEST_CELL

GOOD = """domain,name,employees,industry,revenue,country,segment,target,owner
acme.example,"Acme, Inc.","1,200",Construction,"$31,000,000",United States,mid,yes,ada
https://www.bare.example/about,,,,,,,,

new.example,New,5,,,es,,no,
"""


def run(database_url: str, *words: object) -> Result:
    return CliRunner().invoke(app, ["companies", *map(str, words)], env={"BATON_DATABASE_URL": database_url})


def answer(database_url: str, *words: object) -> Any:
    result = run(database_url, *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "companies.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_companies_are_imported_and_shown(database_url: str, file: Path) -> None:
    assert answer(database_url, "import", file) == {"added": 3, "changed": 0, "unchanged": 0, "dry_run": False}
    assert answer(database_url, "show", "mail.acme.example") == {
        "domain": "acme.example",
        "name": "Acme, Inc.",
        "employees": 1200,
        "industry": "Construction",
        "revenue": 31_000_000,
        "country": "US",
        "segment": "mid",
        "target": True,
        "owner": "ada",
        "asked": False,
    }
    assert answer(database_url, "show", "bare.example")["target"] is False
    said = run(database_url, "import", file).output
    assert "3 companies: 0 new, 0 changed, 3 as they were. Imported." in said
    shown = run(database_url, "show", "nobody.example")
    assert (shown.exit_code, "Nothing is known of nobody.example" in shown.output) == (1, True)
    assert run(database_url, "show", "not a domain").exit_code == 2


def test_a_dry_run_imports_nothing(database_url: str, file: Path) -> None:
    assert answer(database_url, "import", file, "--dry-run")["added"] == 3
    assert run(database_url, "show", "acme.example").exit_code == 1
    assert "Nothing was imported: this was a dry run." in run(database_url, "import", file, "--dry-run").output


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("gmail.com,Mail,,,,,,,", "row 6, column 1: “gmail.com” is a domain where anybody has an address"),
        ("acme.example,Twice,,,,,,,", "row 6, column 1: “acme.example” is in row 2 already"),
        ("www.ACME.example,Twice,,,,,,,", "row 6, column 1: “acme.example” is in row 2 already"),
        ("nodomain,X,,,,,,,", "row 6, column 1: “nodomain” is no domain; write for example acme.com"),
        (",X,,,,,,,", "row 6, column 1: “” is no domain"),
        ("x.example,,50-200,,,,,,", "row 6, column 3: “50-200” is no whole number; write for example 1200"),
        ("x.example,,-5,,,,,,", "row 6, column 3: “-5” is no whole number"),
        ("x.example,,1e9,,,,,,", "row 6, column 3"),
        ("x.example,,٣,,,,,,", "row 6, column 3"),
        ("x.example,,99999999999999999999,,,,,,", "row 6, column 3"),
        ("x.example,,,,5.5M,,,,", "row 6, column 5: “5.5M” is no whole number"),
        ("x.example,,,,,Narnia,,,", "row 6, column 6: “Narnia” is no country"),
        ("x.example,,,,,,,maybe,", "row 6, column 8: “maybe” is neither yes nor no"),
        ("x.example,,,,,,,,Ada Reyes", "row 6, column 9: “Ada Reyes” is no rep's handle"),
        ("x.example,,,,,,,,,extra", "row 6, column 10: is one too many; a row has 9 columns"),
        (f"x.example,{'x' * (LONGEST_CELL + 1)},,,,,,,", "row 6, column 2"),
        ("x.example,bell\x07,,,,,,,", "row 6, column 2"),
        ("x.example,\u202eevil,,,,,,,", "row 6, column 2"),
        ('x.example,"never closed,,,,,,,', "row 6, column 1: can't be read"),
    ],
)
def test_a_cell_that_can_not_be_read_is_named_and_nothing_is_imported(
    database_url: str, file: Path, row: str, said: str
) -> None:
    file.write_text(f"{GOOD}{row}\nz.example,Z,,,,,,,\n", encoding="utf-8")
    result = run(database_url, "import", file)
    assert result.exit_code == 1
    assert said in result.output
    assert result.output.count("companies.csv, row") == 1
    assert result.output.rstrip().endswith("Nothing was imported.")
    assert run(database_url, "show", "acme.example").exit_code == 1


def test_all_that_is_wrong_is_named_at_once(database_url: str, file: Path) -> None:
    file.write_text("domain,employees,target\nx,y,z\na.example,1,yes\ngmail.com,many,no\n", encoding="utf-8")
    result = run(database_url, "import", file)
    places = [line.split(":")[0].partition(", ")[2] for line in result.output.splitlines()[:-1]]
    assert places == [
        "row 2, column 1",
        "row 2, column 2",
        "row 2, column 3",
        "row 4, column 1",
        "row 4, column 2",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty; its first line names the columns: domain"),
        (b"\n\n", "is empty"),
        (b"domain\n", "holds no company"),
        (b"acme.example,Acme\n", "there is no column “domain”"),
        (b"domain,emploees\nacme.example,5\n", "“emploees” is no column; did you mean “employees”?"),
        (b"domain,name,name\nacme.example,A,B\n", "there is a second column “name”"),
        (b"domain,company,name\nacme.example,A,B\n", "there is a second column “name”"),
        (b"domain\n\xff\xfe\n", "is no text in UTF-8"),
        (b"PK\x03\x04 a workbook", "is no column"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_words(
    database_url: str, tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "other.csv"
    path.write_bytes(content)
    result = run(database_url, "import", path)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert said in " ".join(result.output.split())


def test_columns_come_in_any_order_and_under_their_other_names(database_url: str, tmp_path: Path) -> None:
    path = tmp_path / "crm.csv"
    path.write_bytes("\ufeffTarget Account,Company,Website\r\nYes,Acme,acme.example\r\n".encode())
    assert answer(database_url, "import", path)["added"] == 1
    found = answer(database_url, "show", "acme.example")
    assert (found["name"], found["target"]) == ("Acme", True)
