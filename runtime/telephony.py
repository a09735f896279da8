"""Builds what calls are made of: rows, desk, activities, words for the CRM. For container.py alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import asyncpg

from activities.call_notes import CallNotes
from activities.lines import Lines
from activities.phone_calls import PhoneCalls, Telephone
from activities.phone_controls import PhoneControls
from activities.phone_desk import PhoneDesk
from activities.policies import Policies
from activities.recordings import Recordings
from adapters.postgres.calls import PostgresCalls
from adapters.postgres.ledger import PostgresLedger
from adapters.twilio.account import TwilioAccount
from domain.phones import Voice


@dataclass(frozen=True, slots=True)
class Telephony:
    """All parts of one process that calls go through."""

    pool: asyncpg.Pool
    ledger: PostgresLedger
    policies: Policies
    voice: Voice
    account: TwilioAccount

    @property
    def rows(self) -> PostgresCalls:
        """The rows of calls."""
        return PostgresCalls(self.pool, self.account.recording)

    @property
    def desk(self) -> PhoneDesk:
        """What answers the phone network's questions."""
        return PhoneDesk(self.rows, self.ledger, self.policies)

    @property
    def notes(self) -> CallNotes:
        """Calls in words, for the CRM."""
        return CallNotes(self.rows, self.account.recording)

    def activities(self, lines: Lines) -> tuple[list[Callable[..., Any]], list[Callable[..., Any]]]:
        """Those that touch rows alone, for the leads queue, and those of the voice queue."""
        return activities(
            PhoneCalls(Telephone(self.rows, self.voice, lines), self.ledger, self.policies), self.controls
        )

    @property
    def controls(self) -> PhoneControls:
        """What is done to a call that goes on."""
        return PhoneControls(self.rows, self.voice)

    @property
    def nightly(self) -> list[Callable[..., Any]]:
        """What the nightly sweep does with recordings."""
        return [Recordings(self.rows, self.voice, self.policies).delete]


def activities(calls: PhoneCalls, controls: PhoneControls) -> tuple[list[Callable[..., Any]], list[Callable[..., Any]]]:
    """As Telephony.activities, for whoever brings parts of their own."""
    rung: list[Callable[..., Any]] = [
        calls.place,
        calls.look,
        calls.hang_up,
        calls.call_off,
        calls.announce,
        calls.dismiss,
        calls.leave_message,
    ]
    return [calls.begin, calls.end], [*rung, controls.note, controls.hold, controls.ends, controls.tell]
