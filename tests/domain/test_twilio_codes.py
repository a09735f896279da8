"""What Twilio's codes come to, row by row: expectations are what its error pages say a sender should do."""

import pytest

from domain.twilio_codes import CODES, meaning, verdict_of
from domain.verdicts import Verdict

EXPECTED = {
    Verdict.OURS: "11200 12100 20003 21210 21212 21219 21601 21603 21606 21608 30002 30010 30032 30034 30035 30037",
    Verdict.FIX_DATA: "13223 13224 13226 21211 21214 21217 21604 21612 21614 21635 30005 30006",
    Verdict.OPT_OUT: "21610",
    Verdict.THROTTLED: "14107 20429 21611 30022 30023 63038",
    Verdict.RETRY: "20500 20503 30001 30003 30008 30017 30410",
    Verdict.FINAL: "13225 13227 20404 21215 21220 21408 21602 21617 21620 30004 30007 30009 30011 30019 30036 30039"
    " 30420 30450 30454",
}
ROWS = [(code, verdict) for verdict, codes in EXPECTED.items() for code in codes.split()]


@pytest.mark.parametrize(("code", "verdict"), ROWS)
def test_each_code_comes_to_one_verdict_in_callbacks_too(code: str, verdict: Verdict) -> None:
    found = meaning(code)
    assert found is not None
    assert (found.verdict, verdict_of(code)) == (verdict, verdict)
    assert found.says[0].islower() or found.says.startswith("10DLC"), "it ends a sentence"
    assert not found.says.endswith(".")


def test_no_row_is_without_an_expectation() -> None:
    assert {code for code, _ in ROWS} == set(CODES)


def test_what_waits_says_for_how_long_unless_the_vendor_does() -> None:
    waits = {code for code, found in CODES.items() if found.verdict in (Verdict.RETRY, Verdict.THROTTLED)}
    assert {code for code in waits if CODES[code].after is None} == {"20429"}, "429 comes with Retry-After"
    assert all(CODES[code].after is None for code in set(CODES) - waits)


@pytest.mark.parametrize("code", [None, "", "99999", "http_400"])
def test_what_is_not_in_the_table_is_final_and_nothing_is_made_of_it(code: str | None) -> None:
    assert (meaning(code), verdict_of(code)) == (None, Verdict.FINAL)
