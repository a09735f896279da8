"""A policy without contact windows never meets real vendors: not as the file, not as the active one, not as one that
open leads still follow, and it can't be published where vendors are real."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.errors import BadInput
from domain.messages import Inquiry
from domain.publications import Draft
from policy.load import read_policy
from runtime.container import open_container
from runtime.embedded import environment, ports
from runtime.embedded.state import Secrets
from runtime.settings import REAL_VENDORS, Settings

POLICIES = Path(__file__).parents[3] / "policies"
DEFAULT, ALWAYS_OPEN = POLICIES / "default.yaml", POLICIES / "always_open.yaml"
REFUSED = "no contact windows; it refuses real vendors"
Told = Callable[..., Settings]
VENDORS = ("TWILIO", "SLACK", "HUBSPOT")


def draft() -> Draft:
    loaded = read_policy(ALWAYS_OPEN)
    return Draft(text=loaded.text, packs=dict(loaded.packs), author="ada")


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, database_url: str) -> Told:
    def of(policy: Path, real: str | None = None) -> Settings:
        told = environment.of_children(ports.free(), Secrets(), policy, {}) | {"BATON_DATABASE_URL": database_url}
        if real is not None:
            told |= {f"BATON_{real}_BASE_URL": REAL_VENDORS[VENDORS.index(real)]}
        for name, value in told.items():
            monkeypatch.setenv(name, value)
        return Settings()

    return of


@pytest.mark.parametrize("vendor", VENDORS)
async def test_the_file_without_windows_is_refused_where_one_vendor_is_real(settings: Told, vendor: str) -> None:
    with pytest.raises(BadInput, match=REFUSED):
        async with open_container(settings(ALWAYS_OPEN, vendor)):
            pass


async def test_the_active_one_without_windows_is_refused_whatever_the_file_is(settings: Told) -> None:
    async with open_container(settings(DEFAULT)) as container:
        await container.publishing.publish(draft())

    with pytest.raises(BadInput, match=REFUSED):
        async with open_container(settings(DEFAULT, "TWILIO")):
            pass
    async with open_container(settings(DEFAULT)):
        pass  # with the simulator it may go on


async def test_one_without_windows_that_an_open_lead_follows_is_refused(settings: Told) -> None:
    inquiry = {
        "source": "demo_request",
        "source_event_id": "1",
        "person": {"phone": "512 555 0142"},
        "occurred_at": datetime.now(UTC).isoformat(),
    }
    async with open_container(settings(ALWAYS_OPEN)) as container:
        await container.capture.inquiry(Inquiry.model_validate(inquiry))
    async with open_container(settings(DEFAULT)) as container:  # the file's word counts, so new leads have windows
        assert {each.policy.name for each in container.policies.loaded} == {"default", "always_open"}

    with pytest.raises(BadInput, match=rf"Policy always_open \(\w+\) has {REFUSED}"):
        async with open_container(settings(DEFAULT, "SLACK")):
            pass


async def test_none_without_windows_is_published_where_a_vendor_is_real(settings: Told) -> None:
    async with open_container(settings(DEFAULT, "HUBSPOT")) as container:
        with pytest.raises(BadInput, match=REFUSED):
            await container.publishing.publish(draft())
        assert [each.name for each in (await container.publishing.listed()).versions] == ["default"]
