"""Five thousand leads of somebody else's making (the generator leadforge: a B2B company's CRM) go through simulate, and
every one of them is somebody's, on a track, or closed with a reason."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from leadforge.api.generator import Generator
from leadforge.core.models import WorldBundle
from typer.testing import CliRunner

from runtime.cli.main import app
from tests.policy import cases

LEADS = 5000
SOURCES = {
    "inbound_marketing": "content_download",
    "sdr_outbound": "import",
    "partner_referral": "referral",
    "event": "webinar",
}
AREA_CODES = ("512", "312", "305", "415", "206", "617", "303", "602", "404", "808")
DIALS_ABROAD = {"UK": "+4420794600", "EU": "+4930901820", "APAC": "+6129374400"}


@pytest.fixture(scope="module")
def crm() -> WorldBundle:
    """A company's accounts, contacts and leads, the same every time."""
    made = Generator.from_recipe(
        "b2b_saas_procurement_v1", seed=42, n_leads=LEADS, n_accounts=1500, n_contacts=4200
    ).generate()
    assert isinstance(made, WorldBundle)
    return made


def _rows(crm: WorldBundle) -> Iterator[dict[str, str]]:
    """The generator's leads as the data contract has them."""
    contacts = {each.contact_id: each for each in crm.population.contacts}
    accounts = {each.account_id: each for each in crm.population.accounts}
    for number, lead in enumerate(crm.population.leads):
        contact, account = contacts[lead.contact_id], accounts[lead.account_id]
        who, company = int(contact.contact_id.removeprefix("cnt_")), account.account_id.removeprefix("acct_")
        is_private = contact.email_domain_type != "corporate"
        yield {
            "source": SOURCES.get(lead.lead_source, lead.lead_source),
            "source_event_id": lead.lead_id,
            "occurred_at": f"{lead.lead_created_at}T{14 + number % 12:02d}:{number % 60:02d}:00Z".replace(
                "T24", "T10"
            ).replace("T25", "T11"),
            "name": f"Contact {who}",
            "phone": _phone(account.region, who),
            "email": f"c{who}@" + ("gmail.com" if is_private else f"company{company}.example"),
            "company": account.company_name,
            "title": contact.job_title,
            "country": "" if account.region in DIALS_ABROAD else "US",
            "consent_sms": "true" if number % 3 else "",
            "consent_call": "true" if number % 2 else "",
            "consent_kind": ("express", "inquiry", "none")[number % 3],
        }


def _phone(region: str, who: int) -> str:
    if who % 11 == 0:
        return ""
    return (
        f"{DIALS_ABROAD[region]}{who % 100:02d}"
        if region in DIALS_ABROAD
        else f"+1{AREA_CODES[who % 10]}{2_000_000 + who}"
    )


def test_five_thousand_leads_of_another_maker_are_each_owned_or_closed_with_a_reason(
    crm: WorldBundle, tmp_path: Path
) -> None:
    leads = tmp_path / "leads.csv"
    with leads.open("w", newline="", encoding="utf-8") as out:
        rows = list(_rows(crm))
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)

    default = str(cases.POLICIES / "default.yaml")
    result = CliRunner().invoke(app, ["policy", "simulate", "--policy", default, "--leads", str(leads), "--json"])

    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    kept = sum(sum(told[by].values()) for by in ("by_owner", "by_queue", "by_track", "closed"))
    assert told["leads"] == LEADS == kept + told["joined"]
    assert (told["unowned"], told["faults"]) == (0, {})
    assert all(reason for reason in told["closed"])
    assert sum(told["by_source"][source]["leads"] for source in told["by_source"]) == LEADS
