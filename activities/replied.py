"""What a reply says, told when it comes, by whomever the policy chose; by the rules where that one is missing, fails or
is slow. The words go no further than this."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import structlog

from domain.messages import InboundText
from domain.replies import Reading, ReplyClassifier, ReplyKind
from policy import reply_signals
from policy.reply_rules import RULES

READ = ("reply", "yes", "help")
"""Meanings that are somebody's answer, and no wish to stop or to start again (policy.replies)."""

PATIENCE = timedelta(seconds=1)
"""How long a classifier may take; the vendor that brought the text waits for our answer."""

log = structlog.get_logger()


async def told(text: InboundText, meaning: str, chosen: str, classifiers: Mapping[str, ReplyClassifier]) -> Reading:
    """What a text says. A keyword is told by the rules alone: help, where the vendor hasn't answered it."""
    if meaning == "help":
        return Reading(ReplyKind.OTHER if text.is_answered else ReplyKind.HELP, RULES)
    return await reading_of(text.body, chosen, classifiers)


async def reading_of(body: str, chosen: str, classifiers: Mapping[str, ReplyClassifier]) -> Reading:
    """What the chosen classifier says; what the rules say where it can't."""
    classifier = classifiers.get(chosen)
    if classifier is None:
        log.error("reply_classifier_missing", classifier=chosen)
        return reply_signals.reading_of(body)
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            found = await classifier.read(body)
        return replace(found, kind=ReplyKind(found.kind))
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it, the reply is read
        log.error("reply_classifier_failed", classifier=chosen, error=type(error).__name__)
        return reply_signals.reading_of(body)
