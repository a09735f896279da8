"""A simulator running as a process, and a stand-in for Baton that keeps what it is sent."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx2

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
SECRETS = {
    "BATON_TWILIO_ACCOUNT_SID": ACCOUNT,
    "BATON_TWILIO_AUTH_TOKEN": "twilio-token",
    "BATON_TWILIO_FROM": "+15125550100",
    "BATON_SIM_NUMBERS": "+13055550100",
    "BATON_SLACK_TOKEN": "xoxb-simulated",
    "BATON_SLACK_SIGNING_SECRET": "slack-secret",
    "BATON_HUBSPOT_TOKEN": "pat-simulated",
    "BATON_HUBSPOT_CLIENT_SECRET": "hubspot-secret",
}
# One client for all: each new one would read the certificates of the machine again.
HTTP = httpx2.Client(trust_env=False, timeout=20)
OWN, OTHER, LEAD = "+15125550100", "+13055550100", "+15125550142"


@dataclass(frozen=True)
class Got:
    """One request that Baton's stand-in received."""

    url: str
    headers: dict[str, str]
    body: str
    method: str = "POST"

    @property
    def form(self) -> dict[str, str]:
        said = self.body if self.method == "POST" else self.url.partition("?")[2]
        return dict(parse_qsl(said, keep_blank_values=True))


@dataclass
class Receiver:
    """Answers every request with `status` and `text`, or with the text of its path's page."""

    url: str
    got: list[Got] = field(default_factory=list)
    status: int = 200
    text: str = ""
    pages: dict[str, str] = field(default_factory=dict)

    def at(self, path: str) -> list[Got]:
        return [each for each in self.got if each.url.startswith(self.url + path)]

    def reset(self) -> None:
        self.got.clear()
        self.pages.clear()
        self.status, self.text = 200, ""


@dataclass
class Sim:
    """The control paths of a running simulator. JSON is what it is: tests look into it."""

    url: str
    process: subprocess.Popen[bytes]

    def get(self, path: str) -> Any:
        return HTTP.get(f"{self.url}{path}", timeout=5).json()

    def post(self, path: str, body: object, status: int = 200) -> Any:
        response = HTTP.post(f"{self.url}{path}", json=body, timeout=20)
        assert response.status_code == status, response.text
        return response.json()

    def log(self, kind: str | None = None, since: int = 0) -> list[dict[str, Any]]:
        entries = self.get(f"/sim/log?since={since}")["entries"]
        return [entry for entry in entries if kind in (None, entry["kind"])]

    def due(self) -> datetime | None:
        due = self.get("/sim/next")["due"]
        return datetime.fromisoformat(due) if due else None

    def move_to(self, moment: datetime) -> None:
        """Set the embedded clock just past a moment."""
        clock = self.get("/sim/clock")
        ahead = (moment - datetime.fromisoformat(clock["now"])).total_seconds()
        self.post("/sim/clock", {"offset": clock["offset"] + ahead + 0.001})

    def settle(self) -> None:
        wait_until(lambda: self.get("/sim/next")["real_inflight"] == 0)


def wait_until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it didn't come true in time"
        time.sleep(0.01)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver(url="")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            headers = {k.lower(): v for k, v in self.headers.items()}
            receiver.got.append(Got(receiver.url + self.path, headers, body, self.command))
            raw = receiver.pages.get(self.path.partition("?")[0], receiver.text).encode()
            self.send_response(receiver.status)
            self.send_header("content-length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
            """Nothing on the terminal."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 256  # many phones ask at once; the default of five resets some of them

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def simulating(public_url: str, log: Path | None = None, said: Path | None = None) -> Iterator[Sim]:
    """`log` is where it keeps its world, `said` where its standard error goes (None: to the terminal)."""
    port = free_port()
    env = os.environ | SECRETS | {"BATON_SIM_PORT": str(port), "BATON_PUBLIC_URL": public_url}
    env |= {"BATON_SIM_LOG": str(log)} if log else {}
    with said.open("wb") if said else contextlib.nullcontext() as errors:
        process = subprocess.Popen([sys.executable, "-m", "simulator"], env=env, stderr=errors)
    sim = Sim(f"http://127.0.0.1:{port}", process)
    try:
        wait_until(lambda: answers(sim), seconds=20)
        yield sim
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=10)


def answers(sim: Sim) -> bool:
    assert sim.process.poll() is None, "the simulator ended"
    try:
        return HTTP.get(f"{sim.url}/healthz", timeout=1).status_code == 200
    except httpx2.TransportError:
        return False


def send_text(sim: Sim, **fields: str) -> httpx2.Response:
    """A bare POST as the twilio client makes it; the given fields replace or add to the usual ones."""
    form = {"To": LEAD, "From": OWN, "Body": "Hi Dana"} | fields
    url = f"{sim.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    return HTTP.post(url, data=form, auth=(ACCOUNT, SECRETS["BATON_TWILIO_AUTH_TOKEN"]), timeout=5)


def call_slack(sim: Sim, method: str, **arguments: object) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {SECRETS['BATON_SLACK_TOKEN']}"}
    answer = HTTP.post(f"{sim.url}/api/{method}", json=arguments, headers=headers, timeout=5).json()
    assert isinstance(answer, dict)
    return answer


def offer(rep: str, lead: str = "lead-1", number: int = 1) -> list[dict[str, Any]]:
    """An offer as Baton posts it: accept, decline and a select of dispositions."""

    def button(action: str) -> dict[str, Any]:
        label = {"type": "plain_text", "text": action}
        return {"type": "button", "action_id": action, "value": f"{lead}:{number}", "text": label}

    options = [
        {"text": {"type": "plain_text", "text": code}, "value": f"{lead}:{code}"} for code in ("connected", "not_icp")
    ]
    select = {
        "type": "static_select",
        "action_id": "dispose",
        "placeholder": {"type": "plain_text", "text": "Outcome"},
        "options": options,
    }
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": f"<@{rep}> a new lead"}},
        {"type": "actions", "block_id": f"touch:{lead}", "elements": [button("accept"), button("decline"), select]},
    ]


def payload(got: Got) -> dict[str, Any]:
    loaded = json.loads(got.form["payload"])
    assert isinstance(loaded, dict)
    return loaded
