"""Why a person may not be touched, to the second: caps, recent contact, and which reason is named first (R58, N8)."""

from datetime import timedelta

import pytest

from domain.facts import ConsentFacts, Facts, PastTouch
from domain.values import Channel, Purpose, Refusal
from policy.suppression import why_not
from tests.policy.cases import CALL, EMAIL, SMS, SOLICITATION, TUESDAY, at, default, known, lead, person

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


def solicited(*ago: timedelta, channel: Channel = SMS) -> Facts:
    return lead(
        history=known(
            touches=tuple(PastTouch(channel=channel, purpose=SOLICITATION, at=TUESDAY - each) for each in ago)
        )
    )


@pytest.mark.parametrize(
    ("ago", "frees_in", "rule"),
    [
        ((), None, None),
        ((HOUR, 2 * HOUR), None, None),
        ((HOUR, 2 * HOUR, 3 * HOUR), 21 * HOUR, "cap/3-in-24h"),
        ((HOUR, 2 * HOUR, DAY - SECOND), SECOND, "cap/3-in-24h"),
        ((HOUR, 2 * HOUR, DAY), None, None),  # a day ago to the second frees
        ((timedelta(0), SECOND, 2 * SECOND), DAY - 2 * SECOND, "cap/3-in-24h"),
        ((HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR), 21 * HOUR, "cap/3-in-24h"),  # until fewer than three are left
        (tuple(DAY * number for number in range(1, 7)), None, None),  # six in a week
        (tuple(DAY * number for number in range(1, 8)), None, None),  # the seventh is a week old
        ((*(DAY * n - HOUR for n in range(2, 8)), HOUR), HOUR, "cap/7-in-168h"),
        ((*(DAY * n - HOUR for n in range(3, 8)), HOUR, 2 * HOUR, 3 * HOUR), 25 * HOUR, "cap/7-in-168h"),
    ],
)
def test_a_cap_binds_from_its_last_touch_until_the_oldest_that_counts_is_past(
    ago: tuple[timedelta, ...], frees_in: timedelta | None, rule: str | None
) -> None:
    found = why_not(solicited(*ago), default(), TUESDAY, SMS, SOLICITATION)
    expected = None if frees_in is None else (Refusal.CAP_REACHED, TUESDAY + frees_in, rule)
    assert found == expected


def test_when_a_cap_has_freed_the_next_touch_may_go() -> None:
    facts = solicited(HOUR, 2 * HOUR, 3 * HOUR)
    found = why_not(facts, default(), TUESDAY, SMS, SOLICITATION)
    assert found is not None
    assert found[1] is not None
    still = why_not(facts, default(), found[1] - SECOND, SMS, SOLICITATION)
    assert still is not None
    assert still[0] is Refusal.CAP_REACHED
    free = why_not(facts, default(), found[1] + 2 * HOUR, SMS, SOLICITATION)  # nine in Texas
    assert free is None


@pytest.mark.parametrize("channel", [SMS, CALL, EMAIL])
def test_a_cap_counts_over_all_channels(channel: Channel) -> None:
    facts = lead(
        history=known(
            touches=tuple(
                PastTouch(channel=made, purpose=SOLICITATION, at=TUESDAY - HOUR * number)
                for number, made in enumerate((SMS, CALL, EMAIL), 1)
            )
        )
    )
    found = why_not(facts, default(), TUESDAY, channel, SOLICITATION)
    assert found is not None
    assert found[0] is Refusal.CAP_REACHED


@pytest.mark.parametrize(
    ("ago", "refused"), [(timedelta(0), True), (DAY - SECOND, True), (DAY, False), (2 * DAY, False)]
)
def test_a_contact_silences_solicitations_for_a_day_to_the_second(ago: timedelta, refused: bool) -> None:
    facts = lead(history=known(last_contact_at=TUESDAY - ago))
    expected = (Refusal.RECENT_CONTACT, TUESDAY - ago + DAY, "recent_contact") if refused else None
    assert why_not(facts, default(), TUESDAY, SMS, SOLICITATION) == expected
    assert why_not(facts, default(), TUESDAY, SMS, Purpose.RESPONSIVE) is None


NIGHT = at("2026-11-24 22:00")
EVERYTHING = {
    "active_deal": True,
    "active_sequence": True,
    "last_contact_at": NIGHT,
    "touches": tuple(PastTouch(channel=SMS, purpose=SOLICITATION, at=NIGHT - SECOND * n) for n in range(9)),
}


@pytest.mark.parametrize(
    ("changes", "history", "refusal"),
    [
        ({}, {"opted_out": True}, Refusal.OPTED_OUT),
        ({"person": person(phone=None)}, {"opted_out": True}, Refusal.OPTED_OUT),
        ({"person": person(phone=None)}, {}, Refusal.NO_NUMBER),
        ({"consent": ConsentFacts()}, {}, Refusal.NO_CONSENT),
        ({"person": person(())}, {}, Refusal.PLACE_UNKNOWN),
        ({}, {}, Refusal.ACTIVE_DEAL),
        ({}, {"active_deal": False}, Refusal.ACTIVE_SEQUENCE),
        ({}, {"active_deal": False, "active_sequence": False}, Refusal.RECENT_CONTACT),
        ({}, {"active_deal": False, "active_sequence": False, "last_contact_at": None}, Refusal.CAP_REACHED),
        (
            {},
            {"active_deal": False, "active_sequence": False, "last_contact_at": None, "touches": ()},
            Refusal.OUTSIDE_WINDOW,
        ),
    ],
)
def test_what_lasts_is_named_before_what_passes(
    changes: dict[str, object], history: dict[str, object], refusal: Refusal
) -> None:
    facts = lead(**changes, history=known(**{**EVERYTHING, **history}))  # type: ignore[arg-type]  # fields of a table
    found = why_not(facts, default(), NIGHT, SMS, SOLICITATION)
    assert found is not None
    assert found[0] is refusal
    lasting = refusal not in (Refusal.RECENT_CONTACT, Refusal.CAP_REACHED, Refusal.OUTSIDE_WINDOW)
    assert (found[1] is None) is lasting


@pytest.mark.parametrize("changes", [{"kill_switch": True}, {"test": True}])
def test_switches_stop_every_channel_of_the_person_and_none_of_our_own(changes: dict[str, object]) -> None:
    facts = lead(**changes)  # type: ignore[arg-type]  # fields of a table
    for purpose in (Purpose.RESPONSIVE, Purpose.SOLICITATION):
        for channel in (SMS, CALL, EMAIL):
            found = why_not(facts, default(), TUESDAY, channel, purpose)
            assert found is not None
            assert found[1] is None
    for channel in (Channel.CHAT, Channel.CRM):
        assert why_not(facts, default(), TUESDAY, channel, Purpose.INTERNAL) is None
