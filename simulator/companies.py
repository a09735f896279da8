"""A provider of companies' figures, by our own contract (docs/qualification.md); what it knows is set under /sim."""

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.journal import Journal

PATH = "/enrichment/companies"


class Company(BaseModel):
    """POST /sim/companies. `raw` is sent as it is, in place of figures: what a broken provider says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    domain: str = Field(pattern=r"^[a-z0-9.-]{1,253}$")
    figures: dict[str, JsonValue] = Field(default_factory=dict)
    raw: str | None = None


class Companies:
    """All companies it knows, by domain."""

    def __init__(self, key: str, journal: Journal) -> None:
        self._key = key
        self._journal = journal
        self._known = {domain: Company.model_validate(value) for domain, value in journal.read("company").items()}

    def routes(self) -> list[Route]:
        return [Route(PATH, self._find, methods=["GET"])]

    def clear(self) -> None:
        self._known.clear()

    def set(self, company: Company) -> None:
        self._known[company.domain] = company
        self._journal.put("company", company.domain, company)

    async def _find(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {self._key}":
            return JSONResponse({"error": "unauthorized"}, status_code=401)
        domain = request.query_params.get("domain", "")
        if not domain:
            return JSONResponse({"error": "domain is missing"}, status_code=400)
        company = self._known.get(domain)
        if company is None:
            return JSONResponse({"error": "unknown company"}, status_code=404)
        if company.raw is not None:
            return Response(company.raw, media_type="application/json")
        return JSONResponse(company.figures)
