"""Calls as they are told: who rings for whom, what a rep hears once, what they press, who talks for how long."""

from datetime import timedelta

from runtime.demo import script
from runtime.demo.calls import Rung
from runtime.demo.switchboard import Switchboard
from runtime.demo.world import Entry

ADA, BEN, DANA, OURS = "+15125550101", "+13125550102", "+15125550142", "+15125550100"
WHISPER = ("Brightside lead: Dana Ortiz, by demo request.", "Why now: asked for a demo.")
RUNG = (Rung("lead-1", (ADA, BEN), script.START),)
LEADS = {"lead-1": "Dana Ortiz"}


def a_switchboard() -> Switchboard:
    return Switchboard({ADA: "Ada", BEN: "Ben"}, {DANA: "Dana Ortiz"})


class Log:
    """Entries in their order, a second apart."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def add(self, kind: str, to: str | None, call: str, body: str | None = None, **more: object) -> "Log":
        seq = len(self.entries) + 1
        at = script.START + timedelta(seconds=seq)
        facts = {"seq": seq, "at": at, "real_at": at, "vendor": "twilio", "kind": kind, "to": to, "vendor_id": call}
        facts |= {"from": OURS, "body": body, "accepted": True, "delivered": True} | more
        self.entries.append(Entry.model_validate(facts))
        return self

    def told(self, board: Switchboard | None = None) -> list[tuple[str, str, str]]:
        lines = (board or a_switchboard()).lines(self.entries, RUNG, LEADS)
        return [(line.kind, line.who, line.what) for line in lines]


def whispered(log: Log, phone: str, call: str) -> Log:
    for words in WHISPER:
        log.add("heard", phone, call, words)
    return log


def test_phones_that_ring_for_one_person_ring_in_one_line() -> None:
    log = Log().add("call_leg", ADA, "CA1").add("call_leg", BEN, "CA2").add("call_leg", DANA, "CA3")
    assert log.told() == [("rings", "Ada, Ben", "for Dana Ortiz"), ("rings", "Dana Ortiz", "")]


def test_a_whisper_is_told_once_in_one_line_however_its_entries_come() -> None:
    log, board = whispered(Log().add("call_leg", ADA, "CA1").add("call_leg", BEN, "CA2"), ADA, "CA1"), a_switchboard()
    assert [line.kind for line in board.lines(log.entries, RUNG, LEADS)] == ["rings"]
    later = whispered(Log(), BEN, "CA2").add("pressed", ADA, "CA1", "1").add("pressed", BEN, "CA2", "2")
    assert later.told(board) == [
        ("hears", "Ada", f"“{' '.join(WHISPER)}”"),
        ("takes", "Ada", "presses 1: Dana Ortiz"),
        ("passes", "Ben", "presses 2: Dana Ortiz"),
    ]


def test_a_whisper_nobody_answers_is_told_when_it_asks() -> None:
    log = whispered(Log().add("call_leg", ADA, "CA1"), ADA, "CA1").add("heard", ADA, "CA1", "Press 1 to take the call.")
    assert log.told()[-1] == ("hears", "Ada", f"“{' '.join(WHISPER)}”")


def test_what_a_rep_learns_after_the_press_is_told_but_no_music() -> None:
    log = (
        Log()
        .add("call_leg", ADA, "CA1")
        .add("pressed", ADA, "CA1", "1")
        .add("heard", ADA, "CA1", "Calling Dana Ortiz.")
    )
    log.add("heard", ADA, "CA1", "play:twilio:beep").add("heard", ADA, "CA1", "That was their voicemail.")
    assert log.told()[-1] == ("hears", "Ada", "“That was their voicemail.”")
    assert len(log.told()) == 3


def test_who_talked_and_for_how_long_is_told_when_the_person_hangs_up() -> None:
    log = Log().add("bridged", ADA, "CA1", channel="call-1").add("bridged", DANA, "CA3", channel="call-1")
    log.add("hung_up", DANA, "CA3", detail="completed: the person hung up, 245.3 s of talk")
    log.add("hung_up", ADA, "CA1", detail="completed: Hangup, 245.4 s of talk")
    assert log.told() == [("talks", "Ada and Dana Ortiz", "4:05")]


def test_a_voicemail_and_a_phone_that_nobody_answers_are_told() -> None:
    machine = Log().add("answered", DANA, "CA3", delivered=False).add("bridged", DANA, "CA3", channel="call-1")
    machine.add("hung_up", DANA, "CA3", detail="completed: ended by REST, 1.0 s of talk")
    assert machine.told() == [("machine", "Dana Ortiz", "the voicemail answers")]
    silent = (
        Log()
        .add("call_leg", DANA, "CA3")
        .add("hung_up", DANA, "CA3", detail="no-answer: nobody answered, 0.0 s of talk")
    )
    assert silent.told()[-1] == ("rings", "Dana Ortiz", "nobody answers")


def test_a_caller_who_gives_up_is_told_and_for_whom_our_phones_ring() -> None:
    log = Log().add("inbound_call", OURS, "CA4", **{"from": DANA}).add("call_leg", BEN, "CA5", **{"from": DANA})
    log.add("hung_up", DANA, "CA4", detail="no-answer: the person hung up, 0.0 s of talk")
    assert log.told() == [
        ("calls", "Dana Ortiz", "our number"),
        ("rings", "Ben", "for Dana Ortiz"),
        ("calls", "Dana Ortiz", "hangs up: nobody has picked up"),
    ]
