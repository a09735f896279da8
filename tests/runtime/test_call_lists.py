"""Do-not-call lists in files: what is read of each form, and how a file that isn't one is refused."""

from datetime import date
from pathlib import Path

import pytest

from domain.call_lists import Extract, ListedNumber
from domain.errors import BadInput
from domain.values import CallList
from runtime.call_lists import numbers_in
from runtime.sheets import MOST_NAMED
from tests.fake_lists import FakeCallLists

AUSTIN = "+15125550142"


def read(folder: Path, content: bytes | str, kept_by: CallList = CallList.FEDERAL) -> list[ListedNumber]:
    file = folder / "list.txt"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(numbers_in(file, kept_by))


def refused(folder: Path, content: bytes | str, kept_by: CallList = CallList.FEDERAL) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read(folder, content, kept_by)
    assert "Nothing was imported" in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    "line",
    [
        "512,5550142",
        "5125550142",
        "+15125550142",
        "15125550142",
        "512 5550142",
        "512\t5550142",
        '"512","5550142"',
        "512;5550142",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_a_line_of_the_registry_is_read_in_each_form(tmp_path: Path, line: str, end: str) -> None:
    assert read(tmp_path, line + end) == [ListedNumber(AUSTIN)]


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"Area Code,Phone\n", b"\xef\xbb\xbfnumber\r\n", b"\n\n"])
def test_a_byte_order_mark_a_header_and_empty_lines_are_passed_over(tmp_path: Path, start: bytes) -> None:
    assert read(tmp_path, start + b"512,5550142\n\n512,5550143\n") == [
        ListedNumber(AUSTIN),
        ListedNumber("+15125550143"),
    ]


@pytest.mark.parametrize(
    ("line", "place", "said"),
    [
        ("512,55x0142", "row 2, column 2", "“55x0142” is no number of seven digits"),
        ("112,5550142", "row 2, column 1", "“112” is no area code"),
        ("512,0550142", "row 2, column 2", "“0550142” is no number of seven digits"),
        ("512555014", "row 2, column 1", "no number of the United States"),
        ("+442079460958", "row 2, column 1", "no number of the United States"),
        ("512,5550143,2026-11-01,A", "row 2, column 3", "change lists aren't read"),
        ("\u0665\u0661\u06625550142", "row 2, column 1", "no number of the United States"),
        ("\x1b[2J", "row 2, column 1", "“\ufffd[2J”"),
        ("hello", "row 2, column 1", "“hello”"),
    ],
)
def test_a_row_that_cant_be_read_is_named_with_its_column(tmp_path: Path, line: str, place: str, said: str) -> None:
    error = refused(tmp_path, f"512,5550142\n{line}\n")
    assert [where for where, _ in error.problems] == [place]
    assert said in error.problems[0][1]
    assert f"list.txt, {place}: " in str(error)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holds no number"),
        (b"\n\n", "holds no number"),
        (b"area,number\n", "holds no number"),
        (b"PK\x03\x04\x14\x00", "ZIP"),
        (b"\x1f\x8b\x08\x00", "compressed"),
        (b"<?xml version='1.0'?>", "flat text"),
        ("512,5550142\n".encode("utf-16"), "UTF-8"),
        (bytes(range(256)) * 64, "row 1, column 1"),
        (b"5" * 10_000_000, "row 1, column 1"),
        (b"512,5550142\n" + b"\x00" * 8192, "row 2, column 1"),
    ],
)
def test_what_is_no_list_is_refused_and_said_what_it_is(tmp_path: Path, content: bytes, said: str) -> None:
    assert said in str(refused(tmp_path, content))


def test_of_very_many_bad_rows_a_thousand_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    error = refused(tmp_path, "x1\n" * 3000)
    assert len(error.problems) == MOST_NAMED
    assert "and 2000 rows more" in str(error)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("5125550142\n", (AUSTIN, None, None)),
        ("(512) 555-0142,2027-01-31,asked on the phone\n", (AUSTIN, "2027-01-31", "asked on the phone")),
        ("phone,reason\n512-555-0142,moved\n", (AUSTIN, None, "moved")),
        ("Reason,Until,Number\n,2027-01-31,+442079460958\n", ("+442079460958", "2027-01-31", None)),
        ('number\n"+1 512 555 0142"\n', (AUSTIN, None, None)),
        ("number,until,reason\n5125550142,,\n\n,,\n", (AUSTIN, None, None)),
        ("\ufeffnumber,until\n5125550142,2027-01-31\n", (AUSTIN, "2027-01-31", None)),
    ],
)
def test_our_own_list_is_read_with_or_without_a_header(
    tmp_path: Path, content: str, expected: tuple[str, str | None, str | None]
) -> None:
    ((number, until, reason),) = read(tmp_path, content, CallList.OWN)
    assert (number, until and until.isoformat(), reason) == expected


@pytest.mark.parametrize(
    ("content", "places"),
    [
        ("5125550142,soon\n", ["row 1, column 2"]),
        ("5125550142,9999-12-31\n", ["row 1, column 2"]),
        ("5125550142,,why,more\n", ["row 1, column 4"]),
        ("number,colour\n5125550142,red\n", ["row 1, column 2"]),
        ("reason,number\nx,nobody\n", ["row 2, column 2"]),
        ('5125550142,,"he said\n5125550143\nx\n', ["row 1, column 1", "row 3, column 1"]),  # a quote swallows no row
        ("x,y\n5125550142\n+1999\n", ["row 1, column 1", "row 1, column 2", "row 3, column 1"]),
        ("+15125550142\x00\n", ["row 1, column 1"]),
    ],
)
def test_a_cell_of_our_own_list_that_cant_be_read_is_named(tmp_path: Path, content: str, places: list[str]) -> None:
    assert [place for place, _ in refused(tmp_path, content, CallList.OWN).problems] == places


def test_bytes_that_are_no_text_are_named_by_row(tmp_path: Path) -> None:
    error = refused(tmp_path, b"5125550142\n\xff\xfe\xfa\n5125550143\n", CallList.OWN)
    assert [place for place, _ in error.problems] == ["row 2, column 1"]


async def test_a_hundred_thousand_times_the_same_number_is_one(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_bytes(b"512,5550142\n" * 100_000)
    for kept_by in CallList:
        extract = Extract(kept_by=kept_by, as_of=date(2026, 11, 20), author="dana", file=file.name)
        imported = await FakeCallLists().take("main", extract, numbers_in(file, CallList.FEDERAL))
        assert (imported.numbers, imported.duplicates) == (1, 99_999)
