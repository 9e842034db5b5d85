"""What people do with the mails they get: the link to a decision is opened and its form is sent."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import time

from tests.journeys.town import SECONDS, Journey

_LINK = re.compile(r"/v1/decisions/[\w-]+\.([\w-]+)\.[\w-]+")
_BROWSER = {"Accept": "text/html"}


async def decides_by_mail(journey: Journey, address: str, number: int, decision: str) -> None:
    """An approver opens the link in their mail about a proposal, looks at the page and sends its form."""
    link = await _link(journey, address, number)
    page = await journey.town.http.get(link, headers=_BROWSER)
    assert page.status_code == 200, page.text
    answer = await journey.town.http.post(link, data={"decision": decision}, headers=_BROWSER)
    assert answer.status_code == 200, answer.text


async def _link(journey: Journey, address: str, number: int) -> str:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        for mail in journey.town.house.mail.mails(to=address):
            found = _LINK.search(mail["text"])
            if found is not None and _claims(found[1]) == (journey.id, number):
                return found[0]
        await asyncio.sleep(0.05)
    raise AssertionError(f"no link to {address} for proposal {number} within {SECONDS} s")


def _claims(part: str) -> tuple[str, int]:
    claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims["complaint"], claims["number"]
