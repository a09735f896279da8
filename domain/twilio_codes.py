"""Twilio's error codes and what each comes to: one table for refused requests and for status callbacks.

Source of each: https://www.twilio.com/docs/api/errors/N with its number. A code that isn't here is judged by its HTTP
status alone, and in a callback is final.
"""

from datetime import timedelta

from domain.verdicts import Meaning, Verdict

FINAL, RETRY, FIX_DATA = Verdict.FINAL, Verdict.RETRY, Verdict.FIX_DATA
OPT_OUT, OURS, THROTTLED = Verdict.OPT_OUT, Verdict.OURS, Verdict.THROTTLED

SOON, LATER, TOMORROW = timedelta(seconds=30), timedelta(minutes=30), timedelta(hours=24)

CODES: dict[str, Meaning] = {
    # Our webhooks, as Twilio found them.
    "11200": Meaning(OURS, "it could not fetch our webhook"),
    "12100": Meaning(OURS, "it could not read what our webhook answered"),
    # Dialling.
    "13223": Meaning(FIX_DATA, "the number to dial is not written as a number"),
    "13224": Meaning(FIX_DATA, "the number to dial does not exist, or it can't be called"),
    "13225": Meaning(FINAL, "calls to this number are forbidden"),
    "13226": Meaning(FIX_DATA, "the number to dial has no such country code"),
    "13227": Meaning(FINAL, "calls to this country are not enabled for the account"),
    # Sending too fast between two numbers: its own guard against loops, 30 s long.
    "14107": Meaning(THROTTLED, "too many messages between two numbers within seconds", SOON),
    # The request as such.
    "20003": Meaning(OURS, "it refuses our credentials"),
    "20404": Meaning(FINAL, "there is no such thing at the vendor"),
    "20429": Meaning(THROTTLED, "too many requests"),
    "20500": Meaning(RETRY, "it had an internal error", SOON),
    "20503": Meaning(RETRY, "its service is unavailable", SOON),
    # Calls that are started or changed.
    "21210": Meaning(OURS, "our number to call from is not verified"),
    "21211": Meaning(FIX_DATA, "the number is not valid"),
    "21212": Meaning(OURS, "our own number is not valid"),
    "21214": Meaning(FIX_DATA, "the number can't be reached"),
    "21215": Meaning(FINAL, "calls to this country are not enabled for the account"),
    "21217": Meaning(FIX_DATA, "the number does not look valid"),
    "21219": Meaning(OURS, "a trial account may only call verified numbers"),
    "21220": Meaning(FINAL, "the call is over already"),
    # Messages that are refused at once.
    "21408": Meaning(FINAL, "texts to this country are not enabled for the account"),
    "21601": Meaning(OURS, "our number can't send texts"),
    "21602": Meaning(FINAL, "the text is empty"),
    "21603": Meaning(OURS, "no number to send from was given"),
    "21604": Meaning(FIX_DATA, "no number to send to was given"),
    "21606": Meaning(OURS, "our number is none that may send texts there"),
    "21608": Meaning(OURS, "a trial account may only text verified numbers"),
    "21610": Meaning(OPT_OUT, "the person told it to stop"),
    "21611": Meaning(THROTTLED, "the queue of our number is full", LATER),
    "21612": Meaning(FIX_DATA, "no text gets from our number to this one"),
    "21614": Meaning(FIX_DATA, "the number is not a mobile number"),
    "21617": Meaning(FINAL, "the text is longer than 1600 characters"),
    "21620": Meaning(FINAL, "the picture's address is not valid"),
    "21635": Meaning(FIX_DATA, "the number is a landline"),
    # Messages that were taken and did not arrive. None of these is sent again by the same touch.
    "30001": Meaning(RETRY, "its queue was full", LATER),
    "30002": Meaning(OURS, "our account was suspended"),
    "30003": Meaning(RETRY, "the phone could not be reached", LATER),
    "30004": Meaning(FINAL, "the message was blocked"),
    "30005": Meaning(FIX_DATA, "the number is unknown or no longer in service"),
    "30006": Meaning(FIX_DATA, "the number is a landline, or its carrier can't be reached"),
    "30007": Meaning(FINAL, "the carrier took it for spam"),
    "30008": Meaning(RETRY, "the carrier did not say why", LATER),
    "30009": Meaning(FINAL, "a part of the message was lost"),
    "30010": Meaning(OURS, "the message costs more than our account allows"),
    "30011": Meaning(FINAL, "pictures can't be sent to this number"),
    "30017": Meaning(RETRY, "the carrier's network was congested", LATER),
    "30019": Meaning(FINAL, "the message is too large for the carrier"),
    "30022": Meaning(THROTTLED, "our campaign sent faster than its carrier allows", LATER),
    "30023": Meaning(THROTTLED, "our brand has sent all that its carrier allows in a day", TOMORROW),
    "30032": Meaning(OURS, "our toll-free number is not verified"),
    "30034": Meaning(OURS, "our number is not registered for business texts (10DLC)"),
    "30035": Meaning(OURS, "our number is still being set up for business texts (10DLC)"),
    "30036": Meaning(FINAL, "the message waited longer than it was valid"),
    "30037": Meaning(OURS, "sending is disabled for our account"),
    "30039": Meaning(FINAL, "it took the message for part of a loop"),
    "30410": Meaning(RETRY, "the carrier did not answer in time", LATER),
    "30420": Meaning(FINAL, "the message was not delivered"),
    "30450": Meaning(FINAL, "texts there are blocked for a while, as a guard against fraud"),
    "30454": Meaning(FINAL, "the message was blocked"),
    "63038": Meaning(THROTTLED, "our account has sent all that it may in a day", TOMORROW),
}


LEDGER_WORD = {
    "accepted": "sent",
    "scheduled": "sent",
    "queued": "sent",
    "sending": "sent",
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
"""Twilio's message statuses in the ledger's words; others say nothing about a touch."""


def meaning(code: str | None) -> Meaning | None:
    """What Twilio's own number means; None for one that isn't known here."""
    return CODES.get(code or "")


def verdict_of(code: str | None) -> Verdict:
    """What became of a message that was taken and failed, by its callback's ErrorCode."""
    found = meaning(code)
    return found.verdict if found is not None else FINAL
