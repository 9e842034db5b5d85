"""Webhooks of a company: who else hears what happens to its complaints, and what they are told: ids, never a person's data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from domain.case import Case
from domain.journal import CallOffAsked, CallOffRefused, Closed, Entry, StepDone, StepFailed, StepOrdered, StepSettled
from domain.promise_events import Acknowledged, DeadlineMissed, Escalated
from domain.service_hours import fault

# What a subscriber may hear, and the entries of the journal that say it. What is left out concerns only the desk itself.
KINDS: dict[str, tuple[str, ...]] = {
    "complaint.received": ("received",),
    "complaint.assigned": ("assigned", "handed_over"),
    "complaint.responded": ("responded",),
    "complaint.verified": ("verified",),
    "complaint.assessed": ("assessed",),
    "complaint.proposed": ("proposed",),
    "complaint.approved": ("approved",),
    "complaint.offered": ("offered",),
    "complaint.accepted": ("accepted",),
    "complaint.declined": ("declined",),
    "complaint.appealed": ("appealed",),
    "complaint.step_ordered": ("step_ordered",),
    "complaint.step_done": ("step_done",),
    "complaint.step_failed": ("step_failed",),
    "complaint.carried_out": ("carried_out",),
    "complaint.confirmed": ("confirmed",),
    "complaint.paused": ("paused",),
    "complaint.resumed": ("resumed",),
    "complaint.deadline_missed": ("deadline_missed",),
    "complaint.escalated": ("escalated", "escalated_by_hand"),
    "complaint.acknowledged": ("acknowledged",),
    "complaint.withdrawn": ("withdrawn",),
    "complaint.reopened": ("reopened",),
    "complaint.closed": ("closed",),
    "complaint.time_promised": ("time_promised",),
    "complaint.followed_up": ("followed_up",),
    "complaint.survey_answered": ("survey_answered",),
}
_TYPE_OF = {kind: name for name, kinds in KINDS.items() for kind in kinds}


def _known_event(name: str) -> str:
    if name not in KINDS:
        raise fault(f"there is no event {name!r}; there are: {', '.join(KINDS)}", f"没有事件“{name}”；可选：{'、'.join(KINDS)}")
    return name


def _is_secret(secret: str) -> str:
    # Told without the value.
    if secret.startswith("env:"):
        if re.fullmatch(r"env:[A-Za-z_][A-Za-z0-9_]*", secret):
            return secret
    elif re.fullmatch(r"whsec_[A-Za-z0-9+/]{32,}={0,2}", secret) and len(secret.removeprefix("whsec_")) % 4 == 0:
        return secret
    en = "write env:NAME for a variable that holds the secret, or whsec_ and at least 24 bytes in base64"
    raise fault(en, "请写 env:变量名（由环境变量提供密钥），或 whsec_ 加至少 24 字节的 base64")


def _is_address(url: str) -> str:
    # Told without the value: the address itself may hold a key.
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("https", "http") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if not good or not url.isprintable() or " " in url or "@" in urlsplit(url).netloc:
        en = "must be an address that begins with https:// and holds no user name"
        raise fault(en, "应为以 https:// 开头、不含用户名的地址")
    return url


Secret = Annotated[str, AfterValidator(_is_secret)]


class Subscription(BaseModel):
    """One address that hears of the company's complaints."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$", description="Names it in lists of deliveries; never used again.")
    url: Annotated[str, AfterValidator(_is_address)] = Field(repr=False, max_length=2000)
    secrets: tuple[Secret, ...] = Field(
        repr=False, min_length=1, max_length=4, description="Each signs, so that one can be replaced without a gap."
    )
    events: tuple[Annotated[str, AfterValidator(_known_event)], ...] = Field(
        default=(), description="What it hears; empty: everything."
    )

    @property
    def host(self) -> str:
        """Where it is, without the path and query, which may hold a key."""
        return urlsplit(self.url).netloc

    def wants(self, event: str) -> bool:
        return not self.events or event in self.events


class NewsData(BaseModel):
    """What is told: where to look, and the order of what happened to one complaint."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tenant: str
    complaint_id: str
    sequence: int = Field(description="Place in the complaint's journal: a higher one happened later; numbers may be missing.")
    deadline: str | None = Field(default=None, description="For deadlines: which promise, as the policy pack names it.")
    step: str | None = Field(default=None, description="For steps of a remedy: which one.")
    outcome: str | None = Field(default=None, description="For closed: how it ended.")


class News(BaseModel):
    """The body of a webhook, in the form of the Standard Webhooks specification."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str
    timestamp: AwareDatetime
    data: NewsData


class Announcement(BaseModel):
    """One piece of news for one subscription."""

    model_config = ConfigDict(frozen=True)

    endpoint: str
    type: str
    sequence: int
    at: AwareDatetime
    body: str


def announcements(subscriptions: Iterable[Subscription], entries: Sequence[Entry], case: Case) -> list[Announcement]:
    """What the subscribers of a company are to hear of these entries."""
    told = []
    subscribed = tuple(subscriptions)
    for entry in entries if subscribed else ():
        name = _TYPE_OF.get(entry.event.kind)
        wanting = [each.id for each in subscribed if name is not None and each.wants(name)]
        if name is None or not wanting:
            continue
        data = NewsData(tenant=case.tenant, complaint_id=case.complaint_id, sequence=entry.seq, **_particulars(entry.event))
        body = News(type=name, timestamp=entry.at, data=data).model_dump_json(exclude_none=True)
        told += [Announcement(endpoint=each, type=name, sequence=entry.seq, at=entry.at, body=body) for each in wanting]
    return told


def _particulars(event: Any) -> dict[Literal["deadline", "step", "outcome"] | str, str]:
    match event:
        case DeadlineMissed() | Escalated() | Acknowledged():
            # A promise's key is the pack's row, and behind a slash which time it runs.
            return {"deadline": event.key.split("/")[0]}
        case StepOrdered() | StepDone() | StepFailed() | StepSettled() | CallOffAsked() | CallOffRefused():
            return {"step": event.step}
        case Closed():
            return {"outcome": event.outcome}
    return {}
