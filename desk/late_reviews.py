"""Reviews that have reached no supervisor by their day, by tenant."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from temporalio.client import Client

from desk.translate import temporal_errors
from workflows.operator_view import STAGE, TENANT
from workflows.review import REVIEW_LATE

_PATIENCE = timedelta(seconds=2)
_MOST = 100


async def late_reviews(client: Client) -> Counter[str]:
    """Those that are tried on, and those that were given up. Raises TemporalAway, NobodyAnswered."""
    found = client.list_workflows(f"{STAGE.name} = '{REVIEW_LATE}'", limit=_MOST, rpc_timeout=_PATIENCE)
    with temporal_errors():
        return Counter([each.typed_search_attributes.get(TENANT) or "" async for each in found])
