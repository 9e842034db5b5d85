"""Decision links: signed for one person, one complaint and one proposal. They open that decision and nothing else of the API."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from settings.identity import listed
from settings.signing import DECISION_ISSUER, sign

if TYPE_CHECKING:
    from settings import Settings

# Longer than any approver is given, reminders included; a link ends sooner when its proposal is decided.
HOLDS = timedelta(days=7)


def decision_secrets(settings: Settings) -> tuple[str, ...]:
    """The first signs, all are accepted. Without any of their own, the token key where tokens are our own; else none."""
    own = (settings.token_key,) if settings.token_key and not settings.oidc_issuer else ()
    return listed(settings.decision_link_keys) or own


def sign_decision(secret: str, tenant: str, person: str, complaint_id: str, number: int, holds: timedelta = HOLDS) -> str:
    """The token of a decision link."""
    now = int(time.time())
    claims = {"sub": person, "tenant": tenant, "complaint": complaint_id, "number": number, "iat": now}
    return sign(secret, DECISION_ISSUER, {**claims, "exp": now + int(holds.total_seconds())})
