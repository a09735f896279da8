"""What a reply says to us, by rules: wants to go on, asks, not now, somebody else's number, a machine, or for a person
to read. Knows the words alone; what follows from them is for the policy (replies, escalation.py)."""

import re

from domain.replies import Reading, ReplyKind
from policy import buying_phrases, signal_phrases
from policy.replies import folded, sentences_of
from policy.reply_rules import RULES

LONGEST_READ = 640
"""Characters looked at: who goes on for longer has said what they want by then."""

_MACHINE, _AWAY, _WRONG, _LATER, _BARE_NO, _CALL_ME, _NEAR, _WANTS, _YES, _YES_AND, _MAYBE, _ASKS = (
    re.compile(each)
    for each in (
        signal_phrases.MACHINE,
        signal_phrases.AWAY,
        signal_phrases.WRONG,
        signal_phrases.LATER,
        signal_phrases.BARE_NO,
        buying_phrases.CALL_ME,
        buying_phrases.NEAR,
        buying_phrases.WANTS,
        buying_phrases.YES,
        buying_phrases.YES_AND,
        buying_phrases.MAYBE,
        buying_phrases.ASKS,
    )
)


class RuleClassifier:
    """The ReplyClassifier that every policy has: never fails, never waits."""

    async def read(self, body: str) -> Reading:
        """What a text says, by the rules."""
        return reading_of(body)


def reading_of(body: str) -> Reading:
    """What a text says, with the name of the rules to it."""
    return Reading(kind_of(body), RULES)


def kind_of(body: str) -> ReplyKind:
    """What a text says. A machine is known before a person, a wrong number before a no, a no before a yes, and a yes
    before a question: "Yes, how much is it?" wants to go on."""
    said = sentences_of(folded(body[:LONGEST_READ]))
    whole = " ".join(said)
    asked_for = bool(_CALL_ME.search(whole))
    if _MACHINE.search(whole) or (_AWAY.search(whole) and not asked_for):
        return ReplyKind.OUT_OF_OFFICE
    if _WRONG.search(whole):
        return ReplyKind.WRONG_PERSON
    if asked_for and _is_put_off_by_days(whole):
        return ReplyKind.BUYING_SIGNAL
    if _LATER.search(whole) or _BARE_NO.search(whole):
        return ReplyKind.NOT_NOW
    if asked_for or any(_wants(sentence) for sentence in said):
        return ReplyKind.BUYING_SIGNAL
    return ReplyKind.QUESTION if any(_ASKS.search(sentence) for sentence in said) else ReplyKind.OTHER


def _is_put_off_by_days(whole: str) -> bool:
    """Whether it names a time that is near: "not now, call me tomorrow"."""
    return bool(_NEAR.search(whole))


def _wants(sentence: str) -> bool:
    if not sentence.endswith("?") and (_YES.search(sentence) or _YES_AND.search(sentence)):
        return True
    return bool(_WANTS.search(sentence)) and not _MAYBE.search(sentence)
