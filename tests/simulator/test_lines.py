"""People on the phone: whose turn it is, and what they do beside a text persona of the same number."""

from datetime import datetime, timedelta

import httpx2
import pytest

from tests.simulator.client import client_of
from tests.simulator.phone import REP, Voice
from tests.simulator.stand import HTTP, LEAD, OWN, receiving, send_text, simulating


async def test_a_number_takes_calls_in_the_order_of_its_personas(voice: Voice) -> None:
    queue = [
        {"phone": LEAD, "line": "busy", "times": 1},
        {"phone": LEAD, "line": "rejects", "rings_for": 0, "times": 1},
        {"phone": LEAD, "line": "unreachable"},
    ]
    assert voice.sim.post("/sim/personas", queue) == {"set": 3}
    for _ in range(4):
        await voice.call(twiml="<Response/>")
        voice.sim.settle()
    assert [entry["detail"].partition(":")[0] for entry in voice.lines("hung_up")] == [
        "busy",
        "busy",
        "failed",
        "failed",
    ]


async def test_one_number_answers_texts_and_calls_each_with_its_own_turns(voice: Voice) -> None:
    voice.sim.post(
        "/sim/personas",
        [
            {"phone": LEAD, "kind": "replies", "body": "Yes"},
            {"phone": LEAD, "line": "answers", "rings_for": 0, "times": 1},
        ],
    )
    await voice.call(twiml="<Response><Say>Hi</Say></Response>")
    assert send_text(voice.sim).status_code == 201
    voice.sim.settle()
    assert voice.heard(LEAD) == ["Hi"]
    assert [entry["body"] for entry in voice.lines("inbound_sms")] == ["Yes"]
    sid = await voice.call(twiml="<Response/>")
    voice.until("call_leg", LEAD, times=2)
    voice.sim.post("/sim/hangup", {"sid": sid}, 202)
    voice.sim.settle()
    assert len(voice.lines("answered", LEAD)) == 1


async def test_a_person_who_rings_longer_than_the_call_may_is_not_reached_but_others_are(voice: Voice) -> None:
    voice.person(LEAD, rings_for=0.5)
    voice.person(REP, rings_for=0.1)
    voice.page("/twiml", f'<Dial timeout="0">{LEAD}</Dial>')
    await voice.call(REP)
    voice.sim.settle()
    assert voice.lines("answered", LEAD) == []
    assert len(voice.lines("answered", REP)) == 1


async def test_a_person_hangs_up_after_their_time_whatever_plays(voice: Voice) -> None:
    voice.person(LEAD, hangs_up_after=0.2)
    voice.page("/twiml", "<Pause length='30'/>", "<Say>Gone</Say>")
    await voice.call()
    voice.sim.settle()
    assert voice.heard(LEAD) == []
    assert voice.lines("hung_up")[0]["detail"] == "completed: the person hung up, 0.0 s of talk"


def test_nobody_can_hang_up_who_is_not_on_the_phone(voice: Voice) -> None:
    assert voice.sim.post("/sim/hangup", {"phone": LEAD}, 404) == {"error": "nobody is on that phone"}
    assert voice.sim.post("/sim/keys", {"sid": "CA1", "digits": "1"}, 404) == {"error": "nobody is on that phone"}


async def test_one_line_never_waits_for_another(voice: Voice) -> None:
    phones = [f"+1512555{number}" for number in range(1000, 1030)]
    voice.sim.post("/sim/personas", [{"phone": each, "line": "answers", "rings_for": 0.2} for each in phones])
    for phone in phones:
        await voice.call(phone, twiml="<Response><Pause length='1'/><Say>Hi</Say></Response>")
    voice.sim.settle()
    entries = voice.sim.log()
    kinds = [entry["kind"] for entry in entries]
    assert kinds.count("heard") == len(phones)
    assert max(place for place, kind in enumerate(kinds) if kind == "answered") < kinds.index("heard")


async def test_calls_by_rest_are_dialled_no_faster_than_agreed_participants_among_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BATON_SIM_CALLS_PER_SECOND", "2")
    with receiving() as web, simulating(web.url) as sim:
        async with httpx2.AsyncClient() as http:
            voice = Voice(sim, web, client_of(sim, http))
            sim.post("/sim/personas", [{"phone": each, "line": "busy"} for each in (LEAD, REP)])
            await voice.call(REP, twiml="<Response/>")
            await voice.client.conferences("touch-1").participants.create_async(to=LEAD, from_=OWN)
            last = await voice.call(twiml="<Response/>")
            assert (await voice.client.calls(last).fetch_async()).status == "queued"
            sim.settle()
            dialled = voice.lines("call_leg")
    first, _, third = (datetime.fromisoformat(each["real_at"]) for each in dialled)
    assert third - first >= timedelta(seconds=0.7)


async def test_a_lookup_says_what_kind_of_line_it_is(voice: Voice) -> None:
    voice.person(REP, line_type="voip")
    voice.sim.post("/sim/personas", {"phone": LEAD, "kind": "landline"})
    lookup = voice.client.lookups.v2.phone_numbers
    kinds = [
        (await lookup(each).fetch_async(fields="line_type_intelligence")).line_type_intelligence["type"]
        for each in (LEAD, REP, "+15125550111")
    ]
    assert kinds == ["landline", "nonFixedVoip", "mobile"]
    plain = await lookup(LEAD).fetch_async()
    assert (plain.valid, plain.country_code, plain.line_type_intelligence) == (True, "US", None)
    invalid = await lookup("+1555").fetch_async()
    assert (invalid.valid, invalid.phone_number) == (False, "+1555")
    assert HTTP.get(f"{voice.sim.url}/v2/PhoneNumbers/{LEAD}").status_code == 401


WHISPER = '<Gather numDigits="1" timeout="1" action="/pressed"><Say>A lead: {} from Acme.</Say></Gather><Say>None</Say>'


async def asked(voice: Voice, name: str) -> list[str]:
    """The keys that the rep pressed by the end of a call about somebody."""
    before = len(voice.lines("pressed"))
    voice.page("/pressed", "<Hangup/>")
    voice.page("/twiml", WHISPER.format(name))
    await voice.call(REP)
    voice.sim.settle()
    return [entry["body"] for entry in voice.lines("pressed")[before:]]


async def test_a_rep_presses_by_whom_a_call_is_about(voice: Voice) -> None:
    dana, eve = {"digits": "1", "after": 0.05, "about": "Dana"}, {"digits": "2", "after": 0.1, "about": "Eve"}
    voice.person(REP, presses=[dana, eve])
    assert await asked(voice, "Dana Ortiz") == ["1"]
    assert await asked(voice, "Eve Bell") == ["2"]
    assert await asked(voice, "Walter Pruitt") == []
    assert voice.heard(REP)[-1] == "None"
    assert await asked(voice, "Dana Ortiz") == ["1"], "each call finds all presses again"


async def test_a_press_of_so_many_calls_gives_way_to_the_next(voice: Voice) -> None:
    passes = {"digits": "2", "after": 0.05, "about": "Dana", "times": 1}
    voice.person(REP, presses=[passes, {"digits": "1", "after": 0.05}])
    assert [await asked(voice, name) for name in ("Eve Bell", "Dana Ortiz", "Dana Ortiz")] == [["1"], ["2"], ["1"]]
