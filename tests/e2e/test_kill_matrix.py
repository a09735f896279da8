"""The kill matrix in its short form, and proof that its judge can say guilty.

That it can fail is shown by `make kill-matrix ARGS="--seeds 2 --every --forget"`: after each death the ledger takes
what is on its way for what never left, so that it is sent again and not looked for. Done once: of 70 touches hit by two
deaths 8 were made twice (6 chat messages, a text, a rep's ring), at request_sent, after_accept and before_settle; with
reconciling, none. The others of those cells had been settled by the phone network's callbacks before the death, or are
entries of the CRM, which looks for its note and task itself before it makes them.
"""

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from bench import kill_matrix, kill_verdict
from bench.arms import Cell
from bench.kill_cast import Comer
from bench.kill_matrix import FIVE
from bench.kill_verdict import Case, Round
from bench.outside import Json, Reached
from bench.people import someone
from runtime.failpoints import Boundary, Leg

NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
ASKS, WANTS_DEMO = Comer(someone(0), "paid_lead_form"), Comer(someone(1), "demo_request")
OFFER, NOTE = "1" * 32, "2" * 32


@pytest.mark.slow
async def test_with_the_worker_killed_at_every_boundary_each_touch_is_made_once() -> None:
    folder = Path(tempfile.mkdtemp(prefix="baton-kill-"))
    cells = tuple(Cell(*pair) for pair in product(FIVE, Leg))
    report = await kill_matrix.run(folder / "data", cells, range(4, 5))
    shutil.rmtree(folder)
    assert report.good, report
    assert report.cells == {str(cell): {"made": 1} for cell in cells}
    assert report.rounds[0].from_death_s is not None


# --- the judge --------------------------------------------------------------------------------------------------------


def reached(kind: str, to: str, vendor: str = "twilio", **more: object) -> Reached:
    at = NOON + timedelta(seconds=9)
    base = {"seq": 1, "at": at, "real_at": at, "vendor": vendor, "kind": kind, "to": to, "body": "Hi"}
    return Reached.model_validate({**base, "accepted": True, **more})


TEXT = reached("sms", ASKS.who.phone)
RING = reached("call_leg", WANTS_DEMO.who.phone)
TOLD = reached("message", "C0LEADS", "slack", blocks=[{"block_id": f"baton:{OFFER}"}])
KEPT = reached("note", "1", "hubspot", body=f"Baton: …<br>[baton {NOTE}]")
ALL = (TEXT, RING, TOLD, KEPT)


def touch(touch_id: str, channel: str, recipient: str, state: str = "sent", purpose: str = "responsive") -> Json:
    about = {"touch_id": touch_id, "key": f"lead:1:call-1:0:{touch_id}:x", "channel": channel, "recipient": recipient}
    return {**about, "state": state, "body": "Hi", "purpose": purpose, "because": None}


def judged(*log: Reached, text: str = "sent", ring: str = "sent") -> Round:
    texts = [touch("t", "sms", ASKS.who.phone, text)]
    calls = [
        touch("r", "call", WANTS_DEMO.who.phone, ring),
        touch(OFFER, "chat", "C0LEADS", purpose="internal"),
        touch(NOTE, "crm", "1", purpose="internal"),
    ]
    taken = {Cell(Boundary.AFTER_CLAIM, Leg.SMS): "t", Cell(Boundary.AFTER_ACCEPT, Leg.PERSON): "r"}
    leads = {"lead-1": ASKS, "lead-2": WANTS_DEMO}
    moments = (NOON, NOON + timedelta(seconds=4))
    return kill_verdict.judged(Case(1, list(log), {"lead-1": texts, "lead-2": calls}, leads, taken, *moments), 1.0)


def test_a_round_in_which_all_went_well_has_nothing_against_it() -> None:
    found = judged(*ALL)
    assert (found.doubled, found.lost, found.unknown, found.unshown, found.given_up) == ([], [], 0, [], [])
    assert found.hit == {"after_accept person": "made", "after_claim sms": "made"}
    assert (found.next_touch_s, found.from_death_s) == (5.0, 9.0)


@pytest.mark.parametrize("twice", ALL, ids=["text", "ring", "offer", "note"])
def test_the_judge_sees_what_is_done_twice(twice: Reached) -> None:
    assert len(judged(*ALL, twice).doubled) == 1


@pytest.mark.parametrize("missing", ALL, ids=["text", "ring", "offer", "note"])
def test_the_judge_sees_what_reached_nobody(missing: Reached) -> None:
    found = judged(*(each for each in ALL if each is not missing))
    assert len(found.lost) == 2, "neither by the touch that is said to be sent, nor for the lead"


def test_the_judge_sees_a_touch_that_came_to_no_end() -> None:
    assert judged(*ALL, ring="sending").lost == ["lead-2: call r r is still sending"]


def test_what_nobody_knows_must_be_shown_to_our_people() -> None:
    log = (TOLD, KEPT, TEXT)
    assert [bool(judged(*log, ring="unknown").unshown), judged(*log, ring="unknown").lost] == [True, []]
    asked = reached("message", "C0LEADS", "slack", body="ada: nobody knows whether …", blocks=["lead-2:r"])
    found = judged(*log, asked, ring="unknown")
    assert (found.unknown, found.unshown, found.hit["after_accept person"]) == (1, [], "unknown")
