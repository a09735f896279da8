"""Files of leads and of reps as `simulate` and `explain` take them: nothing of them is lost without a word, and what
can't be read is named with its row and column."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from domain.errors import BadInput
from runtime.cli.inquiries import read_inquiries
from runtime.cli.main import app
from runtime.cli.staff import staff_in
from runtime.company_rows import by_domain, companies_in
from runtime.sheets import LARGEST, NOT_JUDGED
from tests.policy import cases

HEAD = "source,source_event_id,phone,consent_sms,consent_kind,occurred_at"
ROW = "demo_request,{0},+1512555000{0},true,express,2026-11-24T16:00:00Z"
FOUR = [HEAD, *(ROW.format(number) for number in range(1, 5))]


def file_of(folder: Path, content: str | bytes, name: str = "leads.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refused(folder: Path, content: str | bytes, name: str = "leads.csv") -> str:
    with pytest.raises(BadInput) as caught:
        read_inquiries(file_of(folder, content, name))
    said = str(caught.value)
    assert said.endswith(NOT_JUDGED)
    return said


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"\n \n"])
def test_a_plain_file_is_read_whole(tmp_path: Path, start: bytes, end: str) -> None:
    found = read_inquiries(file_of(tmp_path, start + end.join([*FOUR, "", ",,,,,", ""]).encode()))
    assert [each.source_event_id for each in found] == ["1", "2", "3", "4"]


def test_a_file_of_any_name_is_read(tmp_path: Path) -> None:
    for name, made in (("x\udcff.csv", "x\N{REPLACEMENT CHARACTER}.csv-1"), ("y" * 250 + ".csv", "y" * 150 + "-1")):
        (found,) = read_inquiries(file_of(tmp_path, "source\nwebinar\n", name))
        assert found.source_event_id == made


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('demo_request,"5,,,,', "row 3, column 1: can't be read: a quote is opened and not closed in this row"),
        ('demo_request,"5" x,,,,', "row 3, column 1: can't be read: something follows a closing quote"),
        ("demo_request,5,,,,,more", "row 3, column 7: is one too many; a row has 6 columns"),
        (",5,,,,", "row 3, column source: is missing"),
        ("Demo Request,5,,,,", "row 3, column source: “Demo Request” is no name of ours"),
        ("demo_request,5,,maybe,,", "row 3, column consent_sms: “maybe” is neither true nor false"),
        ("demo_request,5,,,verbal,", "row 3, column consent_kind: “verbal” is none of written, express"),
        ("demo_request,5,,,,yesterday", "row 3, column occurred_at: “yesterday” is no moment; write 2026-"),
        ("demo_request,5,,,,2026-11-24T16:00:00", "row 3, column occurred_at: “2026-11-24T16:00:00” has no offset"),
        ("demo_request,5,,,,9999-12-31T23:59:00Z", "row 3, column occurred_at: 9999-12-31 23:59:00+00:00 is too far"),
        ("demo_request,5,,,,1066-10-14T09:00:00Z", "any time from 2000 to 2100 will do"),
        ("demo_request,5,,,,2101-01-01T00:00:00Z", "any time from 2000 to 2100 will do"),
        (f"demo_request,{'5' * 201},,,,", "row 3, column source_event_id: "),
        (f"demo_request,5,{'5' * 140_000},,,", "row 3, column 1: can't be read: field larger than field limit"),
    ],
)
def test_what_cannot_be_read_is_named_by_row_and_column(tmp_path: Path, row: str, said: str) -> None:
    told = refused(tmp_path, "\n".join([*FOUR[:2], row, *FOUR[2:]]))
    assert said in told
    assert told.count("leads.csv, row") == 1


def test_all_that_is_wrong_is_named_at_once(tmp_path: Path) -> None:
    told = refused(tmp_path, f"{HEAD}\n,1,,maybe,,\n\nwebinar,2,,,,,x\nwebinar,3,,,,soon\n")
    assert [line.split(": ")[0] for line in told.splitlines()[:-1]] == [
        "leads.csv, row 2, column source",
        "leads.csv, row 2, column consent_sms",
        "leads.csv, row 4, column 7",
        "leads.csv, row 5, column occurred_at",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "leads.csv is empty; its first line names the columns: source, "),
        (b"\n\n", "is empty"),
        (b"source\n", "holds no inquiry"),
        (b"source,name,source\nwebinar,A,import\n", "row 1, column 3: there is a second column “source”"),
        (b"name,phone\nAnn,+15125550101\n", "row 1, column 1: there is no column “source”"),
        (b"source;name\nwebinar;Ann\n", "cells are parted by commas, and these by semicolons"),
        (b"source\tname\nwebinar\tAnn\n", "and these by tabs"),
        (b"source,\nwebinar,Ann\n", "row 2, column 2: row 1 has no name for this column"),
        (b"source,,\nwebinar,,Ann\n", "row 2, column 3: row 1 has no name for this column"),
        (b"source,name\nwebinar,Ann\nwebinar,Jos\xe9\n", "row 3: is no text in UTF-8"),
        (b"\xff\xfes\x00o\x00", "row 1: is no text in UTF-8"),
        (b"PK\x03\x04 a workbook", "there is no column “source”"),
        (bytes(range(256)) * 40, "is no text in UTF-8"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_words(tmp_path: Path, content: bytes, said: str) -> None:
    assert said in refused(tmp_path, content)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = file_of(tmp_path, HEAD)
    with path.open("r+b") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(BadInput, match="larger than 64 MB: split it"):
        read_inquiries(path)


def test_a_column_that_may_be_a_slip_is_told_and_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = file_of(tmp_path, "source,Region,consent_smss,roof,Post Code,\nwebinar,TX,true,tile,78701,\n")
    (found,) = read_inquiries(path)
    assert found.model_extra == {
        "extra": {"Region": "TX", "consent_smss": "true", "roof": "tile", "Post Code": "78701"}
    }
    assert capsys.readouterr().err.splitlines() == [
        "warning: leads.csv, row 1, column 2: “Region” is kept as a further column; did you mean “region”?",
        "warning: leads.csv, row 1, column 3: “consent_smss” is kept as a further column; did you mean “consent_sms”?",
        "warning: leads.csv, row 1, column 5: “Post Code” is kept as a further column; did you mean “postal_code”?",
    ]


def test_a_column_named_as_the_json_has_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    read_inquiries(file_of(tmp_path, "source,person.phone,consent.sms,Attribution.Page\nwebinar,1,true,/x\n"))
    assert [line.rpartition("did you mean ")[2] for line in capsys.readouterr().err.splitlines()] == [
        "“phone”?",
        "“consent_sms”?",
        "“page”?",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"source": "webinar", "source": "import"}', "“source” is given twice in one object"),
        ("source,name\nwebinar,Ann\n", "leads.json, row 1, column 1: can't be read as JSON: "),
        ("7", "leads.json, inquiry 1, all of it: “7” is no object of names and values"),
        ('{"source": 7}', "inquiry 1, source: “7” is no text; a text stands in quotes"),
        ('{"source": "webinar", "signals": {}}', "inquiry 1, signals: “{}” is no list"),
        (
            '{"source": "webinar", "person": {"name": "\\ud800"}}',
            "inquiry 1, person.name: “\N{REPLACEMENT CHARACTER}” is no",
        ),
        ('[{"source": "webinar"}, {"source": "webinar", "person": []}]', "leads.json, inquiry 2, person: "),
        ('{"source": "webinar", "occurred_at": "9999-12-31T23:59:00Z"}', "inquiry 1, occurred_at: 9999-12-31"),
        ('{"source": "webinar", "signals": [{"kind": "x", "at": "0001-01-01T00:00:00Z"}]}', "signals.0.at: 0001"),
    ],
)
def test_json_is_read_as_strictly(tmp_path: Path, content: str, said: str) -> None:
    assert said in refused(tmp_path, content, "leads.json")


def simulate(*words: object) -> Result:
    policy = cases.POLICIES / "default.yaml"
    return CliRunner().invoke(app, ["policy", "simulate", "--policy", str(policy), *map(str, words)])


def test_no_file_a_folder_and_a_file_without_an_end_are_refused_in_words(tmp_path: Path) -> None:
    for path, said in (
        (tmp_path / "none.csv", "No such file"),
        (tmp_path, "Is a directory"),
        (Path("/dev/zero"), "larger than 64 MB"),
    ):
        result = simulate("--leads", path)
        assert (result.exit_code, said in result.output) == (1, True), result.output
        assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty; its first line names the columns: handle, away, open_leads"),
        ("handle\n", "names no rep"),
        ("name\nada\n", "row 1, column 1: there is no column “handle”"),
        ("handle,awy,open_lead\nada,yes,3\n", "row 1, column 2: “awy” is no column; did you mean “away”?"),
        ("handle,awy,open_lead\nada,yes,3\n", "row 1, column 3: “open_lead” is no column; did you mean “open_leads”?"),
        ("handle,away,away\nada,yes,no\n", "row 1, column 3: there is a second column “away”"),
        ("handle,away\nada,yes\nben,\nada,no\n", "row 4, column handle: “ada” is in row 2 already"),
        ("handle\nadda\n", "row 2, column handle: “adda” is nobody of the policy's team; did you mean “ada”?"),
        ("handle,away\nada,maybe\n", "row 2, column away: “maybe” is neither yes nor no"),
        ("handle,open_leads\nada,-1\n", "row 2, column open_leads: “-1” is no number of leads"),
        ("handle,open_leads\nada,99999999\n", "is no number of leads"),
        ("handle,open_leads\nada,³\n", "is no number of leads"),
        ('handle,away\nada,"yes\nben,\n', "row 2, column 1: can't be read: a quote is opened and not closed"),
        ("handle,away\nada,yes,3\n", "row 2, column 3: is one too many; a row has 2 columns"),
    ],
)
def test_staff_that_cannot_be_read_is_named_by_row_and_column(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        staff_in(file_of(tmp_path, content, "reps.csv"), cases.default())
    assert said in str(caught.value)
    assert str(caught.value).endswith(NOT_JUDGED)


def test_staff_is_read_with_capitals_and_in_any_order(tmp_path: Path) -> None:
    found = staff_in(file_of(tmp_path, "Open Leads,Handle\n3,ada\n,ben\n", "reps.csv"), cases.default())
    assert [(load.rep, load.open_leads, load.away) for load in found] == [("ada", 3, False), ("ben", 0, False)]


def test_a_company_table_beside_leads_says_that_no_lead_was_judged(tmp_path: Path) -> None:
    table = tmp_path / "companies.csv"
    table.write_text("domain,employees\nacme.com,many\n", encoding="utf-8")
    with pytest.raises(BadInput, match=f"{NOT_JUDGED}$"):
        by_domain(table)
    with pytest.raises(BadInput, match=r"Nothing was imported\.$"):
        companies_in(table)
