"""Do-not-call, to the minute: our own list, the registry and its exemptions, refusals.

Sources of the figures: the pack's own (rows DNC, Washington, Virginia and Revocation of the law behind it).
"""

from datetime import UTC, datetime, timedelta

import pytest

from domain.decisions import DecisionKind, Outcome
from domain.facts import ConsentFacts, Facts, Listing, PastInquiry, PastRefusal, PastTouch, Place
from domain.values import Action, CallList, Channel, Code, Motion, Purpose, Refusal
from policy import recycle, sla
from policy.do_not_call import months_after
from policy.explain import sentences
from policy.load import LoadedPolicy
from policy.notes import Notes
from policy.suppression import permitted, why_not
from policy.triage import triage
from tests.policy import cases
from tests.policy.cases import (
    CALL,
    EMAIL,
    RESPONSIVE,
    SMS,
    SOLICITATION,
    TUESDAY,
    ask,
    at,
    changed,
    default,
    known,
    lead,
)

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WRITTEN = ConsentFacts(sms=True, call=True, kind="written")
SINCE = at("2026-11-20 00:00")
FEDERAL = Listing(kept_by=CallList.FEDERAL, since=SINCE)
OWN = Listing(kept_by=CallList.OWN, since=SINCE)
LISTED = (Refusal.DO_NOT_CALL, None, "do_not_call/federal")
NO_EXTRACT = (Refusal.DO_NOT_CALL_STALE, None, "do_not_call/no_extract")
STALE = (Refusal.DO_NOT_CALL_STALE, None, "do_not_call/extract_older_than_31d")


def any_hour() -> LoadedPolicy:
    """The default policy without contact windows, which have tables of their own."""
    return changed(always_open=True)


def asked(when: datetime, source: str = "demo_request", **history: object) -> Facts:
    """Somebody who asked us then, and whose number is on the federal list unless said otherwise."""
    given = {"inquiries": (PastInquiry(source=source, at=when),), "do_not_call": (FEDERAL,), "registry_as_of": SINCE}
    return lead(received_at=when, history=known(**{**given, **history}))


@pytest.mark.parametrize("channel", [SMS, CALL])
@pytest.mark.parametrize(
    ("inquiry", "now", "expected"),
    [
        ("2026-11-24 10:00", "2027-02-24 09:59", None),
        ("2026-11-24 10:00", "2027-02-24 10:00", LISTED),
        ("2026-11-24 10:00", "2027-02-24 10:01", LISTED),
        ("2026-11-30 10:00", "2027-02-28 09:59", None),  # February has no 30th: its last day ends it
        ("2026-11-30 10:00", "2027-02-28 10:00", LISTED),
        ("2026-08-01 10:00", "2026-11-24 10:00", LISTED),
    ],
)
def test_an_inquiry_exempts_for_three_months_to_the_minute(
    channel: Channel, inquiry: str, now: str, expected: object
) -> None:
    assert why_not(asked(at(inquiry)), any_hour(), at(now), channel, SOLICITATION) == expected


@pytest.mark.parametrize(
    ("transaction", "now", "expected"),
    [
        ("2025-05-24 10:00", "2026-11-24 09:59", None),
        ("2025-05-24 10:00", "2026-11-24 10:00", LISTED),
        ("2025-08-31 10:00", "2027-02-28 09:59", None),
        ("2025-08-31 10:00", "2027-02-28 10:00", LISTED),
    ],
)
def test_a_transaction_exempts_for_eighteen_months(transaction: str, now: str, expected: object) -> None:
    facts = asked(at("2025-01-02 10:00"), last_transaction_at=at(transaction))
    assert why_not(facts, any_hour(), at(now), SMS, SOLICITATION) == expected


@pytest.mark.parametrize(
    ("now", "listed", "expected"),
    [
        (SINCE + 31 * DAY, False, None),
        (SINCE + 31 * DAY + MINUTE, False, STALE),
        (SINCE + 31 * DAY, True, LISTED),
        (SINCE + 31 * DAY + MINUTE, True, LISTED),
    ],
)
def test_an_extract_is_relied_on_for_31_days_to_the_minute(now: datetime, listed: bool, expected: object) -> None:
    facts = asked(at("2026-01-02 10:00"), do_not_call=(FEDERAL,) if listed else ())
    for channel in (SMS, CALL):
        assert why_not(facts, any_hour(), now, channel, SOLICITATION) == expected
    assert why_not(facts, any_hour(), now, EMAIL, SOLICITATION) is None


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (asked(TUESDAY, do_not_call=(), registry_as_of=None), None),  # a fresh inquiry asks no registry
        (asked(TUESDAY - 120 * DAY, do_not_call=(), registry_as_of=None), NO_EXTRACT),
        (asked(TUESDAY, "import"), LISTED),  # a list that was imported is no inquiry
        (asked(TUESDAY, "referral"), LISTED),  # nor is what somebody else did
        (asked(TUESDAY, "crm_stage"), LISTED),
        (
            asked(TUESDAY).model_copy(update={"source": "referral"}),
            None,
        ),  # they asked us themselves
        (asked(TUESDAY, "import", do_not_call=()), None),
        (asked(TUESDAY, "import", do_not_call=(), registry_as_of=None), NO_EXTRACT),
        (asked(TUESDAY - 120 * DAY).model_copy(update={"consent": WRITTEN}), None),
        (asked(TUESDAY - 120 * DAY).model_copy(update={"consent": ConsentFacts(call=True, kind="written")}), "consent"),
        (lead(received_at=TUESDAY - 120 * DAY), NO_EXTRACT),  # captured before inquiries were told of
        (lead(), None),
    ],
)
def test_who_needs_the_registry(facts: Facts, expected: object) -> None:
    found = why_not(facts, default(), TUESDAY, SMS, SOLICITATION)
    assert found == ((Refusal.NO_CONSENT, None, "consent/sms") if expected == "consent" else expected)


def test_the_newest_inquiry_that_is_one_counts() -> None:
    old, new = (
        PastInquiry(source=source, at=when) for source, when in (("webinar", TUESDAY - 80 * DAY), ("import", TUESDAY))
    )
    for inquiries in ((old, new), (new, old)):
        facts = asked(TUESDAY, inquiries=inquiries)
        assert why_not(facts, default(), TUESDAY, SMS, SOLICITATION) is None
        assert why_not(facts, default(), TUESDAY + 20 * DAY, SMS, SOLICITATION) == LISTED


def test_without_the_registry_only_our_own_list_counts() -> None:
    businesses = changed(contact={"do_not_call": {"federal": "none"}})
    facts = asked(TUESDAY - 400 * DAY)
    assert why_not(facts, businesses, TUESDAY, SMS, SOLICITATION) is None
    both = asked(TUESDAY, do_not_call=(FEDERAL, OWN))
    assert why_not(both, businesses, TUESDAY, SMS, SOLICITATION) == (Refusal.DO_NOT_CALL, None, "do_not_call/own")


@pytest.mark.parametrize("purpose", [RESPONSIVE, SOLICITATION])
@pytest.mark.parametrize("channel", [SMS, CALL])
def test_our_own_list_bars_answers_too_for_good_or_until_its_day(channel: Channel, purpose: Purpose) -> None:
    facts = asked(TUESDAY, do_not_call=(OWN,)).model_copy(update={"consent": WRITTEN})
    barred = (Refusal.DO_NOT_CALL, None, "do_not_call/own")
    assert why_not(facts, default(), TUESDAY, channel, purpose) == barred
    assert why_not(facts, default(), TUESDAY + 3653 * DAY, channel, purpose) == barred  # ten years and more
    until = asked(TUESDAY, do_not_call=(OWN.model_copy(update={"until": TUESDAY + DAY}),))
    assert why_not(until, default(), TUESDAY, channel, purpose) == (barred[0], TUESDAY + DAY, barred[2])
    assert why_not(until, default(), TUESDAY + DAY, channel, purpose) is None


@pytest.mark.parametrize("channel", [SMS, CALL])
def test_answers_ask_no_registry(channel: Channel) -> None:
    assert why_not(asked(TUESDAY - 400 * DAY), default(), TUESDAY, channel, RESPONSIVE) is None


DECLINED = PastRefusal(channel=CALL, at=TUESDAY - 364 * DAY, reason="declined")


@pytest.mark.parametrize(
    ("places", "rule"),
    [
        (cases.WASHINGTON, "us-2026-11/WA"),
        ((*cases.TEXAS, *cases.WASHINGTON), "us-2026-11/WA"),  # wherever they may be
        ((Place(zone="America/Chicago"),), "us-2026-11/assumed"),  # no state known: the longest of all
        (cases.TEXAS, None),
    ],
)
@pytest.mark.parametrize("purpose", [RESPONSIVE, SOLICITATION])
def test_a_refused_call_bars_calls_for_twelve_months_where_the_law_says_so(
    places: tuple[Place, ...], rule: str | None, purpose: Purpose
) -> None:
    facts = lead(places=places, history=known(refusals=(DECLINED,)))
    expected = (Refusal.REFUSED, TUESDAY + DAY, rule) if rule else None
    assert why_not(facts, any_hour(), TUESDAY + DAY - MINUTE, CALL, purpose) == expected
    assert why_not(facts, any_hour(), TUESDAY + DAY, CALL, purpose) is None
    assert why_not(facts, any_hour(), TUESDAY, SMS, purpose) is None


def test_the_carve_out_for_answers_is_a_switch() -> None:
    on = changed(contact={"switches": {"WA": {"answers_exempt": True}}})
    facts = lead(places=cases.WASHINGTON, history=known(refusals=(DECLINED,)))
    noon = at("2026-11-24 12:00", cases.CHICAGO)
    assert why_not(facts, on, noon, CALL, RESPONSIVE) is None
    assert why_not(facts, on, noon, CALL, SOLICITATION) is not None


@pytest.mark.parametrize("refused", [SMS, CALL])
@pytest.mark.parametrize("purpose", [RESPONSIVE, SOLICITATION])
def test_who_asked_not_to_be_reached_by_a_channel_is_not_for_good(refused: Channel, purpose: Purpose) -> None:
    facts = lead(history=known(refusals=(PastRefusal(channel=refused, at=TUESDAY - 4000 * DAY),)))
    for channel in (SMS, CALL, EMAIL):
        expected = (Refusal.REFUSED, None, f"refused/{refused}") if channel is refused else None
        assert why_not(facts, default(), TUESDAY, channel, purpose) == expected


def test_a_hand_raise_of_somebody_on_our_own_list_is_a_task_for_a_person_who_is_told() -> None:
    facts = asked(TUESDAY, do_not_call=(OWN,))
    judgement = triage(facts, default(), TUESDAY, "d")
    assert (judgement.decision.motion, judgement.decision.outcome) == (Motion.HUMAN_TASK, Outcome.HUMAN_TASK)
    assert Action.RESCUE not in [item.action for item in judgement.decision.agenda]
    assert [(window.earliest, window.held_by) for window in judgement.trace.windows] == [
        (None, ("do_not_call/own",))
    ] * 2
    assert "on our own do-not-call list since 2026-11-20: neither call nor text" in [
        reason.because for reason in judgement.trace.reasons
    ]


def test_a_fresh_inquiry_of_somebody_on_the_federal_list_goes_as_ever_and_the_trace_says_until_when() -> None:
    listed, unlisted = asked(TUESDAY), asked(TUESDAY, do_not_call=())
    judgements = [triage(facts, default(), TUESDAY, "d") for facts in (listed, unlisted)]
    assert judgements[0].decision == judgements[1].decision
    said = " ".join(sentences(judgements[0], listed))
    assert "federal do-not-call list of 2026-11-20; their inquiry (demo_request) exempts them until 2027-02-24" in said


@pytest.mark.parametrize(
    ("facts", "purpose", "earliest", "held_by"),
    [
        (asked(TUESDAY), SOLICITATION, TUESDAY, ()),
        (asked(TUESDAY - 120 * DAY), SOLICITATION, None, ("do_not_call/federal",)),
        (asked(TUESDAY - 120 * DAY), RESPONSIVE, TUESDAY, ()),
        (
            asked(TUESDAY - 120 * DAY, do_not_call=(), registry_as_of=None),
            SOLICITATION,
            None,
            ("do_not_call/no_extract",),
        ),
        (asked(TUESDAY, opted_out=True), RESPONSIVE, None, ("opted_out",)),
        (
            asked(
                TUESDAY,
                touches=tuple(PastTouch(channel=SMS, purpose=SOLICITATION, at=TUESDAY - MINUTE * n) for n in range(3)),
            ),
            SOLICITATION,
            TUESDAY + DAY - 2 * MINUTE,
            ("cap/3-in-24h", "courtesy/sms"),
        ),
    ],
)
def test_windows_say_what_bars_or_caps(
    facts: Facts, purpose: Purpose, earliest: datetime | None, held_by: tuple[str, ...]
) -> None:
    window = permitted(facts, default(), TUESDAY, SMS, purpose)
    assert window.earliest == earliest
    assert window.held_by == tuple(rule for rule in held_by if rule != "courtesy/sms")


def test_a_window_that_opens_after_the_exemption_is_never() -> None:
    night = at("2027-02-24 22:00")
    facts = asked(at("2026-11-25 01:00"))  # ends 25 February at one in the morning
    window = permitted(facts, default(), night, SMS, SOLICITATION)
    assert window.earliest is None
    assert window.held_by[-1] == "do_not_call/federal"
    assert permitted(facts, default(), at("2027-02-24 20:00"), SMS, SOLICITATION).earliest == at("2027-02-24 20:00")


def test_texts_of_a_rest_end_with_the_exemption_and_the_trace_says_which_and_why() -> None:
    """A lead that rests for 30 days, twelve weeks after it asked: its third text falls after the end."""
    now = at("2027-02-16 10:00")
    for listed, extract, left_out in (((FEDERAL,), SINCE, 1), ((), None, 1), ((), now - DAY, 0), ((), SINCE, 0)):
        facts = asked(TUESDAY, do_not_call=listed, registry_as_of=extract)
        notes = Notes()
        texts = recycle.drips(facts, default(), now, recycle.Resting("warm", now + 30 * DAY), notes)
        assert len(texts) == 3 - left_out
        assert all(item.at < months_after(TUESDAY, 3) for item in texts) is bool(left_out)
        assert [road.what for road in notes.not_taken] == ["text-3 of track/warm"][:left_out]
        assert all("exempts them until 2027-02-24 10:00" in road.because for road in notes.not_taken)


@pytest.mark.parametrize("code", [Code.NO_RESPONSE, Code.NOT_NOW, None])
def test_a_rest_of_somebody_past_their_exemption_is_silent(code: Code | None) -> None:
    facts = asked(TUESDAY - 100 * DAY)
    judgement = recycle.after_disposition(facts, default(), TUESDAY, ask(DecisionKind.DISPOSE, code=code))
    assert judgement.decision.outcome is Outcome.REST
    assert judgement.decision.agenda == ()
    (road,) = judgement.trace.not_taken
    assert "do_not_call/federal: their inquiry (demo_request) exempts them until 2026-11-16" in road.because


def test_no_rescue_goes_to_somebody_on_a_list_and_the_trace_says_so() -> None:
    facts = asked(TUESDAY - 100 * DAY)
    judgement = sla.after_reply(facts, default(), TUESDAY, ask(DecisionKind.REPLY, owner="ada"))
    assert judgement.decision.agenda
    raised = triage(facts, default(), TUESDAY, "d")
    assert Action.RESCUE not in [item.action for item in raised.decision.agenda]
    assert any(road.what == "rescue" and "do_not_call/federal" in road.because for road in raised.trace.not_taken)


def test_months_are_the_calendars() -> None:
    start = datetime(2026, 11, 30, 12, 30, tzinfo=UTC)
    assert [months_after(start, months).isoformat()[:16] for months in (0, 1, 3, 15, 18)] == [
        "2026-11-30T12:30",
        "2026-12-30T12:30",
        "2027-02-28T12:30",
        "2028-02-29T12:30",
        "2028-05-30T12:30",
    ]


def test_the_figures_of_the_shipped_rules_are_the_laws_and_say_where_they_come_from() -> None:
    rules = default().pack.do_not_call
    assert (rules.extract, rules.inquiry_months, rules.transaction_months) == (31 * DAY, 3, 18)
    assert rules.sources
    assert rules.verified is not None


DINSMORE = (
    "https://www.dinsmore.com/publications/more-states-adding-tougher-telephone-consumer-protection-act-statutes/"
)


@pytest.mark.parametrize(
    ("refused", "over"),
    [
        ("2027-11-24 10:00", "2028-11-24 10:00"),  # over a leap day: 366 days
        ("2028-02-29 10:00", "2029-02-28 10:00"),
        ("2026-11-24 10:00", "2027-11-24 10:00"),
    ],
)
def test_washingtons_twelve_months_are_those_of_the_calendar(refused: str, over: str) -> None:
    assert DINSMORE in default().pack.states["WA"].sources
    said = PastRefusal(channel=CALL, at=at(refused), reason="declined")
    facts = lead(places=cases.WASHINGTON, received_at=at(over), history=known(refusals=(said,)))
    before = why_not(facts, any_hour(), at(over) - MINUTE, CALL, RESPONSIVE)
    assert before == (Refusal.REFUSED, at(over), "us-2026-11/WA")
    assert why_not(facts, any_hour(), at(over), CALL, RESPONSIVE) is None
