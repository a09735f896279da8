"""`baton rep away` and `back`, spoken to the real API over reps in memory: moments, and what is refused in words."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner, Result

from runtime.cli.main import app
from tests.api.fakes import FakeServices
from tests.runtime.served import reached


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServices]:
    with reached(FakeServices(), monkeypatch) as services:
        yield services


def baton(*words: str) -> Result:
    return CliRunner().invoke(app, ["rep", *words])


def words_of(result: Result) -> str:
    return " ".join(result.output.replace("│", " ").split())


def test_a_rep_goes_away_between_two_moments_and_is_back(services: FakeServices) -> None:
    away = baton("away", "ana", "--since", "2026-12-24T09:00-06:00", "--until", "2026-12-28T15:00:00Z", "--by", "kim")
    assert (away.exit_code, baton("back", "ana").exit_code) == (0, 0), away.output
    (who, gone), (_, back) = services.reps.changes
    assert (who, gone.since, gone.by) == ("ana", datetime(2026, 12, 24, 15, tzinfo=UTC), "kim")
    assert (gone.until, back.until) == (datetime(2026, 12, 28, 15, tzinfo=UTC), None)


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("away", ""), 2, "'' is no rep's handle"),
        (("away", "../ana"), 2, "'../ana' is no rep's handle, as the policy's team has it, such as ada"),
        (("back", "😀"), 2, "is no rep's handle"),
        (("away", "ana", "--until", "soon"), 2, "'soon' is no moment; write for example 2026-12-24T09:00-06:00"),
        (("away", "ana", "--until", "2026-12-24T09:00"), 2, "has no offset from UTC; write for example 2026-12-24T09"),
        (("away", "ana", "--until", "9999-12-31T23:59-14:00"), 1, "until: must lie between 2000 and 2100"),
        (("away", "ana", "--since", "2026-12-24T09:00Z"), 1, ": a time off that begins later needs until"),
        (("away", "ana", "--because", "at\udcff"), 1, "A word of this command is no text in UTF-8: type it anew."),
        (("away", "ana", "--by", "Ana Reyes"), 1, "by: must be a handle or a system's name: small letters, digits,"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(
    services: FakeServices, words: tuple[str, ...], status: int, said: str
) -> None:
    result = baton(*words)
    assert (result.exit_code, services.reps.changes) == (status, [])
    assert said in words_of(result)
