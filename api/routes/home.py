"""The page at "/": which leads there are and what each waits for. Ids, stages and moments; nothing of a person."""

import html
from collections.abc import Iterator, Sequence
from datetime import datetime

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from api.services import services_of
from domain.views import LeadFilter, LeadSummary

SHOWN = 200
HEADINGS = ("lead", "source", "stage", "owner", "motion", "band", "next", "due", "SLA due")

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#1c1c1c}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #ddd}"
    ".stopped{background:#b3261e;color:#fff;padding:.5rem 1rem;font-weight:600}"
    "td{font-variant-numeric:tabular-nums}code{font-size:.85em}"
)

router = APIRouter(include_in_schema=False)


@router.get("/")
async def home(request: Request) -> HTMLResponse:
    """Leads, newest first."""
    services = services_of(request)
    told = (await services.switches.standing()).in_short
    page = await services.views.list_leads(services.settings.tenant, LeadFilter(), SHOWN)
    return HTMLResponse("".join(_page(page.leads, page.cursor is not None, told)))


def _page(leads: Sequence[LeadSummary], more: bool, told: Sequence[str]) -> Iterator[str]:
    counted = f"{len(leads)} lead{'' if len(leads) == 1 else 's'}"
    shown = f"The newest {counted}; there are more." if more else f"{counted}, newest first."
    yield f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Baton</title><style>{_STYLE}</style>'
    yield f"<h1>Baton</h1><p>{shown} Times are each lead's own clock, UTC.</p>"
    yield from (f'<p class="stopped" role="status">{html.escape(line)}</p>' for line in told)
    yield f"<table><thead><tr>{''.join(f'<th scope=col>{heading}</th>' for heading in HEADINGS)}</tr></thead><tbody>"
    yield from (f"<tr>{''.join(_cells(lead))}</tr>" for lead in leads)
    yield "</tbody></table></html>"


def _cells(lead: LeadSummary) -> Iterator[str]:
    owner = lead.owner or lead.queue
    due = (lead.next_action, _moment(lead.next_action_at), _moment(lead.sla_due_at))
    for value in (lead.lead_id, lead.source, lead.stage, owner, lead.motion, lead.band, *due):
        yield f"<td>{html.escape(value or '')}</td>"


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else ""
