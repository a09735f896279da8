"""Numbers, places and addresses as people give them → what policy is told."""

import subprocess
import sys

import pytest
import zipcodes

from adapters.phones import check_email, country_of, parse_phone, person_facts, places, places_of, region_of
from domain.messages import Address, Person

CHICAGO, NEW_YORK, DENVER = "America/Chicago", "America/New_York", "America/Denver"

LIBPHONENUMBER_IS_BLIND_TO = [
    "219",
    "229",
    "256",
    "270",
    "308",
    "334",
    "364",
    "423",
    "432",
    "442",
    "448",
    "458",
    "541",
    "575",
    "689",
    "706",
    "725",
    "762",
    "806",
    "812",
    "850",
    "906",
    "928",
    "930",
    "938",
]
"""Area codes of which libphonenumber misses a UTC offset that covers at least 5 % of their ZIP codes (measured)."""


@pytest.mark.parametrize(
    ("raw", "country", "e164", "flags"),
    [
        ("+1 512 555 0142", None, "+15125550142", ()),
        ("(512) 555-0142", "US", "+15125550142", ()),
        ("512.555.0142", None, "+15125550142", ()),
        ("020 7946 0018", "GB", "+442079460018", ()),
        ("+44 20 7946 0018", "US", "+442079460018", ()),
        ("020 7946 0018", "United Kingdom", "+442079460018", ()),
        ("020 7946 0018", "england", "+442079460018", ()),
        ("030 901820", "Germany", "+4930901820", ()),
        ("030 901820", " Alemania ", "+4930901820", ()),
        ("01 42 68 53 00", "Côte d\u2019Ivoire", "+2250142685300", ()),
        ("01 42 68 53 00", "Cote d'Ivoire", "+2250142685300", ()),
        ("55 5512 3456", "m\u00e9xico", "+525555123456", ()),
        ("(512) 555-0142", "U.S.A.", "+15125550142", ()),
        ("(512) 555-0142", "Estados Unidos", "+15125550142", ()),
        ("1-800-555-0199", None, "+18005550199", ("toll_free",)),
        ("555-0142", None, None, ("invalid_phone",)),
        ("call me", None, None, ("invalid_phone",)),
        ("+1 512 555 0142", "Atlantis", "+15125550142", ()),
        ("", None, None, ()),
        (None, None, None, ()),
    ],
)
def test_numbers_as_people_write_them(
    raw: str | None, country: str | None, e164: str | None, flags: tuple[str, ...]
) -> None:
    found = parse_phone(raw, country_of(country))
    assert (found.e164, found.flags) == (e164, flags)


def placed(
    phone: str | None = None, country: str | None = None, region: str | None = None, postal_code: str | None = None
) -> list[tuple[str, str | None, str]]:
    return [(place.zone, place.region, place.evidence) for place in places_of(phone, country, region, postal_code)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"phone": "+15125550142"}, [(CHICAGO, "TX", "area_code")]),
        ({"phone": "+18505550142"}, [(CHICAGO, "FL", "area_code"), (NEW_YORK, "FL", "area_code")]),
        ({"phone": "+16895550142"}, [(CHICAGO, "FL", "area_code"), (NEW_YORK, "FL", "area_code")]),
        ({"phone": "+17875550142"}, [("America/Puerto_Rico", "PR", "area_code")]),
        ({"postal_code": "78701"}, [(CHICAGO, "TX", "postal_code")]),
        ({"postal_code": "79901-1234"}, [(DENVER, "TX", "postal_code")]),  # El Paso
        (
            {"phone": "+12125550142", "postal_code": "78701"},
            [(CHICAGO, "TX", "postal_code"), (NEW_YORK, "NY", "area_code")],
        ),
        (
            {"phone": "+12125550142", "region": "TX"},
            [(NEW_YORK, "NY", "area_code"), (CHICAGO, "TX", "address"), (DENVER, "TX", "address")],
        ),
        # a stated state says more than where in it the number was issued, except of zones where few people live
        ({"phone": "+15125550142", "region": "TX"}, [(CHICAGO, "TX", "area_code")]),
        ({"phone": "+19155550142", "region": "TX"}, [(DENVER, "TX", "area_code"), (CHICAGO, "TX", "address")]),
        ({"phone": "+13055550142", "region": "FL"}, [(NEW_YORK, "FL", "area_code"), (CHICAGO, "FL", "address")]),
        (
            {"phone": "+13055550142", "region": "FL", "postal_code": "33101"},
            [(NEW_YORK, "FL", "postal_code"), (NEW_YORK, "FL", "area_code")],
        ),
        ({"phone": "+18505550142", "region": "FL"}, [(CHICAGO, "FL", "area_code"), (NEW_YORK, "FL", "area_code")]),
        (
            {"postal_code": "10001", "region": "CA"},
            [(NEW_YORK, "NY", "postal_code"), ("America/Los_Angeles", "CA", "address")],
        ),
        (
            {"phone": "+15125550142", "postal_code": "10001", "region": "TX"},
            [
                (NEW_YORK, "NY", "postal_code"),
                (CHICAGO, "TX", "area_code"),
                (CHICAGO, "TX", "address"),
                (DENVER, "TX", "address"),
            ],
        ),
        ({"postal_code": "78701", "region": "TX"}, [(CHICAGO, "TX", "postal_code")]),
        # a stated state that can't be read is some state: the strictest rules count too, in the known zones
        (
            {"phone": "+12125550142", "region": "Texes"},
            [(NEW_YORK, "NY", "area_code"), (NEW_YORK, None, "address")],
        ),
        (
            {"phone": "+12125550142", "region": "Texes", "postal_code": "78701"},
            [(CHICAGO, "TX", "postal_code"), (NEW_YORK, "NY", "area_code"), (CHICAGO, None, "address")],
        ),
        ({"region": "Texes"}, []),
        ({"phone": "+16455550142"}, [(NEW_YORK, "FL", "area_code")]),  # newer than the ZIP data
        ({"phone": "+18005550199"}, []),  # toll-free: anywhere
        ({"phone": "+15005550006"}, []),
        ({"phone": "+442079460018"}, [("Europe/London", None, "area_code")]),
        ({"phone": "+15125550142", "country": "MX", "postal_code": "78701"}, []),
        ({"postal_code": "00000"}, []),
        ({"postal_code": "09001"}, []),  # military post: nowhere
        ({"postal_code": "\uff17\uff18\uff17\uff10\uff11"}, []),  # digits, but none of a ZIP code
        ({"postal_code": "\u0667\u0668\u0667\u0660\u0661-1234"}, []),
        ({}, []),
    ],
)
def test_where_a_person_may_be(given: dict[str, str], expected: list[tuple[str, str | None, str]]) -> None:
    assert placed(**given) == expected


@pytest.mark.parametrize("phone", ["+15121550142", "+1512555014", "+151255501429"])
def test_a_number_that_can_not_be_one_says_nothing_whatever_its_area_code(phone: str) -> None:
    assert places_of(phone, None, None, None) == ()


def test_a_number_from_abroad_says_which_country() -> None:
    assert {place.country for place in places_of("+14165550142", None, None, None)} == {"CA"}
    assert {place.country for place in places_of("+15125550142", None, None, None)} == {"US"}


@pytest.mark.parametrize("code", LIBPHONENUMBER_IS_BLIND_TO)
def test_area_codes_across_a_zone_line_have_both_sides(code: str) -> None:
    found = places_of(f"+1{code}5550142", "US", None, None)
    assert len({place.zone for place in found}) > 1
    assert len({place.region for place in found}) == 1


def test_each_area_code_of_the_country_has_its_state() -> None:
    numbers = [f"+1{code}5550142" for code in range(200, 1000)]
    found = [place for number in numbers for place in places_of(number, None, None, None)]
    assert [place for place in found if place.country == "US" and place.region is None] == []


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ("Calif.", "CA"), ("Fla", "FL"), ("Ala", "AL"), ("Washington DC", "DC"), ("Washington, D.C.", "DC"),
        ("D.C.", "DC"), ("Washington", "WA"), ("Utah, USA", "UT"), ("Texas USA", "TX"), ("TX - Texas", "TX"),
        ("Texas (TX)", "TX"), ("US-TX", "TX"), ("Austin, TX 78701", "TX"), ("N.Y.", "NY"), ("New York State", "NY"),
        ("State of Texas", "TX"), ("W. Va.", "WV"), ("N. Carolina", "NC"), ("Penna.", "PA"), ("tx.", "TX"),
        ("hawai\u2019i", "HI"), ("U.S. Virgin Islands", "VI"), ("New York, NY", "NY"), ("texas", "TX"),
        ("West Virginia", "WV"),
        ("Texes", "Texes"), ("Kansas / Missouri", "Kansas / Missouri"), ("Indiana, PA", "Indiana, PA"), ("xx", "XX"),
        ("Ontario", "Ontario"), ("n/a", None), ("-", None), ("Select State", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_states_as_people_write_them(given: str | None, state: str | None) -> None:
    assert region_of(given) == state


def test_geocoder_is_never_loaded() -> None:
    """It would cost every worker 190 MB."""
    code = "import adapters.phones, sys; sys.exit('phonenumbers.geocoder' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("raw", "normalised", "domain", "flags", "suggestion"),
    [
        (" Dana@Example.COM ", "dana@example.com", "example.com", (), None),
        ("dana@bücher.example", "dana@bücher.example", "xn--bcher-kva.example", (), None),
        ("dana@gmail.com", "dana@gmail.com", "gmail.com", (), None),
        ("dana@gmial.com", "dana@gmial.com", "gmial.com", ("typo_email",), "dana@gmail.com"),
        ("dana@gmal.com", "dana@gmal.com", "gmal.com", ("typo_email",), "dana@gmail.com"),
        ("dana@gmaill.com", "dana@gmaill.com", "gmaill.com", ("typo_email",), "dana@gmail.com"),
        ("dana@gnail.com", "dana@gnail.com", "gnail.com", ("typo_email",), "dana@gmail.com"),
        ("dana@hotmial.com", "dana@hotmial.com", "hotmial.com", ("typo_email",), "dana@hotmail.com"),
        ("dana@ymail.com", "dana@ymail.com", "ymail.com", (), None),
        ("dana@mail.com", "dana@mail.com", "mail.com", (), None),
        ("dana@aol.com", "dana@aol.com", "aol.com", (), None),
        ("dana@aon.com", "dana@aon.com", "aon.com", (), None),
        ("dana@all.com", "dana@all.com", "all.com", (), None),
        ("dana@mailinator.com", "dana@mailinator.com", "mailinator.com", ("disposable_email",), None),
        ("dana@eu.mailinator.com", "dana@eu.mailinator.com", "eu.mailinator.com", ("disposable_email",), None),
        ("dana@", None, None, ("invalid_email",), None),
        ("dana", None, None, ("invalid_email",), None),
        ("dana@host.local", None, None, ("invalid_email",), None),
        ("", None, None, (), None),
        (None, None, None, (), None),
    ],
)
def test_addresses_as_people_write_them(
    raw: str | None, normalised: str | None, domain: str | None, flags: tuple[str, ...], suggestion: str | None
) -> None:
    found = check_email(raw)
    assert (found.normalised, found.domain, found.flags, found.suggestion) == (normalised, domain, flags, suggestion)


def test_a_person_is_normalised_once_for_policy() -> None:
    address = Address(country="United States", region="texas", postal_code="78701")
    person = Person(
        name="Dana Ortiz",
        phone="(512) 555-0142",
        email="Dana@Gmial.com",
        company="  Ortiz   Roofing ",
        title="",
        language="EN-us",
        address=address,
    )
    facts = person_facts(person, "p-1")
    assert (facts.person_id, facts.phone, facts.email) == ("p-1", "+15125550142", "dana@gmial.com")
    assert (facts.company, facts.title, facts.language) == ("Ortiz Roofing", None, "en")
    assert (facts.country, facts.region, facts.flags) == ("US", "TX", ("typo_email",))
    assert facts.places[0].evidence == "postal_code"


def test_a_person_of_whom_nothing_is_known_has_no_place() -> None:
    facts = person_facts(Person())
    assert (facts.phone, facts.email, facts.places, facts.flags) == (None, None, (), ())


def test_the_table_covers_every_state() -> None:
    table = places._table()
    assert len([name for name in table["states"] if name not in ("AS", "FM", "GU", "MH", "MP", "PR", "PW", "VI")]) == 51
    assert len(table["area_codes"]) > 340
    assert all(zone in places._zones() for rows in table["states"].values() for zone in rows)


def test_the_table_has_every_zip_code_of_the_library_that_it_is_made_from() -> None:
    wanted: dict[int, set[tuple[str, str]]] = {}
    for row in zipcodes.list_all():
        if row["country"] in places.AMERICAN and row["timezone"] in places._zones():
            wanted.setdefault(int(row["zip_code"]), set()).add((row["timezone"], row["state"]))
    assert {code: set(where) for code, where in places._zip_codes().items()} == wanted
    assert len(wanted) > 40_000
