"""What a rep hears before they decide, in words that can be spoken."""

import pytest

from activities.whispers import Briefing, incoming, whisper
from domain.calls import Call
from domain.decisions import CallPlan
from domain.ports import Dossier
from domain.values import Cue
from tests.builders import NOON
from tests.fakes import facts_of
from tests.policy import cases


def a_briefing(words: str | None, **call: object) -> Briefing:
    dossier = Dossier(
        facts=facts_of("lead-1", "paid_lead_form", NOON), person_id="p1", name="Marcus Bell", last_words=words
    )
    plan = CallPlan(reps=("ada",), cue=Cue.REPLY)
    found = Call(call_id="c1", tenant="main", lead_id="lead-1", asked_at=NOON, plan=plan).model_copy(update=call)
    return Briefing(found, dossier, cases.default().policy)


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("Yes, call me", "They wrote: Yes, call me. Start from their own words."),
        ("Yes, call me.", "They wrote: Yes, call me. Start from their own words."),
        ("Can you call?", "They wrote: Can you call? Start from their own words."),
        (None, "Start from what they wrote."),
    ],
)
def test_what_they_wrote_is_read_out_as_a_sentence(words: str | None, heard: str) -> None:
    assert [say.words for say in whisper(a_briefing(words))][-2] == heard


@pytest.mark.parametrize("words", ["I'm in a meeting", "I'm in a meeting."])
def test_who_writes_while_their_call_rings_is_read_out_as_a_sentence(words: str) -> None:
    said = [say.words for say in incoming(a_briefing(words, off="replied"))]
    assert "They have just written: I'm in a meeting." in said
