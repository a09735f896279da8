"""Scripts as TwiML: every verb, read back by an XML parser; whatever people are called, it stays words."""

from datetime import timedelta
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.twilio.account import TwilioAccount
from adapters.twilio.twiml import VOICES, Twiml
from domain import scripts
from domain.scripts import Script

BASE = "https://baton.example.com"
HOSTILE = """</Say><Dial>+15125550199</Dial> & "Dana" 'O<Neil>' ]]> é 👍"""
ACCOUNT = TwilioAccount(sid="AC" + "0" * 32, token="x", sender="+15125550100", public_url=f"{BASE}/")


def read(*script: scripts.Verb) -> list[Element]:
    """The verbs of the document that a script is written as."""
    document = fromstring(Twiml(ACCOUNT).write(tuple(script)))
    assert document.tag == "Response"
    return list(document)


def only(*script: scripts.Verb) -> Element:
    [element] = read(*script)
    return element


def test_every_verb_is_written() -> None:
    every: Script = (
        scripts.Say(words="Hi"),
        scripts.Pause(),
        scripts.Ask(says=(scripts.Say(words="Press 1"),), answer="/a"),
        scripts.Join(room="c-1", label="leg-1"),
        scripts.Ring(numbers=(scripts.Number(phone="+15125550101"),), patience=timedelta(seconds=15), after="/a"),
        scripts.TakeMessage(after="/a", recorded="/r"),
        scripts.GoTo(path="/next"),
        scripts.Reject(),
        scripts.HangUp(),
    )
    told = [element.tag for element in read(*every)]
    assert told == ["Say", "Pause", "Gather", "Dial", "Dial", "Record", "Redirect", "Reject", "Hangup"]
    assert {type(verb) for verb in every} == set(scripts.Verb.__origin__.__args__)  # type: ignore[attr-defined]  # of Annotated


@pytest.mark.parametrize(("language", "voice"), sorted(VOICES.items()))
def test_words_are_spoken_in_their_language(language: str, voice: str) -> None:
    assert only(scripts.Say(words="Hi", language=language)).attrib == {"language": voice}


def test_a_language_without_a_voice_is_spoken_in_english() -> None:
    assert only(scripts.Say(words="Hi", language="xx")).attrib == {"language": "en-US"}


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"))
)
def test_words_stay_words_whatever_they_hold(words: str) -> None:
    said = only(scripts.Say(words=words))
    assert (said.tag, said.text or "", list(said)) == ("Say", words, [])


def test_hostile_words_stay_words_in_every_place() -> None:
    asked = only(scripts.Ask(says=(scripts.Say(words=HOSTILE),), answer=f"/a?x={HOSTILE}"))
    joined = only(scripts.Join(room=HOSTILE, label=HOSTILE))[0]
    rung = only(scripts.Ring(numbers=(scripts.Number(phone=HOSTILE),), patience=timedelta(seconds=9), after="/a"))
    assert (asked[0].text, asked.attrib["action"]) == (HOSTILE, f"{BASE}/a?x={HOSTILE}")
    assert (joined.text, joined.attrib["participantLabel"]) == (HOSTILE, HOSTILE)
    assert rung[0].text == HOSTILE


def test_a_question_takes_one_key_and_says_when_none_came() -> None:
    asked = only(
        scripts.Ask(says=(scripts.Say(words="Press 1"),), answer="/v1/p?call=c", patience=timedelta(seconds=8))
    )
    assert asked.attrib == {
        "input": "dtmf",
        "numDigits": "1",
        "timeout": "8",
        "action": f"{BASE}/v1/p?call=c",
        "actionOnEmptyResult": "true",
        "method": "POST",
    }
    assert [said.text for said in asked] == ["Press 1"]


def test_a_conference_is_joined_as_told() -> None:
    dial = only(
        scripts.Join(
            room="c-1", label="leg-1", ends=False, hold="/hold", events="/events", after="/after", record="/recording"
        )
    )
    assert dial.attrib == {"action": f"{BASE}/after", "method": "POST"}
    assert dial[0].attrib == {
        "participantLabel": "leg-1",
        "startConferenceOnEnter": "true",
        "endConferenceOnExit": "false",
        "beep": "false",
        "waitUrl": f"{BASE}/hold",
        "waitMethod": "POST",
        "statusCallback": f"{BASE}/events",
        "statusCallbackEvent": "start end join leave mute hold announcement",
        "record": "record-from-start",
        "recordingStatusCallback": f"{BASE}/recording",
    }


def test_who_coaches_is_heard_by_the_leg_that_is_named() -> None:
    assert only(scripts.Join(room="c-1", label="leg-1", coach="CA1"))[0].attrib["coach"] == "CA1"


def test_without_a_hold_there_is_silence_and_unasked_nothing_is_recorded() -> None:
    conference = only(scripts.Join(room="c-1", label="leg-1"))[0]
    assert conference.attrib["waitUrl"] == "", "the vendor's music plays where no address is given at all"
    assert not {"record", "recordingStatusCallback", "statusCallback"} & set(conference.attrib)


def test_phones_ring_at_once_and_hear_their_script_first() -> None:
    numbers = (scripts.Number(phone="+15125550101", asks="/w", events="/s"), scripts.Number(phone="+15125550102"))
    dial = only(
        scripts.Ring(
            numbers=numbers, patience=timedelta(seconds=15), after="/after", sender="+15125550100", record="/r"
        )
    )
    assert dial.attrib == {
        "action": f"{BASE}/after",
        "method": "POST",
        "timeout": "15",
        "callerId": "+15125550100",
        "answerOnBridge": "true",
        "record": "record-from-answer-dual",
        "recordingStatusCallback": f"{BASE}/r",
    }
    assert [(each.text, each.attrib.get("url")) for each in dial] == [
        ("+15125550101", f"{BASE}/w"),
        ("+15125550102", None),
    ]
    assert dial[0].attrib["statusCallbackEvent"] == "ringing answered completed"


def test_a_message_is_taken_and_written_down_only_where_asked() -> None:
    plain = only(scripts.TakeMessage(after="/a", recorded="/r", longest=timedelta(minutes=2)))
    assert (plain.attrib["maxLength"], plain.attrib["playBeep"], plain.attrib.get("transcribe")) == (
        "120",
        "true",
        None,
    )
    written = only(scripts.TakeMessage(after="/a", recorded="/r", written="/t"))
    assert (written.attrib["transcribe"], written.attrib["transcribeCallback"]) == ("true", f"{BASE}/t")


@pytest.mark.parametrize(("busy", "reason"), [(True, "busy"), (False, "rejected")])
def test_who_is_not_answered_hears_why(busy: bool, reason: str) -> None:
    assert only(scripts.Reject(busy=busy)).attrib == {"reason": reason}


def test_no_wait_is_shorter_than_a_second_and_the_rest_is_elsewhere() -> None:
    assert only(scripts.Pause(length=timedelta(milliseconds=200))).attrib == {"length": "1"}
    going = only(scripts.GoTo(path="/next"))
    assert (going.text, going.attrib) == (f"{BASE}/next", {"method": "POST"})
