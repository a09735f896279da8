"""The pack of contact rules that we ship, and what a pack may say: rows, their evidence, switches, days of effect."""

import json
import re
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import us

from domain.facts import ConsentFacts, Place
from policy import law, weekly, windows
from policy.load import LoadedPolicy, PolicyInvalid, load_policy
from tests.policy import cases
from tests.policy.cases import CALL, RESPONSIVE, SMS, SOLICITATION, at, changed, default, lead

WEAK = re.compile(
    r"//(www\.|blog\.)?(dropcowboy|dnc|dnc\.dreamhosters|clickpointsoftware|contactcentercompliance|leadgen-economy|kixie|eflo|"
    r"vicifast|optinfix|peppersend|glama|newsblitz|g2leadstosales|leadcompliant)\."
)
"""Vendors of telemarketing, and forums: no evidence by themselves."""

PACK = """
version: test
country: US
researched: 2026-11-28
notice: Mind the law.
unverified: strictest
federal: {name: Federal, hours: Mo-Su 08:00-21:00, verified: 2026-11-28, sources: [https://law.example]}
states:
"""
EVIDENCE = "verified: 2026-11-28, sources: [https://law.example]"


def with_rows(tmp_path: Path, *rows: str, head: str = PACK, contact: object = None) -> LoadedPolicy:
    """The default policy with a pack of its own."""
    (tmp_path / "pack.yaml").write_text(head + "".join(f"  {row}\n" for row in rows), encoding="utf-8")
    base = {"extends": str(cases.POLICIES / "default.yaml"), "contact_rules": "pack.yaml"}
    text = json.dumps(base | {"contact": contact or {}})
    return load_policy(text, "mine.yaml", tmp_path)


def refused(tmp_path: Path, *rows: str, contact: object = None) -> list[str]:
    with pytest.raises(PolicyInvalid) as caught:
        with_rows(tmp_path, *rows, contact=contact)
    return [str(problem) for problem in caught.value.problems]


def test_every_state_dc_and_inhabited_territory_has_a_row() -> None:
    wanted = {state.abbr for state in us.STATES} | {"DC", "PR", "VI", "GU", "AS", "MP"}
    assert set(default().pack.states) == wanted
    assert len(wanted) == 56


def test_each_verified_row_rests_on_more_than_a_vendor_or_a_forum() -> None:
    pack = default().pack
    for name, row in {"federal": pack.federal, **pack.states}.items():
        assert not [source for source in row.sources if WEAK.search(source)], name
        assert row.verified is None or (row.citation and row.sources and row.hours), name
        assert row.verified or row.note, f"{name} doesn't say what is missing"


@pytest.mark.parametrize("name", sorted(default().pack.states))
def test_an_unverified_row_never_opens_where_a_verified_one_is_closed(name: str) -> None:
    rules, pack = default().law, default().pack
    era = len(rules.changes)
    asked = law.Asked(is_text=True, answers=False, consented=True)
    found = rules.limits(name, era, asked)
    if pack.states[name].verified:
        assert [limit.rule for limit in found] == ["us-2026-11/federal", f"us-2026-11/{name}"]
        return
    assert found[-1].rule == "us-2026-11/assumed"
    common = weekly.common(weekly.week(limit.hours) for limit in found)
    for region, row in pack.states.items():
        if row.verified:
            strict = [weekly.week(limit.hours) for limit in rules.limits(region, era, asked)]
            assert weekly.common([common, *strict]) == common, region
            assert all(limit.off <= found[-1].off for limit in rules.limits(region, era, asked)), region


def test_no_carve_out_is_on_in_the_pack_that_we_ship() -> None:
    for row in (default().pack.federal, *default().pack.states.values()):
        assert (row.answers_exempt, row.consent_exempt) in {(None, None), (False, None), (None, False), (False, False)}
        assert row.binds_texts is not False
        assert row.area_code_presumes is not False


ROW = "TX: {name: Texas, hours: Mo-Su 09:00-20:00, " + EVIDENCE
EVENING = at("2026-11-24 20:30")
TOUCHES = list(product((SMS, CALL), (RESPONSIVE, SOLICITATION), ("written", "express", "inquiry", "none")))


@pytest.mark.parametrize("switch", ["answers_exempt", "consent_exempt", "binds_texts"])
def test_a_switch_of_the_policy_counts_over_the_packs(tmp_path: Path, switch: str) -> None:
    """A row of Texas that ends at eight, asked at half past: the switch opens what it says and nothing else."""
    usual = switch == "binds_texts"
    row = f"{ROW}, {switch}: {str(usual).lower()}}}"
    off, on = (with_rows(tmp_path, row, contact={"switches": {"TX": {switch: value}}}) for value in (usual, not usual))
    for channel, purpose, kind in TOUCHES:
        facts = lead(consent=ConsentFacts(sms=True, call=True, kind=kind))
        opens = {
            "answers_exempt": purpose is RESPONSIVE,
            "consent_exempt": kind in ("written", "express"),
            "binds_texts": channel is SMS,
        }
        for loaded, is_open in ((off, False), (on, opens[switch])):
            found = windows.earliest(facts, loaded, EVENING, channel, purpose)
            assert (found.earliest == EVENING) is is_open


def test_consent_that_lifts_hours_is_that_for_the_channel(tmp_path: Path) -> None:
    loaded = with_rows(tmp_path, ROW + ", consent_exempt: true}")
    facts = lead(consent=ConsentFacts(sms=False, call=True, kind="written"))
    assert windows.earliest(facts, loaded, EVENING, CALL, SOLICITATION).earliest == EVENING
    assert windows.earliest(facts, loaded, EVENING, SMS, SOLICITATION).earliest == at("2026-11-25 09:00")


def test_a_row_binds_from_the_day_on_which_it_is_law(tmp_path: Path) -> None:
    """Until then the place counts as not verified, so all rows in force count; from midnight on its own."""
    rows = (
        "TX: {name: Texas, hours: Mo-Su 10:00-20:00, effective: 2026-12-01, " + EVIDENCE + "}",
        "FL: {name: Florida, hours: Mo-Su 08:00-19:00, " + EVIDENCE + "}",
    )
    loaded = with_rows(tmp_path, *rows)

    def asked(now: str) -> tuple[str, tuple[str, ...]]:
        found = windows.earliest(lead(), loaded, at(now), SMS, SOLICITATION)
        assert found.earliest is not None
        return f"{found.earliest.astimezone(cases.CHICAGO):%m-%d %H:%M}", found.held_by

    assert asked("2026-11-30 09:00") == ("11-30 09:00", ())
    assert asked("2026-11-30 19:00") == ("12-01 10:00", ("test/assumed", "courtesy/sms", "test/federal", "test/TX"))
    assert asked("2026-12-01 09:59") == ("12-01 10:00", ("test/TX",))
    assert asked("2026-12-01 19:30") == ("12-01 19:30", ())


def test_which_day_it_is_is_told_by_the_clock_of_the_place(tmp_path: Path) -> None:
    row = "{name: Somewhere, hours: Mo-Su 08:00-21:00, effective: 2026-12-01, " + EVIDENCE + "}"
    strict = "FL: {name: Florida, hours: Mo-Su 08:00-18:00, " + EVIDENCE + "}"
    loaded = with_rows(tmp_path, f"HI: {row}", f"NY: {row}", strict)
    midnight = at("2026-12-01 00:00", cases.NEW_YORK)  # seven in the evening in Honolulu, on the day before
    for places, rules in ((cases.HAWAII, {"test/assumed"}), ((Place(zone="America/New_York", region="NY"),), set())):
        found = windows.bounds(lead(places=places), loaded, SMS, SOLICITATION, midnight)
        assert {bound.rule for bound in found} & {"test/assumed"} == rules


def test_before_its_day_a_pack_permits_nothing(tmp_path: Path) -> None:
    head = PACK.replace("researched", "effective: 2027-01-01\nresearched")
    loaded = with_rows(tmp_path, ROW + "}", head=head)
    found = windows.earliest(lead(), loaded, at("2026-12-30 12:00"), SMS, SOLICITATION)
    held_by = ("test/not_in_force", "courtesy/sms", "test/federal", "test/TX")
    assert (found.earliest, found.held_by) == (at("2027-01-01 09:00"), held_by)
    assert windows.earliest(lead(), loaded, at("2027-01-01 12:00"), SMS, SOLICITATION).held_by == ()


def test_a_legal_holiday_and_its_day_in_lieu_are_days_off() -> None:
    alabama = (Place(zone="America/Chicago", region="AL"),)
    for day, opens in (("2026-12-25", "Sat"), ("2027-01-18", "Tue"), ("2027-07-05", "Tue"), ("2026-11-29", "Mon")):
        found = windows.earliest(lead(places=alabama), default(), at(f"{day} 12:00"), CALL, SOLICITATION)
        assert found.earliest is not None
        assert f"{found.earliest.astimezone(cases.CHICAGO):%a %H:%M}" == f"{opens} 08:00"
        assert found.held_by == ("us-2026-11/AL",)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("TX: {name: Texas, verified: 2026-11-28, sources: [https://law.example]}", "needs hours"),
        ("TX: {name: Texas, hours: Mo-Su 09:00-20:00, verified: 2026-11-28}", "at least one of sources"),
        ("TX: {name: Texas, hours: 2026 Dec 24 off}", "never open"),
        ("TX: {name: Texas, hours: Mo-Fr 22:00-02:00}", "not part of a week"),
        ("TX: {name: Texas, hours: 24/7}", "not part of a week"),
        ("TX: {name: Texas, sources: [law.example]}", "an address on the web"),
        ("TX: {name: Texas, holidays: [Mardi Gras]}", "there is no holiday “Mardi Gras”"),
        ("TX: {name: Texas, holidays: [Chrismas Day]}", "did you mean “Christmas Day”"),
        ("ZZ: {name: Nowhere, holidays: [Christmas Day]}", "there is no calendar of holidays for US ZZ"),
        ("TX: {name: Texas, caps: [{most: 0, within: 24h}]}", "at least 1"),
        ("TX: {name: Texas, recording: sometimes}", "is not one of all_party, one_party, mixed"),
        ("Texas: {name: Texas}", "two capital letters"),
        ("TX: {name: ''}", "it is empty"),
        ("TX: {name: Texas, answer_exempt: true}", "did you mean “answers_exempt”"),
    ],
)
def test_a_row_that_makes_no_sense_is_named_in_its_file(tmp_path: Path, row: str, said: str) -> None:
    problems = refused(tmp_path, row)
    assert [each for each in problems if said in each], problems
    assert all("pack.yaml:9:" in each for each in problems)


def test_the_countrys_own_row_has_to_be_verified(tmp_path: Path) -> None:
    head = PACK.replace("verified: 2026-11-28, ", "")
    with pytest.raises(PolicyInvalid, match="the row for the whole country must be verified"):
        with_rows(tmp_path, ROW + "}", head=head)


@pytest.mark.parametrize(
    ("switches", "said"),
    [
        ({"TX": {"answers_exempt": True}}, "the law of Texas leaves no “answers_exempt” to decide; its row has none"),
        ({"TZ": {"answers_exempt": True}}, "test has no row “TZ”"),
        ({"Federal": {"consent_exempt": True}}, "did you mean “federal”"),
        ({"TX": {"answer_exempt": True}}, "is not one of answers_exempt"),
        ({"TX": {"answers_exempt": "maybe"}}, "true or false is expected"),
    ],
)
def test_a_switch_that_no_row_has_is_refused_where_it_stands(tmp_path: Path, switches: object, said: str) -> None:
    problems = refused(tmp_path, ROW + "}", contact={"switches": switches})
    assert [each for each in problems if said in each], problems
    assert all(each.startswith("mine.yaml:1:") for each in problems)


def test_switches_are_part_of_a_policys_hash() -> None:
    on = changed(contact={"switches": {"WA": {"answers_exempt": True}}})
    same = changed(contact={"switches": {}})
    assert on.hash != same.hash


def test_a_place_whose_clocks_change_keeps_its_hours() -> None:
    """Rhode Island, on the Saturday before and the Monday after both changes."""
    island = (Place(zone="America/New_York", region="RI"),)
    for sunday in (date(2026, 11, 1), date(2027, 3, 14)):
        saturday = datetime.combine(sunday - timedelta(days=1), datetime.min.time(), ZoneInfo("America/New_York"))
        found = windows.earliest(lead(places=island), default(), saturday + timedelta(hours=17), SMS, SOLICITATION)
        monday = datetime.combine(sunday + timedelta(days=1), datetime.min.time(), ZoneInfo("America/New_York"))
        assert found.earliest == monday.replace(hour=9)
