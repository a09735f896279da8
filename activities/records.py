"""The read model of leads: lists, details and the lead's story in PostgreSQL. Idempotent; no touches."""

from datetime import datetime

from temporalio import activity

from domain.lead import Lead
from domain.ports import Records


class LeadRecords:
    """Writes leads down for workflows."""

    def __init__(self, records: Records) -> None:
        self._records = records

    @activity.defn(name="write_down")
    async def write(self, lead: Lead, as_of: datetime) -> None:
        """Bring list, detail and story up to the lead's seq; a stale write changes nothing."""
        await self._records.write(lead, as_of)

    @activity.defn(name="close_record")
    async def close(self, lead: Lead, as_of: datetime) -> None:
        """Close the record, so that the person's next message opens a new lead; hand back messages the lead never
        saw."""
        await self._records.close(lead, as_of)
