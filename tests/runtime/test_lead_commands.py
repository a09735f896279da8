"""`baton lead …`, `status` and `migrate` when something is wrong: a sentence and exit status 1, never a traceback."""

import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from runtime.cli.main import app

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
        self.url = f"http://127.0.0.1:{self.server_port}"


class Answerer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Api)
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.asked.append(self.path)
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.text.encode())

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


@pytest.mark.parametrize("words", ASKING[:3])
def test_an_answer_of_another_version_can_still_be_had_as_json(api: Api, words: list[str]) -> None:
    api.text = '{"leads": 7}'
    assert "isn't of this version's shape" in refused(*words)
    assert json.loads(baton(*words, "--json").stdout) == {"leads": 7}


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
