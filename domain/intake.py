"""What a client files, and what a complaint workflow is opened with."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from domain.actor import Actor
from domain.money import Currency
from domain.order import Customer

# Line feed and tab are part of what people write; every other control character is an accident or an attack.
_ALLOWED_CONTROLS = {"\n", "\t"}


def _without_control_characters(text: str) -> str:
    for character in text:
        if (ord(character) < 32 and character not in _ALLOWED_CONTROLS) or 127 <= ord(character) < 160:
            raise ValueError(f"contains the control character U+{ord(character):04X}")
        if 0xD800 <= ord(character) <= 0xDFFF:
            raise ValueError("contains half a surrogate pair")
    if not text.strip():
        raise ValueError("is blank")
    return text


Text = Annotated[str, AfterValidator(_without_control_characters)]
Line = Annotated[Text, Field(max_length=200)]
Prose = Annotated[Text, Field(max_length=4000)]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,63}$")]


class Evidence(BaseModel):
    """A photograph, video or document by reference; its bytes never enter Temporal or the journal."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    uri: str = Field(pattern=r"^[a-z][a-z0-9+.-]*:[^\s\x00-\x1f\x7f-\x9f]+$", max_length=1000, description="Where the file lies.")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the file, in lower-case hex.")
    media_type: str = Field(pattern=r"^[\w.+-]+/[\w.+-]+$", max_length=100, description="Such as image/jpeg or video/mp4.")
    size: int = Field(ge=1, le=2_000_000_000, description="Size in bytes.")
    note: Line | None = Field(default=None, description="What it shows.")


class Intake(BaseModel):
    """A complaint as filed (HOM-TRN-01, HOM-TRN-02, HOM-INS-01). The category decides which fields are required."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    category: Identifier = Field(description="Category id of the tenant's pack, such as transport_damage.")
    channel: Literal["hotline", "email", "online", "app", "shop", "social"] = Field(description="How it reached the business.")
    customer: Customer
    content: Prose = Field(description="What happened, in the customer's words. At most 4,000 characters.")
    expectation: Line | None = Field(default=None, description="What the customer wants done.")
    order_number: Identifier | None = Field(default=None, description="Number of the order complained about.")
    installation_address: Line | None = Field(default=None, description="Where the goods were installed.")
    evidence: tuple[Evidence, ...] = Field(default=(), max_length=20, description="Photographs, videos, documents by reference.")


class Opening(BaseModel):
    """The one argument of a complaint workflow: everything pinned at the moment of receipt."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tenant: Identifier
    complaint_id: Identifier
    received_at: AwareDatetime
    filed_by: Actor
    intake: Intake
    pack: str = Field(description="Pinned pack, such as home@2026-11.")
    pack_digest: str = Field(description="SHA-256 of that pack's file.")
    zone: str = Field(description="IANA time zone of the tenant, for what people read.")
    currency: Currency
