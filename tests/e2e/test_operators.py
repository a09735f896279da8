"""What ops see of a running lead in the Temporal UI, in a real browser: stage, owner, next deadline, in words."""

import os
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import pytest
import pytest_asyncio
from playwright.async_api import Page, async_playwright, expect

from tests.e2e.stand import Stand

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 30_000
NEXT = re.compile(r"Next: warn that the SLA is running out at \w{3} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC")


@pytest_asyncio.fixture(loop_scope="session")
async def page() -> AsyncIterator[Page]:
    """A page of the machine's own Chromium; nothing is downloaded."""
    found = os.environ.get("BATON_TEST_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("there is no Chromium on this machine; name one in BATON_TEST_BROWSER")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield await browser.new_page(viewport={"width": 1400, "height": 1000})
        await browser.close()


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots are kept: the folder BATON_TEST_SCREENS names, for whoever wants to look."""
    wanted = os.environ.get("BATON_TEST_SCREENS")
    return Path(wanted) if wanted else tmp_path_factory.mktemp("screens")


async def test_a_leads_page_says_where_it_stands_in_words(stand: Stand, page: Page, shots: Path) -> None:
    lead_id = await stand.arrives(stand.someone(), "missed_call")
    row = await stand.reaches(lead_id, stage="waiting_for_contact")
    base = f"{stand.rig.status().urls.temporal_ui}/namespaces/default/workflows"
    await page.goto(f"{base}/{quote(f'lead/main/{lead_id}', safe='')}")
    await expect(page.locator("main")).to_contain_text("next: warn that the SLA is running out", timeout=PATIENCE)
    await page.screenshot(path=shots / "timeline.png", full_page=True)
    await page.get_by_role("tab", name="User Metadata").click()
    # The page renders the panel's Markdown in a frame of its own, below the summary's.
    details = page.frame_locator("iframe").last.locator("body")
    await expect(details).to_contain_text("Stage: waiting for contact", timeout=PATIENCE)
    await expect(details).to_contain_text(f"Owner: {row['owner']}")
    await expect(details).to_contain_text(NEXT)
    await page.screenshot(path=shots / "lead.png", full_page=True)


async def test_the_list_of_leads_can_be_searched_by_stage(stand: Stand, page: Page, shots: Path) -> None:
    lead_id = await stand.arrives(stand.someone(), "missed_call")
    await stand.reaches(lead_id, stage="waiting_for_contact")
    query = quote(f"LeadStage='waiting_for_contact' AND WorkflowId='lead/main/{lead_id}'")
    await page.goto(f"{stand.rig.status().urls.temporal_ui}/namespaces/default/workflows?query={query}")
    await expect(page.get_by_text(f"lead/main/{lead_id}").first).to_be_visible(timeout=PATIENCE)
    await page.screenshot(path=shots / "list.png", full_page=True)
    await page.goto(str(stand.rig.status().urls.console))
    await expect(page.get_by_text(lead_id).first).to_be_visible(timeout=PATIENCE)
    await page.screenshot(path=shots / "console.png")
