"""How complaints are named: the same tenant and key give the same id for ever, on every machine and without asking anybody."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import NamedTuple

# An effect key, `<tenant>:<complaint>/<cycle>/<step>`, names its complaint, so that a partner's news finds it without a look-up.
_EFFECT_KEY = re.compile(r"^(?P<tenant>[^:/\s]{1,64}):(?P<complaint>(?:cmp|inc)_[a-z2-7]{26})/[0-9]{1,9}/\S{1,100}$")
_COMPLAINT_ID = re.compile(r"cmp_[a-z2-7]{26}")


class ComplaintName(NamedTuple):
    """A complaint within its tenant; in an effect key it may be an incident, which has effects of its own."""

    tenant: str
    complaint_id: str

    @property
    def workflow_id(self) -> str:
        kind = "incident" if self.complaint_id.startswith("inc_") else "complaint"
        return f"{kind}/{self.tenant}/{self.complaint_id}"


def complaint_id(tenant: str, key: str) -> str:
    """`cmp_` and 130 bits of the SHA-256 of tenant and idempotency key: two complaints never meet, one key never makes two."""
    digest = hashlib.sha256(f"{tenant}\0{key}".encode()).digest()
    return "cmp_" + base64.b32encode(digest).decode("ascii").lower()[:26]


def is_complaint_id(text: str) -> bool:
    """Whether a text could be an id made here."""
    return _COMPLAINT_ID.fullmatch(text) is not None


def named_by_effect(key: str) -> ComplaintName | None:
    """The complaint that an effect belongs to; None when the key is not one of ours."""
    found = _EFFECT_KEY.match(key)
    return ComplaintName(found["tenant"], found["complaint"]) if found else None
