"""The real clients against the real partner program, for the tests of every port."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from adapters.http import partner_client
from tests.doubles import PartnerService
from tests.partners.conftest import key, mail_sink, order_number, partner_service, running_partners

__all__ = ["client", "key", "mail_sink", "order_number", "partner_service", "running_partners"]


@pytest.fixture
async def client(partner_service: PartnerService) -> AsyncIterator[httpx.AsyncClient]:
    """Connections to the partners that lose patience long after a busy machine has answered."""
    async with partner_client(partner_service.url, read_timeout=timedelta(seconds=3)) as connections:
        yield connections
