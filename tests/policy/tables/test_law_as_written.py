"""Every figure of the law that is a rule, as a case beside the page that says so: hours to the minute, days off, caps,
which places count, what is assumed. Do-not-call has its own table (test_do_not_call.py), as have opt-outs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from adapters.phones import places_of
from domain.facts import History, PastTouch, Place
from domain.values import Action, Channel, Purpose, Refusal
from policy import windows
from policy.explain import as_json
from policy.loaded import LoadedPolicy
from policy.suppression import permitted, why_not
from policy.triage import triage
from tests.policy.cases import CALL, EMAIL, RESPONSIVE, SIGNED, SMS, SOLICITATION, at, changed, default, known, lead

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
EAST, MIDDLE, MOUNTAIN, WEST = (
    ZoneInfo(name) for name in ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles")
)

QUIET_HOURS = "https://production.jdsupra.com/legalnews/tcpa-quiet-hour-lawsuits-proliferate-as-5657579"
DINSMORE = (
    "https://www.dinsmore.com/publications/more-states-adding-tougher-telephone-consumer-protection-act-statutes/"
)
FLORIDA = "http://www.lawserver.com/law/state/florida/statutes/florida_statutes_501-616"
FLORIDA_CAP = "https://flsenate.gov/Session/Bill/2021/1120/BillText/er/HTML"
OKLAHOMA = "https://app.legiplex.com/ok/legislature/2022/2022-r/bills/hb3168/drafts-latest"
TEXAS = "https://www.foster.com/newsroom-alerts-texas-expands-telemarketing-law-to-cover-text-messagesms-marketing-what-companies-need-to-know"
VIRGINIA = "http://law.lis.virginia.gov/vacodepopularnames/virginia-telephone-privacy-protection-act/"
WASHINGTON = "https://wa-law.org/bill/2021-22/hb/1497/S.PL/"
RHODE_ISLAND = "https://instalawyer.io/laws/rhode-island-general-laws/section-5-61-2-definitions"
ALABAMA = "https://d1tvxue8o4w0fl.cloudfront.net/regulation/alabama-administrative-code/title-770-alabama-public-service-commission/chapter-770-x-5-telephone-rules/section-770-x-5-17-live-and-automated-solicitations-and-announcements"
MISSISSIPPI = "https://getpocketlaw.com/law/state_mississippi/section-77-3-723-rules-for-authorized-calls_57b73fa7ff73"
UTAH = "https://codes.findlaw.com/ut/title-13-commerce-and-trade/ut-code-sect-13-25a-103/"
MARYLAND = "https://www.wmar2news.com/local/law-to-prevent-spam-calls-takes-effect-first-of-the-year"
MASSACHUSETTS = "https://regulations.justia.com/states/massachusetts/201-cmr/title-201-cmr-12-00/section-12-02"
CONNECTICUT = "https://mondaq.co.uk/unitedstates/advertising-marketing--branding/1340464/revised-connecticut-telemarketing-law-signed-into-law"
OREGON = "https://production.jdsupra.com/legalnews/oregon-passes-new-telephone-8210765"
NEW_MEXICO = "https://law.justia.com/codes/new-mexico/2006/nmrc/jd_57-12-22-13117.html"
DISTRICT = "https://code.dccouncil.gov/us/dc/council/code/sections/22-3226.08"
CALIFORNIA = "https://legalclarity.org/what-is-the-legal-time-to-call-customers-in-california"


@dataclass(frozen=True, slots=True)
class Day:
    """On one day in one state the window opens and closes at these minutes of its clock; None: it stays closed."""

    source: str
    state: str
    zone: ZoneInfo
    date: str
    opens: str | None
    closes: str | None

    @property
    def places(self) -> tuple[Place, ...]:
        return (Place(zone=self.zone.key, region=self.state),)


TUESDAY, SATURDAY, SUNDAY, CHRISTMAS = "2026-11-24", "2026-11-28", "2026-11-29", "2026-12-25"
SPRING, AUTUMN = "2027-03-14", "2026-11-01"  # Sundays on which the clocks change

DAYS = [
    Day(QUIET_HOURS, "VA", EAST, TUESDAY, "08:00", "21:00"),  # federal hours, and its own are the same
    Day(QUIET_HOURS, "VA", EAST, SPRING, "08:00", "21:00"),
    Day(QUIET_HOURS, "VA", EAST, AUTUMN, "08:00", "21:00"),
    Day(VIRGINIA, "VA", EAST, SUNDAY, "08:00", "21:00"),
    Day(FLORIDA, "FL", EAST, TUESDAY, "08:00", "20:00"),
    Day(FLORIDA, "FL", EAST, SUNDAY, "08:00", "20:00"),
    Day(FLORIDA, "FL", EAST, AUTUMN, "08:00", "20:00"),
    Day(OKLAHOMA, "OK", MIDDLE, TUESDAY, "08:00", "20:00"),
    Day(OKLAHOMA, "OK", MIDDLE, SPRING, "08:00", "20:00"),
    Day(WASHINGTON, "WA", WEST, TUESDAY, "08:00", "20:00"),
    Day(DINSMORE, "WA", WEST, SUNDAY, "08:00", "20:00"),
    Day(TEXAS, "TX", MIDDLE, TUESDAY, "09:00", "21:00"),
    Day(TEXAS, "TX", MIDDLE, SATURDAY, "09:00", "21:00"),
    Day(TEXAS, "TX", MIDDLE, SUNDAY, "12:00", "21:00"),
    Day(TEXAS, "TX", MIDDLE, SPRING, "12:00", "21:00"),
    Day(TEXAS, "TX", MIDDLE, CHRISTMAS, "09:00", "21:00"),  # no holidays there
    Day(RHODE_ISLAND, "RI", EAST, TUESDAY, "09:00", "18:00"),
    Day(RHODE_ISLAND, "RI", EAST, SATURDAY, "10:00", "17:00"),
    Day(RHODE_ISLAND, "RI", EAST, SUNDAY, None, None),
    Day(RHODE_ISLAND, "RI", EAST, CHRISTMAS, None, None),
    Day(RHODE_ISLAND, "RI", EAST, "2026-11-26", None, None),
    Day(ALABAMA, "AL", MIDDLE, TUESDAY, "08:00", "20:00"),
    Day(ALABAMA, "AL", MIDDLE, SATURDAY, "08:00", "20:00"),
    Day(ALABAMA, "AL", MIDDLE, SUNDAY, None, None),
    Day(ALABAMA, "AL", MIDDLE, "2027-07-05", None, None),  # the Fourth is a Sunday
    Day(MISSISSIPPI, "MS", MIDDLE, TUESDAY, "08:00", "20:00"),
    Day(MISSISSIPPI, "MS", MIDDLE, SUNDAY, None, None),
    Day(MISSISSIPPI, "MS", MIDDLE, CHRISTMAS, "08:00", "20:00"),  # holidays are no longer barred
    Day(UTAH, "UT", MOUNTAIN, TUESDAY, "08:00", "21:00"),
    Day(UTAH, "UT", MOUNTAIN, SUNDAY, None, None),
    Day(UTAH, "UT", MOUNTAIN, CHRISTMAS, None, None),
    Day(MARYLAND, "MD", EAST, TUESDAY, "08:00", "20:00"),
    Day(MASSACHUSETTS, "MA", EAST, SUNDAY, "08:00", "20:00"),
    Day(CONNECTICUT, "CT", EAST, TUESDAY, "09:00", "20:00"),
    Day(OREGON, "OR", WEST, TUESDAY, "08:00", "20:00"),
    Day(NEW_MEXICO, "NM", MOUNTAIN, TUESDAY, "09:00", "21:00"),
    Day(DISTRICT, "DC", EAST, TUESDAY, "08:00", "21:00"),
    Day(CALIFORNIA, "CA", WEST, TUESDAY, "09:00", "21:00"),
]


def minutes(day: str, zone: ZoneInfo) -> list[datetime]:
    """Every minute between two full hours, of all hours: the edges are what matters."""
    return [at(f"{day} {hour:02}:{minute:02}", zone) for hour in range(24) for minute in (0, 1, 30, 59)]


@pytest.mark.parametrize("day", DAYS, ids=lambda day: f"{day.state} {day.date}")
def test_the_hours_of_a_day_to_the_minute(day: Day) -> None:
    asked = at(f"{day.date} 00:00", day.zone)  # so do-not-call is out of it
    facts = lead(places=day.places, received_at=asked, consent=SIGNED)
    for channel, purpose in product((SMS, CALL), (SOLICITATION, RESPONSIVE)):
        for moment in minutes(day.date, day.zone):
            lawful = day.opens is not None and day.closes is not None and day.opens <= f"{moment:%H:%M}" < day.closes
            refused = why_not(facts, default(), moment, channel, purpose)
            assert (refused is None) is lawful, (channel, purpose, moment)
            assert refused is None or refused[0] is Refusal.OUTSIDE_WINDOW


@pytest.mark.parametrize("day", DAYS, ids=lambda day: f"{day.state} {day.date}")
def test_each_case_stands_beside_a_source_of_its_row(day: Day) -> None:
    pack = default().pack
    assert day.source in (*pack.states[day.state].sources, *pack.federal.sources)
    assert pack.states[day.state].verified is not None


def test_every_verified_row_that_is_stricter_than_the_federal_one_has_cases() -> None:
    stricter = {
        name
        for name, row in default().pack.states.items()
        if row.verified and (row.hours != default().pack.federal.hours or row.holidays)
    }
    assert stricter <= {day.state for day in DAYS}


def touches(*minutes_ago: float, channel: Channel = CALL, purpose: Purpose = SOLICITATION) -> History:
    """Touches before noon of the Tuesday."""
    noon = at("2026-11-24 12:00", EAST)
    made = [PastTouch(channel=channel, purpose=purpose, at=noon - MINUTE * ago) for ago in minutes_ago]
    return known(touches=tuple(made))


CAPPED = [("FL", FLORIDA_CAP, EAST), ("OK", OKLAHOMA, MIDDLE), ("MD", MARYLAND, EAST), ("OR", OREGON, WEST)]
DAY = 24 * 60
LOOSE = [{"most": 50, "within": "24h"}]


@cache
def loose() -> LoadedPolicy:
    """A policy whose own caps bind nobody."""
    return changed(contact={"caps": LOOSE})


@pytest.mark.parametrize(("state", "source", "zone"), CAPPED)
@pytest.mark.parametrize("counted", [SMS, CALL])
@pytest.mark.parametrize("way", list(product((SMS, CALL), (SOLICITATION, RESPONSIVE))))
def test_three_calls_and_texts_in_24_hours_and_no_fourth(
    state: str, source: str, zone: ZoneInfo, counted: Channel, way: tuple[Channel, Purpose]
) -> None:
    """Whatever our own caps say, and for answers too, until counsel turns the carve-out on."""
    assert source in default().pack.states[state].sources
    loaded, noon = loose(), at("2026-11-24 12:00", EAST)
    where = (Place(zone=zone.key, region=state),)
    rule = f"us-2026-11/{state}/cap-3-in-24h"
    two, three, old = ((60, 120), (60, 120, DAY - 30), (60, 120, DAY))
    for ago, expected in ((two, None), (three, noon + 30 * MINUTE), (old, None)):
        facts = lead(places=where, history=touches(*ago, channel=counted), consent=SIGNED)
        refused = why_not(facts, loaded, noon, *way)
        assert refused == ((Refusal.CAP_REACHED, expected, rule) if expected else None), ago
        window = permitted(facts, loaded, noon, *way)
        assert (window.earliest, window.held_by) == ((expected, (rule,)) if expected else (noon, ()))


def test_the_caps_of_the_law_count_answers_and_leave_e_mail_alone() -> None:
    loaded, noon = loose(), at("2026-11-24 12:00", EAST)
    floridian = (Place(zone="America/New_York", region="FL"),)
    answered = lead(places=floridian, history=touches(1, 2, 3, channel=SMS, purpose=RESPONSIVE), consent=SIGNED)
    assert why_not(answered, loaded, noon, SMS, SOLICITATION) is not None
    spared = changed(contact={"caps": LOOSE, "switches": {"FL": {"answers_exempt": True}}})
    assert why_not(answered, spared, noon, SMS, SOLICITATION) is None
    solicited = lead(places=floridian, history=touches(1, 2, 3))
    assert why_not(solicited, spared, noon, CALL, SOLICITATION) is not None
    assert why_not(solicited, spared, noon, CALL, RESPONSIVE) is None
    assert why_not(solicited, loaded, noon, EMAIL, SOLICITATION) is None
    mailed = lead(places=floridian, history=touches(1, 2, 3, channel=EMAIL))
    assert why_not(mailed, loaded, noon, CALL, SOLICITATION) is None


@pytest.mark.parametrize(
    ("region", "rule"),
    [
        ("TX", None),
        ("VA", None),
        ("HI", "us-2026-11/assumed/cap-3-in-24h"),  # not verified: the caps of all that are
        (None, "us-2026-11/assumed/cap-3-in-24h"),
    ],
)
def test_a_place_without_a_verified_row_has_the_strictest_caps(region: str | None, rule: str | None) -> None:
    noon = at("2026-11-24 12:00", EAST)
    facts = lead(places=(Place(zone="America/New_York", region=region),), history=touches(60, 120, 180))
    refused = why_not(facts, loose(), noon, CALL, SOLICITATION)
    assert (refused and refused[2]) == rule


def test_where_our_cap_and_the_laws_free_at_once_the_laws_is_named_and_both_are_told() -> None:
    noon = at("2026-11-24 12:00", EAST)
    floridian = (Place(zone="America/New_York", region="FL"),)
    facts = lead("referral", places=floridian, history=touches(60, 120, 180), consent=SIGNED)
    freed, rule = noon + 21 * HOUR, "us-2026-11/FL/cap-3-in-24h"
    assert why_not(facts, default(), noon, SMS, SOLICITATION) == (Refusal.CAP_REACHED, freed, rule)
    judgement = triage(facts, default(), noon, "d")
    shown = as_json(judgement, default(), facts)
    assert [window["held_by"] for window in shown["windows"]] == [[rule, "cap/3-in-24h"]] * 2
    told = {each["rule"]: each["because"] for each in shown["bounds"]}
    assert told[rule] == f"Florida (FTSA), 3-in-24h: 3 made, no room until {freed.isoformat()}"
    assert "our own cap" in told["cap/3-in-24h"]
    # The call and the text both wait, until the law and our hours allow them.
    (text,) = [item for item in judgement.decision.agenda if item.action is Action.TEXT]
    (offer,) = [item for item in judgement.decision.agenda if item.action is Action.OFFER]
    assert text.at == freed
    assert text.held_by == (rule, "cap/3-in-24h")
    assert offer.at >= freed
    assert set(text.held_by) <= set(offer.held_by)


AREA_CODES = "https://natlawreview.com/article/new-class-action-threat-tcpa-quiet-hours-and-marketing-messages"
"""Area code is “defensible, not fool-proof”: so every zone that one covers, unless a better one is known."""


@pytest.mark.parametrize(
    ("given", "now", "opens"),
    [
        # +1 850 lies on both sides of Florida's line: eight o'clock in both, and eight in the evening in both
        (("+18505550142", None, None, None), "2026-11-24 08:30", "Tue 09:00"),
        (("+18505550142", None, None, None), "2026-11-24 20:00", "Wed 09:00"),
        # a Floridian number and a stated Florida: the panhandle is an hour behind
        (("+13055550142", "US", "FL", None), "2026-11-24 08:30", "Tue 09:00"),
        (("+13055550142", "US", "FL", "33101"), "2026-11-24 08:30", "Tue 08:30"),  # a ZIP code in Miami
        # a number of Tennessee's east and a stated Tennessee
        (("+18655550142", "US", "TN", None), "2026-11-24 08:30", "Tue 09:00"),
        # a Floridian number counts for residence (Fla. Stat. 501.059), whatever the ZIP code says
        (("+13055550142", "US", "TX", "78701"), "2026-11-24 19:59", "Tue 19:59"),
        (("+13055550142", "US", "TX", "78701"), "2026-11-24 20:00", "Wed 10:00"),
        # so does one of Oklahoma, Connecticut and Virginia; not one of New York
        (("+14055550142", "US", "NJ", "07102"), "2026-11-24 08:30", "Tue 09:00"),
        (("+18605550142", "US", "NJ", "07102"), "2026-11-24 08:30", "Tue 09:00"),
        (("+12125550142", "US", "NJ", "07102"), "2026-11-24 08:30", "Tue 08:30"),
        (("+12125550142", "US", "TX", None), "2026-11-24 09:30", "Tue 11:00"),  # El Paso's nine
        # an area code newer than the ZIP data is of its state all the same; one of no known state may be Florida's
        (("+16455550142", "US", "TX", "78701"), "2026-11-24 20:00", "Wed 10:00"),
        # a stated state that can't be read has the strictest rules of all, and takes none of the area code's away
        (("+12125550142", "US", "Texes", None), "2026-11-24 08:30", "Tue 09:00"),
        (("+12125550142", "US", "Texes", None), "2026-11-24 18:00", "Wed 09:00"),
        (("+12125550142", "US", "Texes", "07102"), "2026-11-24 18:00", "Wed 09:00"),
    ],
)
def test_every_place_where_the_person_may_be_has_to_allow_it(
    given: tuple[str | None, str | None, str | None, str | None], now: str, opens: str
) -> None:
    found = windows.earliest(lead(places=places_of(*given)), default(), at(now, EAST), CALL, SOLICITATION).earliest
    assert found is not None
    assert f"{found.astimezone(EAST):%a %H:%M}" == opens


def test_an_area_code_of_no_known_state_counts_whatever_the_zip_code_says() -> None:
    where = (Place(zone="America/Chicago", region="TX", evidence="postal_code"), Place(zone="America/New_York"))
    found = windows.earliest(lead(places=where), default(), at("2026-11-24 18:30", EAST), CALL, SOLICITATION)
    assert found.held_by[0] == "us-2026-11/assumed"


def test_an_assumed_window_is_said_to_be_assumed_with_the_packs_version() -> None:
    facts = lead(places=(Place(zone="America/New_York", region="GA"),))
    judgement = triage(facts, default(), at("2026-11-24 19:00", EAST), "d")
    told = [each for each in judgement.trace.held if each.rule == "us-2026-11/assumed"]
    assert [each.because for each in told] == [
        "assumed, as the row of GA isn’t verified: the strictest of all counts, with every state’s legal holidays, "
        "Mo-Fr 09:00-18:00; Sa 10:00-17:00 in America/New_York: closed now"
    ]
    assert {window.held_by for window in judgement.trace.windows} == {("us-2026-11/assumed",)}


def test_what_an_unverified_row_says_is_kept_besides() -> None:
    """Kentucky's hours are told by charts alone, and begin at ten."""
    louisville = (Place(zone="America/Kentucky/Louisville", region="KY"),)
    found = windows.earliest(lead(places=louisville), default(), at("2026-11-24 09:30", EAST), CALL, SOLICITATION)
    assert (found.earliest, found.held_by) == (at("2026-11-24 10:00", EAST), ("us-2026-11/KY",))
