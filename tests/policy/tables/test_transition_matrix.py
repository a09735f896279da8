"""The transition matrix and the first motions, a row each: what is asked, and who does what by when (R10-R18, R25,
R44-R46, R50, R56, R57).

Mode is automated while nobody is offered the lead, assist for a rep's task, manual for a call or text with a rep on it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from domain.decisions import Decision, DecisionKind, Outcome
from domain.facts import ConsentFacts, Facts, RepLoad, SignalFact
from domain.replies import ReplyKind
from domain.values import Action, Code, Cue, Motion, Source
from policy import news, recycle, sla
from policy.triage import triage
from tests.policy import cases
from tests.policy.cases import CHICAGO, TUESDAY, ask, at, default, known, lead, person

NINE_PM, SUNDAY = at("2026-11-24 21:00"), at("2026-11-29 12:00")
ALL_AWAY = tuple(RepLoad(rep=rep.handle, away=True) for rep in default().policy.team)
ONE_LEFT = ALL_AWAY[1:]
NO_BOX = ConsentFacts(call=True)
OWNER = person(title="Owner", company="Ortiz Roofing")

NO_CALLS = known(refusals=[{"channel": "call", "reason": "asked", "at": at("2026-11-20 10:00")}])


def signals(**kinds: int) -> tuple[SignalFact, ...]:
    """So much behaviour of each kind, an hour apart, the last an hour ago."""
    return tuple(
        SignalFact(kind=kind, at=TUESDAY - timedelta(hours=number))
        for kind, count in kinds.items()
        for number in range(count, 0, -1)
    )


Asked = Callable[[], Decision]


def first(facts: Facts, now: datetime = TUESDAY) -> Asked:
    """The first decision of a lead at `now`."""
    return lambda: triage(facts, default(), now, "lead-1:1:triage:0").decision


def reply(said: ReplyKind, now: datetime = TUESDAY) -> Asked:
    """The answer to a reply of an ad's lead that nobody owns."""
    asked = ask(DecisionKind.REPLY, said=said, since=now, route="paid_lead_form", motion="text_back")
    return lambda: sla.after_reply(lead("paid_lead_form"), default(), now, asked).decision


def disposed(code: Code | None, cycle: int = 1) -> Asked:
    """What a reason code leads to; None: a ladder ran out."""
    asked = ask(DecisionKind.DISPOSE, code=code, cycle=cycle, owner="ada", route="demo_request", motion="live_transfer")
    facts = lead(history=known(handoffs=cycle - 1))
    return lambda: recycle.after_disposition(facts, default(), TUESDAY, asked).decision


def at_rest(kind: str, source: str = "newsletter") -> Asked:
    """What behaviour of somebody at rest leads to."""
    facts = lead(source, signals=signals(**{kind: 1}))
    return lambda: news.on_news(facts, default(), TUESDAY, ask(DecisionKind.NEWS, news_source=kind)).decision


@dataclass(frozen=True)
class Row:
    """One row. Moments are Chicago's; what is None isn't there."""

    asked: Asked
    mode: str
    motion: Motion | None
    text: str | None = None
    offer: str | None = None
    due: str | None = None
    owner: str | None = None  # rep, queue or nobody
    then: str | None = None  # a track and for how long, or an end
    fallbacks: tuple[Motion, ...] = ()
    cue: Cue | None = None
    whisper: bool = False


LIVE, WHISPER, TEXT = Motion.LIVE_TRANSFER, Motion.WHISPER_CALL, Motion.TEXT_BACK
SLOTS, TASK, NURTURE = Motion.APPOINTMENT, Motion.HUMAN_TASK, Motion.NURTURE

FIRST_MOTIONS = {
    "R10 live transfer": Row(
        first(lead("contact_sales")), "manual", LIVE, None, "Tue 10:00", "Tue 10:05", "rep", None, (TEXT,), Cue.PAGE,
        True
    ),
    "R10 whisper-coached call to a named rep": Row(
        first(lead("crm_stage", history=cases.SCRUBBED)),
        "manual", WHISPER, None, "Tue 10:00", "Tue 10:05", "rep", None, (TEXT,), None, True
    ),
    "R10 text back": Row(
        first(lead("inbound_sms")), "manual", TEXT, "Tue 10:00", "Tue 10:00", "Tue 10:05", "rep", None, (WHISPER,)
    ),
    "R10 nurture": Row(first(lead("newsletter")), "automated", NURTURE, "Tue 10:00", then="warm 30d"),
    "R11 a demo is put through live, and the page whispered while the bench is deep": Row(
        first(lead()), "manual", LIVE, None, "Tue 10:00", "Tue 10:05", "rep", None, (TEXT,), Cue.PAGE, True
    ),
    "R11 with one rep left nobody keeps the person waiting for a whisper": Row(
        first(lead(reps=ONE_LEFT)), "manual", LIVE, None, "Tue 10:00", "Tue 10:05", "rep", None, (TEXT,), Cue.PAGE,
        False
    ),
    "R11 a pricing form as well": Row(
        first(lead("pricing_page")), "manual", LIVE, None, "Tue 10:00", "Tue 10:05", "rep", None, (TEXT,), Cue.PAGE,
        True
    ),
    "R12 who may not be texted has no text to fall back on": Row(
        first(lead(consent=NO_BOX)), "manual", LIVE, None, "Tue 10:00", "Tue 10:05", "rep", None, (), Cue.PAGE, True
    ),
    "R12 who may not be called is texted at once, with a rep on it": Row(
        first(lead(history=NO_CALLS)),
        "manual", TEXT, "Tue 10:00", "Tue 10:00", "Tue 10:05", "rep", None, (), Cue.PAGE,
    ),
    "R13 a missed call: text and whispered call at once": Row(
        first(lead("missed_call")), "manual", WHISPER, "Tue 10:00", "Tue 10:00", "Tue 10:05", "rep", None, (TEXT,),
        Cue.APOLOGETIC, True,
    ),
    "R14 and the text needs no box, since they called": Row(
        first(lead("missed_call", consent=ConsentFacts())), "manual", WHISPER, "Tue 10:00", "Tue 10:00", "Tue 10:05",
        "rep",
        None, (TEXT,), Cue.APOLOGETIC, True,
    ),
    "R15 an ad: one question by text, nobody dials": Row(
        first(lead("paid_lead_form")), "automated", TEXT, "Tue 10:00", owner="queue", fallbacks=(NURTURE,)
    ),
    "R15 a buying signal in the reply is a call": Row(
        reply(ReplyKind.BUYING_SIGNAL), "manual", LIVE, None, "Tue 10:00", "Tue 10:05", "rep", None, (WHISPER, TEXT),
        Cue.REPLY, True,
    ),
    "R16 content": Row(first(lead("content_download")), "automated", NURTURE, "Tue 10:00", then="warm 30d"),
    "R16 a webinar, at night": Row(first(lead("webinar"), NINE_PM), "automated", NURTURE, "Wed 09:00", then="warm 30d"),
    "R16 a referred reader too": Row(
        first(lead("newsletter", referred=True)), "automated", NURTURE, "Tue 10:00", then="warm 30d"
    ),
    "R17 a warm introduction": Row(
        first(lead("referral", history=cases.SCRUBBED)),
        "manual", WHISPER, None, "Tue 10:00", "Tue 10:05", "rep", None, (TEXT,),
        Cue.REFERRER, True
    ),
    "R18 a demo at 9 PM dials nobody before business opens": Row(
        first(lead(), NINE_PM), "manual", TEXT, "Wed 09:00", "Wed 09:00", "Wed 09:05", "rep", None, (LIVE,), Cue.PAGE
    ),
    "R18 at 7 PM the text goes at once": Row(
        first(lead(), at("2026-11-24 19:00")), "manual", TEXT, "Tue 19:00", "Wed 09:00", "Wed 09:05", "rep", None,
        (LIVE,),
        Cue.PAGE,
    ),
    "R20 a missed call on Sunday: instant text, call on Monday": Row(
        first(lead("missed_call"), SUNDAY), "manual", TEXT, "Sun 12:00", "Mon 09:00", "Mon 09:05", "rep", None,
        (WHISPER,),
        Cue.APOLOGETIC,
    ),
    "R22 hot, but the person can't be called yet": Row(
        first(lead(places=cases.HAWAII)), "manual", TEXT, "Tue 13:00", "Tue 13:00", "Tue 13:05",
        "rep", None, (LIVE,), Cue.PAGE,
    ),
    "R25 no hurry: times are offered": Row(
        first(lead(answers={"timeline": "next quarter"})), "manual", SLOTS, "Tue 10:00", "Tue 10:00", "Tue 10:30",
        "rep",
        None, (TASK,), Cue.PAGE,
    ),
    "R25 nobody free: times are offered": Row(
        first(lead(reps=ALL_AWAY)), "manual", SLOTS, "Tue 10:00", "Tue 10:00", "Tue 10:05", "queue", None, (TEXT,),
        Cue.PAGE
    ),
}  # fmt: skip

MATRIX = {
    "early awareness stays automated": Row(
        first(lead("newsletter", signals=signals(page_view=1))), "automated", NURTURE, "Tue 10:00", then="warm 30d"
    ),
    "R45 fit and rising engagement: assist, one business day": Row(
        first(lead("newsletter", person=OWNER, page="/pricing", signals=signals(email_click=3))),
        "assist", TASK, None, "Tue 10:00", "Wed 10:00", "rep",
    ),
    "R45 rising engagement without fit stays automated": Row(
        first(lead("newsletter", signals=signals(email_click=3))), "automated", NURTURE, "Tue 10:00", then="warm 30d"
    ),
    "R8 fit and engagement without capacity stay automated": Row(
        first(lead("newsletter", person=OWNER, page="/pricing", signals=signals(email_click=3), reps=ALL_AWAY)),
        "automated", NURTURE, "Tue 10:00", then="warm 30d",
    ),
    "R44 hand-raise: a meeting asked for by a reader": Row(
        first(lead("newsletter", signals=signals(meeting_request=1))),
        "manual", LIVE, None, "Tue 10:00", "Tue 10:05", "rep", None, (TEXT,), Cue.PAGE, True,
    ),
    "R44 hand-raise: an inbound reply": Row(
        reply(ReplyKind.QUESTION), "manual", TEXT, None, "Tue 10:00", "Tue 10:30", "rep"
    ),
    "R46 strategic account: the same day": Row(
        first(lead("newsletter", person=person(email_domain="bigcorp.example"))),
        "assist", TASK, None, "Tue 10:00", "Tue 17:00", "rep",
    ),
    "R46 a strategic account that answers an ad: the question at once, and a person the same day": Row(
        first(lead("paid_lead_form", person=person(email_domain="bigcorp.example"))),
        "manual", TEXT, "Tue 10:00", "Tue 10:00", "Tue 17:00", "rep", None, (TASK,),
    ),
    "R46 a strategic account that raises its hand is no slower": Row(
        first(lead(person=person(email_domain="bigcorp.example"))),
        "manual", LIVE, None, "Tue 10:00", "Tue 10:05", "rep", None, (TEXT,), Cue.PAGE, True,
    ),
    "R56 unresponsive: recycled on day 7": Row(
        disposed(None), "automated", LIVE, "Fri 10:00", owner="rep", then="re_engage 7d"
    ),
    "R56 no connect after the attempts: recycled on day 10": Row(
        disposed(Code.NO_RESPONSE), "automated", LIVE, "Fri 10:00", owner="rep", then="re_engage 10d"
    ),
    "R57 not now: 60 days, and behaviour doesn't end them": Row(
        disposed(Code.NOT_NOW), "automated", LIVE, "Thu 10:00", owner="rep", then="long_cycle 60d asleep"
    ),
    "R57 not now in the person's own words": Row(
        reply(ReplyKind.NOT_NOW), "automated", TEXT, owner="queue", then="not_now"
    ),
    "R53 connected goes on, and a reason code is owed": Row(disposed(Code.CONNECTED), "automated", LIVE, owner="rep"),
    "R56 after four cycles nobody is asked again": Row(
        disposed(Code.NO_RESPONSE, cycle=4), "automated", LIVE, owner="rep", then="exhausted"
    ),
    "R9 intent that returns at rest starts over": Row(at_rest("meeting_request"), "automated", None, then="restart"),
    "R9 a page view at rest doesn't": Row(at_rest("page_view"), "automated", None),
    "R9 an opt-out ends it": Row(first(lead(history=known(opted_out=True))), "automated", None, then="opted_out"),
}  # fmt: skip

ROWS = FIRST_MOTIONS | MATRIX


def told(moment: datetime | None) -> str | None:
    """A moment as Chicago's clock says it."""
    return f"{moment.astimezone(CHICAGO):%a %H:%M}" if moment else None


def mode(decision: Decision) -> str:
    """Who has the lead: nobody, a rep as a task, or a rep with a call or text."""
    if all(item.action is not Action.OFFER for item in decision.agenda):
        return "automated"
    return "assist" if decision.motion is TASK else "manual"


def then(decision: Decision) -> str | None:
    """What follows: a track and for how long, a reason code, or an end."""
    if decision.rest is not None:
        asleep = "" if decision.rest.wake_on_intent else " asleep"
        return f"{decision.rest.track} {(decision.rest.until - decision.decided_at) / timedelta(days=1):g}d{asleep}"
    codes = [str(item.code) for item in decision.agenda if item.code is not None]
    ends = [str(decision.closed)] if decision.closed else ["restart"] if decision.outcome is Outcome.RESTART else []
    return next(iter([*codes, *ends]), None)


def row_of(asked: Asked) -> Row:
    """The answer, as a row."""
    decision = asked()
    moments = {
        item.action: told(item.at) for item in reversed(decision.agenda) if item.action in (Action.TEXT, Action.OFFER)
    }
    return Row(
        asked=asked,
        mode=mode(decision),
        motion=decision.motion,
        text=moments.get(Action.TEXT),
        offer=moments.get(Action.OFFER),
        due=told(decision.sla_due_at),
        owner="rep" if decision.owner else "queue" if decision.queue else None,
        then=then(decision),
        fallbacks=decision.fallbacks,
        cue=decision.cue,
        whisper=decision.whisper,
    )


@pytest.mark.parametrize("name", ROWS)
def test_each_row_comes_out_as_it_is_written(name: str) -> None:
    assert row_of(ROWS[name].asked) == ROWS[name]


def test_every_requirement_has_its_row() -> None:
    named = {name.split()[0] for name in ROWS}
    assert {f"R{number}" for number in (*range(10, 19), 20, 22, 25, 44, 45, 46, 56, 57)} <= named


@pytest.mark.parametrize("source", [Source.CONTENT_DOWNLOAD, Source.WEBINAR, Source.NEWSLETTER])
@pytest.mark.parametrize("hour", range(0, 24, 3))
@pytest.mark.parametrize("visits", [0, 1, 5])
def test_whoever_only_reads_is_never_called_at_any_hour(source: Source, hour: int, visits: int) -> None:
    """R16, with and without fit."""
    for who in (person(), OWNER, person(email_domain="bigcorp.example")):
        facts = lead(source, person=who, signals=signals(page_view=visits, email_click=visits), referred=True)
        decision = triage(facts, default(), at(f"2026-11-24 {hour:02}:00"), "d").decision
        assert decision.motion in (NURTURE, TASK)
        assert (LIVE in decision.fallbacks, WHISPER in decision.fallbacks) == (False, False)


def test_a_missed_sla_is_rescued_given_on_pooled_and_only_then_left_to_nurture() -> None:
    """R50 and the order of rescue: the text keeps the moment, the next rep gets it with context, then everybody."""
    decision = triage(lead(), default(), TUESDAY, "d").decision
    late = [item for item in decision.agenda if decision.sla_due_at and item.at >= decision.sla_due_at]
    assert [str(item.action) for item in late] == [
        "rescue", "reoffer", "reoffer", "reoffer", "pool", "remind", "supervisor", "nurture",
    ]  # fmt: skip
    assert late[0].at == late[1].at == decision.sla_due_at
    assert len([item for item in late if item.action is Action.REOFFER]) == default().policy.hops
