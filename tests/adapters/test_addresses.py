"""Countries and states as forms really give them, and what follows for a person's number and place."""

import pytest

from adapters.phones import country_of, person_facts, region_of
from domain.messages import Address, Person


@pytest.mark.parametrize("given", ["US", "us", " USA ", "U.S.", "u.s.a.", "United States", "united states of america"])
def test_the_united_states_by_any_name(given: str) -> None:
    assert country_of(given) == "US"


@pytest.mark.parametrize(
    ("given", "country"), [(None, None), ("", None), ("  ", None), (".", None), ("uk", "GB"), ("de", "DE")]
)
def test_other_countries_and_none(given: str | None, country: str | None) -> None:
    assert country_of(given) == country


@pytest.mark.parametrize(
    ("given", "region"),
    [
        ("tx", "TX"),
        ("Texas", "TX"),
        ("D.C.", "DC"),
        ("N.Y.", "NY"),
        ("puerto  rico", "PR"),
        ("Ontario", "Ontario"),
        ("", None),
    ],
)
def test_states_by_any_name(given: str, region: str | None) -> None:
    assert region_of(given) == region


def test_dots_in_a_country_make_no_number_invalid_and_no_place_unknown() -> None:
    facts = person_facts(Person(phone="(512) 555-0142", address=Address(country="U.S.", region="Texas")))
    assert (facts.phone, facts.flags, facts.region) == ("+15125550142", (), "TX")
    assert {place.region for place in facts.places} == {"TX"}
