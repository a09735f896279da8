"""Names that outlive a deploy: task queues, workflow ids, search attributes. Changing one is a migration."""

from temporalio.common import SearchAttributeKey

LEADS = "leads"
"""Queue of workflows, decisions and records."""

SMS = "sms"
CHAT = "chat"
CRM = "crm"
VOICE = "voice"
COMPANIES = "companies"
"""Queue of questions to the provider of companies' figures. Where none is set nobody polls it, and nobody waits."""

RECONCILE = "reconcile"
"""Queue of the nightly reconciliation, so that no lead waits for it."""

STAGE = SearchAttributeKey.for_keyword("LeadStage")
OWNER = SearchAttributeKey.for_keyword("LeadOwner")
TENANT = SearchAttributeKey.for_keyword("LeadTenant")
SOURCE = SearchAttributeKey.for_keyword("LeadSource")
BAND = SearchAttributeKey.for_keyword("LeadBand")
MOTION = SearchAttributeKey.for_keyword("LeadMotion")
OUTCOME = SearchAttributeKey.for_keyword("LeadOutcome")
NEXT_ACTION_AT = SearchAttributeKey.for_datetime("LeadNextActionAt")
SLA_DUE_AT = SearchAttributeKey.for_datetime("LeadSlaDueAt")
BREACHED = SearchAttributeKey.for_bool("LeadBreached")
SCORE = SearchAttributeKey.for_int("LeadScore")


def call_workflow_id(tenant: str, call_id: str) -> str:
    """The workflow id of a call; both parts are opaque."""
    return f"call/{tenant}/{call_id}"


def reconcile_id(tenant: str, asked: str | None = None) -> str:
    """The id of the nightly reconciliation's schedule, and of its workflows; `asked`: of one somebody asked for."""
    return f"reconcile/{tenant}" + (f"/{asked}" if asked else "")


def lead_workflow_id(tenant: str, lead_id: str) -> str:
    """The workflow id of a lead; both parts are opaque, so it is safe to show."""
    return f"lead/{tenant}/{lead_id}"
