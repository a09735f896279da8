"""Whatever the lead and the moment: triage answers, lawfully, with somebody responsible. Held against law.py."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.phones import places_of
from domain.decisions import Decision, DecisionKind, Outcome
from domain.facts import ConsentFacts, Facts, History, PastTouch, PersonFacts, Place, RepLoad, SignalFact
from domain.replies import ReplyKind
from domain.values import Action, Channel, Code, Motion, Purpose, Source
from policy import judgements
from policy.first_steps import send_at
from policy.triage import triage
from tests.policy.cases import ask, default
from tests.policy.tables import law

START = datetime(2026, 11, 1, tzinfo=UTC)
MOMENTS = st.integers(min_value=0, max_value=170 * 24 * 3600).map(lambda seconds: START + timedelta(seconds=seconds))
PEOPLE = st.sampled_from(
    [
        (phone, places_of(phone, country, region, zip_code))
        for phone, country, region, zip_code in (
            ("+15125550142", "US", "TX", "78701"),
            ("+13055550142", "US", "TX", "78701"),
            ("+18505550142", None, None, None),
            ("+14235550142", None, None, None),
            ("+12065550142", "US", "WA", None),
            ("+18085550142", "US", "HI", None),
            ("+16715550142", None, None, None),
            ("+18005550142", None, None, None),
            ("+442079460958", None, None, None),
            (None, "US", "TX", "78701"),
            (None, None, None, None),
        )
    ]
)
SIGNALS = st.builds(
    SignalFact,
    kind=st.sampled_from(["page_view", "meeting_request", "email_click"]),
    page=st.sampled_from([None, "/pricing", "/blog"]),
    at=MOMENTS,
)
TOUCHES = st.builds(PastTouch, channel=st.sampled_from(Channel), purpose=st.sampled_from(Purpose), at=MOMENTS)
HISTORIES = st.builds(
    History,
    opted_out=st.booleans(),
    active_deal=st.booleans(),
    active_sequence=st.booleans(),
    last_contact_at=st.none() | MOMENTS,
    last_owner=st.sampled_from([None, "dev", "gone"]),
    crm_owner=st.sampled_from([None, "103"]),
    touches=st.lists(TOUCHES, max_size=8).map(tuple),
    handoffs=st.integers(0, 5),
)
REPS = st.lists(
    st.builds(
        RepLoad, rep=st.sampled_from(["ada", "ben", "cleo", "dev"]), last_offered=st.integers(0, 9), away=st.booleans()
    ),
    max_size=4,
).map(tuple)


@st.composite
def leads(draw: st.DrawFn) -> Facts:
    """A lead as capture might hand it over, sensible or not."""
    phone, places = draw(PEOPLE)
    email = draw(st.sampled_from([None, "dana@customer.example", "dana@school.edu", "x@brightside.example"]))
    return Facts(
        tenant="main",
        lead_id="lead-1",
        source=draw(st.sampled_from([*Source, "tiktok"])),
        received_at=START,
        cycle=draw(st.integers(1, 5)),
        test=draw(st.booleans()),
        kill_switch=draw(st.booleans()),
        person=_person(phone, email, places, draw(st.sampled_from([None, "Owner", "Student"]))),
        consent=ConsentFacts(
            sms=draw(st.booleans()),
            call=draw(st.booleans()),
            kind=draw(st.sampled_from(["written", "inquiry", "none"])),
        ),
        page=draw(st.sampled_from([None, "/pricing"])),
        referred=draw(st.booleans()),
        answers=draw(st.sampled_from([{}, {"timeline": "now"}, {"budget": "’; drop"}])),
        signals=tuple(draw(st.lists(SIGNALS, max_size=4))),
        history=draw(HISTORIES),
        reps=draw(REPS),
    )


def _person(phone: str | None, email: str | None, places: tuple[Place, ...], title: str | None) -> PersonFacts:
    domain = email.rpartition("@")[2] if email else None
    return PersonFacts(phone=phone, email=email, email_domain=domain, title=title, places=places)


def called_and_texted(facts: Facts, now: datetime) -> list[datetime]:
    """When the person was, until now."""
    made = [touch for touch in facts.history.touches if touch.channel in (Channel.SMS, Channel.CALL)]
    return [touch.at for touch in made if touch.purpose is not Purpose.INTERNAL and touch.at <= now]


def is_lawful(facts: Facts, decision: Decision, now: datetime) -> None:
    """Every text inside all windows, and no call offered outside them."""
    texts = [item for item in decision.agenda if item.action in (Action.TEXT, Action.RESCUE)]
    for item in texts:
        assert law.inside(facts.person.places, item.at), item
        assert not law.is_full(facts.person.places, called_and_texted(facts, now), item.at), item
        assert item.at >= now
        assert item.purpose in (Purpose.RESPONSIVE, Purpose.SOLICITATION)
        assert facts.consent.kind != "none"
    if texts:
        assert facts.person.phone is not None
        assert not facts.history.opted_out
    if decision.channel is Channel.CALL:
        (offer,) = (item for item in decision.agenda if item.action is Action.OFFER)
        assert law.inside(facts.person.places, offer.at), offer
        assert not law.is_full(facts.person.places, called_and_texted(facts, now), offer.at), offer
        assert law.business_is_open(offer.at), offer
        assert facts.person.phone is not None


@settings(max_examples=60, derandomize=True, deadline=None, database=None)
@given(facts=leads(), now=MOMENTS)
def test_every_lead_gets_one_lawful_answer_with_somebody_responsible(facts: Facts, now: datetime) -> None:
    judgement = triage(facts, default(), now, "lead-1:1:triage:0")
    decision = judgement.decision
    keys = [item.key for item in decision.agenda]
    assert len(keys) == len(set(keys))
    assert [item.at for item in decision.agenda] == sorted(item.at for item in decision.agenda)
    assert list(judgement.trace.ladder) == sorted(judgement.trace.ladder, key=lambda item: item.at)
    is_lawful(facts, decision, now)
    if decision.outcome in (Outcome.HAND_OFF, Outcome.HUMAN_TASK):
        assert (decision.owner is None) is (decision.queue is not None)
        assert decision.motion is not None
    assert (decision.closed is not None) is (decision.outcome is Outcome.CLOSE)
    assert (decision.rest is not None) is (decision.outcome is Outcome.NURTURE)
    if facts.history.opted_out:
        assert decision.closed == "opted_out"
    if not facts.person.places:
        assert decision.channel not in (Channel.SMS, Channel.CALL)


def known_at(facts: Facts, now: datetime) -> Facts:
    """The same lead, nothing of it later than `now`."""
    signals = tuple(each.model_copy(update={"at": min(each.at, now)}) for each in facts.signals)
    touches = tuple(touch for touch in facts.history.touches if touch.at <= now)
    contact = facts.history.last_contact_at and min(facts.history.last_contact_at, now)
    history = facts.history.model_copy(update={"touches": touches, "last_contact_at": contact})
    return facts.model_copy(update={"signals": signals, "history": history})


@settings(max_examples=80, derandomize=True, deadline=None, database=None)
@given(facts=leads(), now=MOMENTS, later=st.integers(1, 4 * 24 * 60))
def test_whoever_is_judged_later_is_never_reached_earlier(facts: Facts, now: datetime, later: int) -> None:
    known, then = known_at(facts, now), now + timedelta(minutes=later)
    first, second = (send_at(triage(known, default(), at, "lead-1:1:triage:0")) for at in (now, then))
    assert first is None or first >= now
    assert first is None or second is None or first <= second


@settings(max_examples=20, derandomize=True, deadline=None, database=None)
@given(
    facts=leads(),
    now=MOMENTS,
    owner=st.sampled_from([None, "ada", "gone"]),
    code=st.none() | st.sampled_from(Code),
    motion=st.none() | st.sampled_from(Motion),
)
def test_every_later_question_is_answered_lawfully_too(
    facts: Facts, now: datetime, owner: str | None, code: Code | None, motion: Motion | None
) -> None:
    def asked(kind: DecisionKind, said: ReplyKind | None = None) -> Decision:
        about = {"owner": owner, "code": code, "motion": motion, "said": said, "news_source": "webinar"}
        asking = ask(kind, cycle=facts.cycle, hop=facts.cycle, **about)
        return judgements.of(facts, asking, default(), now, asking.decision_id).decision

    for kind in DecisionKind:
        if kind not in (
            DecisionKind.TRIAGE,
            DecisionKind.ADOPT,
        ):  # that one needs a running lead
            decision = asked(kind)
            is_lawful(facts, decision.model_copy(update={"channel": None}), now)
            keys = [item.key for item in decision.agenda]
            assert len(keys) == len(set(keys))
    for answer in (
        *(asked(kind) for kind in (DecisionKind.REOFFER, DecisionKind.REPLY, DecisionKind.WORK)),
        *(asked(DecisionKind.REPLY, said) for said in ReplyKind),
    ):
        assert (answer.owner is None) is (answer.queue is not None), "exactly one owner or one queue"
        assert answer.queue in (None, "inbound")
