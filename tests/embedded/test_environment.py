"""What the children are told, read back by the settings they read it with."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from runtime.embedded import environment, ports
from runtime.embedded.state import Secrets
from runtime.settings import read_settings
from simulator.settings import SimSettings

POLICY = Path("/policies/mine.yaml")


@pytest.fixture
def outer(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Without any BATON_* of the person who runs the tests."""
    for name in os.environ:
        if name.startswith("BATON_"):
            monkeypatch.delenv(name)
    return monkeypatch


def take(told: dict[str, str], outer: pytest.MonkeyPatch) -> None:
    for name, value in told.items():
        outer.setenv(name, value)


def test_the_programs_read_the_stacks_own_addresses_and_secrets(outer: pytest.MonkeyPatch) -> None:
    block, secrets = ports.free(), Secrets()
    take(environment.of_children(block, secrets, POLICY), outer)
    read = read_settings()
    assert read.embedded
    assert not read.uses_real_vendors
    assert read.policy == POLICY
    assert read.temporal_address == f"127.0.0.1:{block.temporal}"
    assert read.database_url.get_secret_value().endswith(f"@127.0.0.1:{block.postgres}/baton")
    assert read.public_url == f"http://127.0.0.1:{block.api}"
    assert read.slack_base_url == f"http://127.0.0.1:{block.simulator}/api/"
    assert read.api_key.get_secret_value() == secrets.api_key


def test_the_simulator_shares_the_secrets_and_the_clock(outer: pytest.MonkeyPatch) -> None:
    block, secrets = ports.free(), Secrets()
    take(environment.of_simulator(block, secrets, timedelta(hours=-5), Path("sim.log")), outer)
    read = SimSettings()
    assert read.sim_port == block.simulator
    assert read.sim_offset == -5 * 3600
    assert read.public_url == f"http://127.0.0.1:{block.api}"
    assert read.twilio_auth_token == secrets.twilio_auth_token
    assert read.hubspot_client_secret == secrets.hubspot_client_secret


def test_a_real_vendor_of_the_persons_own_replaces_the_simulated_one(outer: pytest.MonkeyPatch) -> None:
    own = {"BATON_SLACK_TOKEN": "xoxb-own", "BATON_API_KEY": "outer", "BATON_PUBLIC_URL": "https://b.example.com"}
    take(own, outer)
    told = environment.of_children(ports.free(), Secrets(), POLICY, dict(os.environ))
    assert environment.real_vendors(os.environ) == ["slack"]
    assert told["BATON_SLACK_TOKEN"] == "xoxb-own"
    assert "BATON_SLACK_BASE_URL" not in told
    assert told["BATON_TWILIO_BASE_URL"].startswith("http://127.0.0.1:")
    assert told["BATON_PUBLIC_URL"] == "https://b.example.com"
    assert told["BATON_API_KEY"] != "outer"


def test_no_two_data_directories_share_a_secret() -> None:
    one, two = Secrets().model_dump(), Secrets().model_dump()
    assert {name for name in one if one[name] == two[name]} == {"twilio_from"}
