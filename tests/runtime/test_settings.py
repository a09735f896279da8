"""Settings refuse what would leave a door open, and name the variable without saying its value."""

import base64
import os
from pathlib import Path

import pytest

from domain.errors import BadInput
from runtime.embedded import environment, ports
from runtime.embedded.state import Secrets
from runtime.settings import read_settings

SECRETS = (
    "API_KEY",
    "WEBHOOK_SECRET",
    "TWILIO_AUTH_TOKEN",
    "SLACK_TOKEN",
    "SLACK_SIGNING_SECRET",
    "HUBSPOT_TOKEN",
    "HUBSPOT_CLIENT_SECRET",
    "TEMPORAL_API_KEY",
)


@pytest.fixture(autouse=True)
def complete(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of an embedded stack's children, and no other BATON_* variable."""
    for name in os.environ:
        if name.startswith("BATON_"):
            monkeypatch.delenv(name)
    for name, value in environment.of_children(ports.free(), Secrets(), Path("mine.yaml"), {}).items():
        monkeypatch.setenv(name, value)


def refusal() -> str:
    with pytest.raises(BadInput) as refused:
        read_settings()
    return str(refused.value)


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("value", ["", "fifteen-letters", " " * 32, "sixteen letters ñ", "sixteen-letters-\n"])
def test_a_secret_that_is_empty_short_or_not_plain_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"BATON_{name}", value)
    said = refusal()
    assert f"  BATON_{name} must be" in said
    assert not value.strip() or value not in said


def test_what_may_be_left_out_may_be_empty_but_not_half_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_ENRICHMENT_URL", "")
    monkeypatch.setenv("BATON_ENRICHMENT_KEY", "")
    assert (read_settings().enrichment_url, read_settings().enrichment_key) == (None, None)
    monkeypatch.setenv("BATON_ENRICHMENT_URL", "https://figures.example.com")
    assert "BATON_ENRICHMENT_KEY is not set, and BATON_ENRICHMENT_URL needs it" in refusal()


@pytest.mark.parametrize(
    "value", ["whsec_not-base64-but-long-enough!", "whsec_" + base64.b64encode(bytes(23)).decode()]
)
def test_a_webhook_secret_is_twenty_four_bytes_in_base64(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("BATON_WEBHOOK_SECRET", value)
    assert "BATON_WEBHOOK_SECRET must be whsec_ and 24 or more random bytes in base64" in refusal()


def test_everything_wrong_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BATON_PUBLIC_URL")
    monkeypatch.setenv("BATON_DATABASE_URL", "")
    monkeypatch.setenv("BATON_API_KEY", "")
    monkeypatch.setenv("BATON_API_PORT", "http")
    named = refusal().splitlines()[1:]
    assert named[0] == "  BATON_DATABASE_URL is empty"
    assert named[2] == "  BATON_PUBLIC_URL is not set"
    assert [line.split()[0] for line in named[1::2]] == ["BATON_API_PORT", "BATON_API_KEY"]


def test_the_secrets_of_an_embedded_stack_and_sixteen_plain_characters_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_API_KEY", "sixteen-letters!")
    assert read_settings().api_key.get_secret_value() == "sixteen-letters!"


@pytest.mark.parametrize("url", ["ftp://figures.example", "figures.example", "https://", "https:///companies"])
def test_an_address_of_companies_figures_is_one_of_the_web(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("BATON_ENRICHMENT_URL", url)
    monkeypatch.setenv("BATON_ENRICHMENT_KEY", "k" * 16)
    assert [line.split()[0] for line in refusal().splitlines()[1:]] == ["BATON_ENRICHMENT_URL"]


def test_an_address_of_companies_figures_needs_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_ENRICHMENT_URL", "https://figures.example/companies")
    assert refusal().splitlines()[1:] == ["  BATON_ENRICHMENT_KEY is not set, and BATON_ENRICHMENT_URL needs it"]
    monkeypatch.setenv("BATON_ENRICHMENT_KEY", "k" * 16)
    assert read_settings().enrichment_url == "https://figures.example/companies"


def test_a_stack_passes_on_the_provider_its_person_set(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {"BATON_ENRICHMENT_URL": "https://figures.example", "BATON_ENRICHMENT_KEY": "k" * 16}
    told = environment.of_children(ports.free(), Secrets(), Path("mine.yaml"), own)
    assert {name: told.get(name) for name in own} == own
    assert not [
        name for name in environment.of_children(ports.free(), Secrets(), Path("mine.yaml"), {}) if "ENRICH" in name
    ]
    assert environment.real_vendors(own) == []
