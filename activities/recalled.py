"""Takes texts back at the vendor that are still there when the person replies or says stop. Runs in the API, as
fault_alerts.py does: it needs no lead, which may have ended, and its rows are there until the vendor answered."""

from datetime import timedelta

import structlog

from domain.errors import BatonError
from domain.recalls import Cancels, Recall, Recalls

AGAIN = timedelta(seconds=20)
"""A text that the vendor said nothing of is tried again after this; longer than one attempt takes."""

LIMIT = 20
log = structlog.get_logger()


class TakingBack:
    """One tenant's."""

    def __init__(self, tenant: str, recalls: Recalls, vendor: Cancels) -> None:
        self._tenant = tenant
        self._recalls = recalls
        self._vendor = vendor

    async def sweep(self) -> int:
        """Try to take back what is to be; how many won't go. What failed is left for a later sweep."""
        found = await self._recalls.take(self._tenant, AGAIN, LIMIT)
        return len([recall for recall in found if await self._take_back(recall)])

    async def _take_back(self, recall: Recall) -> bool:
        try:
            taken_back = await self._vendor.cancel(recall.vendor_id)
        except BatonError as error:
            log.warning("recall_later", touch=recall.touch_id, error=error.code)
            return False
        await self._recalls.settled(recall.touch_id, taken_back)
        return taken_back
