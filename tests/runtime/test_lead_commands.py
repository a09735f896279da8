"""`baton lead …`, `status` and `migrate` when something is wrong: a sentence and exit status 1, never a traceback."""

import json
import os
import threading
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from typer.testing import CliRunner, Result

from domain.decisions import Reason, Trace
from domain.facts import Facts
from domain.views import LeadPage, LeadSummary, StoryLine, TracedDecision
from runtime.cli import words
from runtime.cli.main import app
from tests.api.fakes import DETAIL, LISTED, NOW
from tests.builders import a_decision

LEAD = "0199a7c2-0000-7000-8000-000000000001"
KEY = "key-of-the-tests"
NOBODY_LISTENS = "http://127.0.0.1:1"
ASKING = [
    ["lead", "list"],
    ["lead", "show", LEAD],
    ["lead", "trace", LEAD],
    ["lead", "dispose", LEAD, "--reason", "won"],
]


class Api(ThreadingHTTPServer):
    """Answers everything with `status` and `text`; keeps the paths that were asked for."""

    daemon_threads = True
    status, text = 200, "{}"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answerer)
        self.asked: list[str] = []
        self.leads: list[LeadSummary] = []
        self.url = f"http://127.0.0.1:{self.server_port}"

    def page(self, path: str) -> str:
        """As GET /v1/leads pages: at most 200, and the last lead's id as the cursor unless it is the last of all."""
        wanted = dict(parse_qsl(urlsplit(path).query))
        ids = [lead.lead_id for lead in self.leads]
        first, limit = (ids.index(wanted["cursor"]) + 1 if "cursor" in wanted else 0), int(wanted["limit"])
        assert 1 <= limit <= 200
        shown = tuple(self.leads[first : first + limit])
        more = first + limit < len(self.leads)
        return LeadPage(leads=shown, cursor=shown[-1].lead_id if more else None).model_dump_json()


class Answerer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Api)
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.asked.append(self.path)
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write((self.server.page(self.path) if self.server.leads else self.server.text).encode())

    do_POST = do_GET

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Nothing on the terminal."""


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """An API that BATON_API_URL and BATON_API_KEY name."""
    with Api() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setenv("BATON_API_URL", server.url)
        monkeypatch.setenv("BATON_API_KEY", KEY)
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No BATON_* variable and no data directory of the person who runs the tests."""
    for name in [name for name in os.environ if name.startswith("BATON_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def baton(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def refused(*words: str) -> str:
    """What a command says on its way out; a traceback would be an exception other than the exit."""
    result = baton(*words)
    assert (type(result.exception), result.exit_code, result.stdout) == (SystemExit, 1, ""), result.output
    return result.stderr


@pytest.mark.parametrize("words", ASKING)
@pytest.mark.parametrize(
    ("url", "key", "said"),
    [
        (NOBODY_LISTENS, KEY, f"Baton at {NOBODY_LISTENS} does not answer"),
        ("garbage", KEY, "BATON_API_URL, 'garbage', is no web address"),
        ("http://127.0.0.1:port", KEY, "is no web address"),
        ("http://baton..example", KEY, "is no web address"),
        ("ftp://127.0.0.1", KEY, "is no web address"),
        (NOBODY_LISTENS, "schlüssel", "BATON_API_KEY has characters"),
        (NOBODY_LISTENS, "key\n", "BATON_API_KEY has characters"),
        (NOBODY_LISTENS, "", "BATON_API_URL is set without BATON_API_KEY"),
    ],
)
def test_an_address_or_a_key_that_leads_nowhere(
    monkeypatch: pytest.MonkeyPatch, words: list[str], url: str, key: str, said: str
) -> None:
    monkeypatch.setenv("BATON_API_URL", url)
    monkeypatch.setenv("BATON_API_KEY", key)
    assert said in refused(*words)


@pytest.mark.parametrize("words", ASKING)
@pytest.mark.parametrize("text", ["<html>hello</html>", "[]", "null", "\N{REPLACEMENT CHARACTER}"])
def test_an_answer_that_is_none_of_batons(api: Api, words: list[str], text: str) -> None:
    api.text = text
    assert "is no Baton: correct BATON_API_URL" in refused(*words)


@pytest.mark.parametrize(("words", "place"), [(ASKING[0], "leads"), (ASKING[1], "lead"), (ASKING[2], "decisions")])
def test_an_answer_of_another_version(api: Api, words: list[str], place: str) -> None:
    api.text = '{"leads": 7}'
    assert f"isn't of this version's shape ({place}" in refused(*words)


@pytest.mark.parametrize(
    ("status", "text", "said"),
    [
        (404, '{"detail": "no such lead"}', "404: no such lead\n"),
        (307, "", "307: Temporary Redirect\n"),
        (502, "<html>", "502: Bad Gateway\n"),
        (422, '{"title": "Bad", "errors": [{"field": "by", "message": "is empty"}, 7]}', "422: Bad\n  by: is empty\n"),
    ],
)
def test_what_the_api_refuses_is_said_in_its_own_words(api: Api, status: int, text: str, said: str) -> None:
    api.status, api.text = status, text
    assert refused("lead", "show", LEAD) == said


@pytest.mark.parametrize(
    ("limit", "pages", "told"),
    [
        ([], ["50"], "These are the newest 50. There are more: see them with --limit 100.\n"),
        (["--limit", "7"], ["7"], "These are the newest 7. There are more: see them with --limit 14.\n"),
        (
            ["--limit", "450"],
            ["200", "200", "50"],
            "These are the newest 450. There are more: see them with --limit 900.\n",
        ),
        (["--limit", "500"], ["200", "200", "100"], ""),
        (["--limit", "9999"], ["200", "200", "200"], ""),
    ],
)
def test_a_list_says_when_there_are_more(api: Api, limit: list[str], pages: list[str], told: str) -> None:
    api.leads = [LISTED.model_copy(update={"lead_id": str(uuid.UUID(int=number))}) for number in range(500)]
    shown = baton("lead", "list", *limit, "--stage", "handoff").stdout
    table, _, after = shown.partition("These are")
    assert (table.count("demo_request"), "These are" * bool(after) + after) == (min(sum(map(int, pages)), 500), told)
    asked = [parse_qs(urlsplit(path).query) for path in api.asked]
    assert [page["limit"] for page in asked] == [[page] for page in pages]
    assert {page["stage"][0] for page in asked} == {"handoff"}

    found = json.loads(baton("lead", "list", *limit, "--json").stdout)
    assert [lead["lead_id"] for lead in found["leads"]] == [lead.lead_id for lead in api.leads[: len(found["leads"])]]
    assert (found["cursor"] is None) == (not told)


def test_a_list_of_no_leads_is_not_asked_for(api: Api) -> None:
    assert baton("lead", "list", "--limit", "0").exit_code == 2
    assert api.asked == []


HOSTILE = "Bob\x1b]0;owned\x07\x1b[2J\n12:00 closed: won\r\u202eevil\u2028\x9b31m"
LOOKS = "Bob\ufffd]0;owned\ufffd\ufffd[2J\ufffd12:00 closed: won\ufffd\ufffdevil\ufffd\ufffd31m"


def test_a_strangers_words_move_no_cursor_and_make_no_line_of_their_own(api: Api) -> None:
    person = DETAIL.person.model_copy(update={"name": HOSTILE, "company": HOSTILE, "email": HOSTILE})
    line = StoryLine(seq=1, cycle=1, at=NOW, kind="text", data={"code": HOSTILE, "item": {"action": HOSTILE}})
    listed = LISTED.model_copy(update={"owner": HOSTILE, "stage": HOSTILE, "source": HOSTILE})
    detail = DETAIL.model_copy(update={"person": person, "story": (line,), "lead": listed})
    api.text = detail.model_dump_json()
    shown = baton("lead", "show", LEAD).stdout
    assert (shown.count(LOOKS), len(shown.splitlines())) == (8, 5)
    assert is_plain(shown)

    reasons = Trace(reasons=(Reason(rule="route/x", because=HOSTILE),))
    facts = Facts(tenant="main", lead_id=LEAD, source="webinar", received_at=NOW)
    traced = TracedDecision(
        decision=a_decision(), trace=reasons, facts=facts, recorded_at=NOW, said=(f"At {HOSTILE}", f"For {HOSTILE}")
    )
    api.text = f'{{"decisions": [{traced.model_dump_json()}]}}'
    shown = baton("lead", "trace", LEAD).stdout
    assert (shown.count(LOOKS), len(shown.splitlines())) == (2, 2)
    assert is_plain(shown)

    api.text = LeadPage(leads=(listed,)).model_dump_json()
    shown = baton("lead", "list").stdout
    assert "closed: won" in shown
    assert is_plain(shown)


def is_plain(shown: str) -> bool:
    return "\x1b" not in shown and all(sign.isprintable() for line in shown.split("\n") for sign in line)


def test_what_the_api_says_moves_no_cursor_either(api: Api) -> None:
    api.text = json.dumps({"said": HOSTILE})
    assert baton("lead", "dispose", LEAD, "--reason", "won").stdout == f"{LOOKS}\n"
    api.status, api.text = 409, json.dumps({"detail": "no\x1b[2J"})
    assert refused("lead", "show", LEAD) == "409: no\ufffd[2J\n"


def test_names_in_scripts_that_join_their_letters_are_left_as_they_are() -> None:
    for name in ("\u0639\u0644\u06cc\u200c\u0631\u0636", "José Ñandú", "क्\u200dष"):
        assert words.printable(name) == name


@pytest.mark.parametrize("lead_id", ["", "../leads", "17", f"{LEAD}/trace"])
@pytest.mark.parametrize("words", [["show"], ["trace"], ["dispose", "--reason", "won"], ["fast-forward"]])
def test_what_is_no_lead_id_is_not_asked_for(api: Api, words: list[str], lead_id: str) -> None:
    more = ["1d"] if words == ["fast-forward"] else []
    result = baton("lead", *words, lead_id, *more)
    assert (result.exit_code, api.asked) == (2, [])
    assert "UUID" in result.stderr


@pytest.mark.parametrize("duration", ["²d", "99999999999d", "3661d", "d", "", "-1d", "1.5h", "3 d", "3d\n"])
def test_a_duration_that_is_none(duration: str) -> None:
    result = baton("lead", "fast-forward", "--", LEAD, duration)
    assert result.exit_code == 2
    assert "no duration" in result.stderr or "too long" in result.stderr


def test_a_clock_is_not_moved_elsewhere_than_other_commands_look(api: Api) -> None:
    assert f"BATON_API_URL names {api.url}" in refused("lead", "fast-forward", LEAD, "1d")


@pytest.mark.parametrize("words", [*ASKING, ["lead", "fast-forward", LEAD, "1d"]])
def test_without_a_stack(words: list[str], tmp_path: Path) -> None:
    assert f"on {tmp_path / 'none'}" in refused(*words, "--data", str(tmp_path / "none"))


@pytest.mark.parametrize("words", [*ASKING, ["lead", "fast-forward", LEAD, "1d"], ["status"]])
def test_a_data_directory_that_can_not_be_read(words: list[str], tmp_path: Path) -> None:
    file, broken = tmp_path / "file", tmp_path / "broken"
    file.touch()
    broken.mkdir()
    (broken / "stack.json").write_text("{")
    assert refused(*words, "--data", str(file)).startswith(f"Can't read {file}/stack.json: Not a directory.")
    assert f"{broken}/stack.json isn't readable any more" in refused(*words, "--data", str(broken))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (None, "Set BATON_DATABASE_URL"),
        ("postgresql://baton:se/cret@127.0.0.1:1/baton", "is no PostgreSQL address"),
        ("postgresql://baton:secret@127.0.0.1:1/baton", "can't be reached"),
    ],
)
def test_a_database_that_can_not_be_migrated(monkeypatch: pytest.MonkeyPatch, url: str | None, said: str) -> None:
    if url is not None:
        monkeypatch.setenv("BATON_DATABASE_URL", url)
    told = refused("migrate")
    assert said in told
    assert "cret" not in told


def test_a_file_that_can_not_be_read(api: Api, tmp_path: Path) -> None:
    api.text = '{"status": "started"}'
    unreadable = tmp_path / "lead.json"
    unreadable.symlink_to("/proc/self/mem")
    assert refused("lead", "capture", str(unreadable)) == "Input/output error\n"
