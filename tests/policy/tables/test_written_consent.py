"""Written consent to automated texts, where a state's law asks for it of texts that sell. Each row names its source."""

from itertools import product

import pytest

from domain.facts import ConsentFacts, Facts, Place
from domain.values import Action, Refusal
from policy.suppression import why_not
from policy.triage import triage
from tests.policy.cases import CALL, RESPONSIVE, SIGNED, SMS, SOLICITATION, TUESDAY, changed, default, lead

NEEDS = {
    "FL": "https://legalclarity.org/what-is-the-florida-telephone-solicitation-act",
    "OK": "https://www.dinsmore.com/publications/more-states-adding-tougher-telephone-consumer-protection-act-statutes/",
    "CT": "https://cga.ct.gov/current/pub/chap_743m.htm",
    "MD": "https://lexace.ai/us/statute/maryland/CL-14-4502",
}
FEDERAL = "https://www.kelleydrye.com/viewpoints/blogs/ad-law-access/eleventh-circuit-vacates-tcpa-11-consent-rule"
"""Written consent is still needed for autodialed marketing; whether texts are autodialed is counsel's to say."""

EXPRESS = ConsentFacts(sms=True, call=True, kind="express", automated=True)
MANUAL_ONLY = ConsentFacts(sms=True, call=True, kind="written")


def of(region: str | None, consent: ConsentFacts, source: str = "demo_request") -> Facts:
    return lead(source, (Place(zone="America/New_York", region=region),), consent=consent)


@pytest.mark.parametrize("state", NEEDS)
def test_a_text_that_sells_goes_only_to_who_signed_for_automated_texts(state: str) -> None:
    assert NEEDS[state] in default().pack.states[state].sources
    refused = (Refusal.NO_CONSENT, None, f"us-2026-11/{state}/written_consent")
    for consent, expected in ((EXPRESS, refused), (MANUAL_ONLY, refused), (SIGNED, None)):
        assert why_not(of(state, consent), default(), TUESDAY, SMS, SOLICITATION) == expected
    for channel, purpose in ((SMS, RESPONSIVE), (CALL, SOLICITATION), (CALL, RESPONSIVE)):
        assert why_not(of(state, EXPRESS), default(), TUESDAY, channel, purpose) is None


def test_the_strictest_of_all_places_where_they_may_be_counts() -> None:
    both = (Place(zone="America/Chicago", region="TX"), Place(zone="America/New_York", region="FL"))
    found = why_not(lead(places=both), default(), TUESDAY, SMS, SOLICITATION)
    assert found == (Refusal.NO_CONSENT, None, "us-2026-11/FL/written_consent")


@pytest.mark.parametrize(
    ("region", "rule"),
    [
        (None, "us-2026-11/assumed/written_consent"),  # it may be any of them
        ("TX", None),
        ("NY", None),
        ("OH", None),  # not verified: hours and caps are assumed, a signature isn't
    ],
)
def test_where_no_row_asks_for_it_the_policys_own_consent_does(region: str | None, rule: str | None) -> None:
    found = why_not(of(region, EXPRESS), default(), TUESDAY, SMS, SOLICITATION)
    assert (found[2] if found else None) == rule


@pytest.mark.parametrize("state", [*NEEDS, "TX"])
def test_counsel_may_turn_a_state_off_and_the_whole_country_on(state: str) -> None:
    off = changed(contact={"switches": {name: {"written_consent": False} for name in NEEDS}})
    assert why_not(of(state, EXPRESS), off, TUESDAY, SMS, SOLICITATION) is None
    everywhere = changed(contact={"switches": {"federal": {"written_consent": True}}})
    assert FEDERAL in default().pack.federal.sources
    found = why_not(of(state, EXPRESS), everywhere, TUESDAY, SMS, SOLICITATION)
    assert found == (Refusal.NO_CONSENT, None, "us-2026-11/federal/written_consent")
    assert why_not(of(state, SIGNED), everywhere, TUESDAY, SMS, SOLICITATION) is None


@pytest.mark.parametrize(("source", "state"), list(product(("content_download", "referral", "demo_request"), NEEDS)))
def test_what_is_planned_there_without_a_signature_has_no_text_that_sells(source: str, state: str) -> None:
    judgement = triage(of(state, EXPRESS, source), default(), TUESDAY, "d")
    assert not [each for each in judgement.decision.agenda if each.action in (Action.TEXT, Action.RESCUE)]
    assert any("written_consent" in each.because for each in judgement.trace.not_taken)
