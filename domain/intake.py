"""What a client files, and what a complaint workflow is opened with."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from domain.actor import Actor
from domain.money import Currency
from domain.order import Customer
from domain.stored import absent, empty

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
# One line: with a line break it would forge the header of a mail.
Contact = Annotated[
    str, Field(pattern=r"^[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f])?$", max_length=254)
]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,63}$")]


class Evidence(BaseModel):
    """A photograph, video or document by reference; its bytes never enter Temporal or the journal."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    uri: str = Field(
        pattern=r"^[a-z][a-z0-9+.-]*:[^\s\x00-\x1f\x7f-\x9f]+$",
        max_length=1000,
        description="Where the file lies: https, s3, oss, cos and other stores of files.",
    )
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the file, in lower-case hex.")
    media_type: str = Field(pattern=r"^[\w.+-]+/[\w.+-]+$", max_length=100, description="Such as image/jpeg or video/mp4.")
    size: int = Field(ge=1, le=2_000_000_000, description="Size in bytes.")
    note: Line | None = Field(default=None, description="What it shows.")


# *online* is the online service where nobody tells the form of the *site* from the *chat*.
Channel = Literal["hotline", "email", "online", "app", "shop", "social", "site", "chat"]
# Grave harm to how the business is seen, passed down from headquarters, who complains, and a superior department's wish.
UrgentCause = Literal["public_harm", "passed_down", "special_identity", "superior_asks"]


class Product(BaseModel):
    """What is complained of, as far as it is known; at least one of the fields (FOO-REG-02)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sku: Line | None = Field(default=None, exclude_if=absent, description="The shop's number of the article.")
    name: Line | None = Field(default=None, exclude_if=absent, description="What it is called.")
    specification: Line | None = Field(default=None, exclude_if=absent, description="Size, flavour, model.")
    lot: Line | None = Field(default=None, exclude_if=absent, description="Lot number on the packaging.")
    produced_on: date | None = Field(default=None, exclude_if=absent, description="Production date on the packaging.")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set or all(getattr(self, name) is None for name in type(self).model_fields):
            raise ValueError("names nothing of the product")
        return self


class Intake(BaseModel):
    """A complaint as filed (HOM-TRN-01, HOM-INS-01, ECO-REC-02, FOO-REG-01..03). The category decides what is required."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    category: Identifier = Field(description="Category id of the tenant's pack, such as transport_damage.")
    channel: Channel = Field(description="How it reached the business.")
    customer: Customer
    content: Prose = Field(description="What happened, in the customer's words. At most 4,000 characters.")
    expectation: Line | None = Field(default=None, description="What the customer wants done.")
    order_number: Identifier | None = Field(default=None, description="Number of the order complained about.")
    installation_address: Line | None = Field(default=None, description="Where the goods were installed.")
    evidence: tuple[Evidence, ...] = Field(default=(), max_length=20, description="Photographs, videos, documents by reference.")
    product: Product | None = Field(default=None, exclude_if=absent, description="The product complained of.")
    occurred_at: AwareDatetime | None = Field(default=None, exclude_if=absent, description="When it happened.")
    bought_through: Line | None = Field(default=None, exclude_if=absent, description="Where it was bought: shop, platform, app.")
    address: Line | None = Field(default=None, exclude_if=absent, description="The customer's address.")
    region: Line | None = Field(default=None, exclude_if=absent, description="Where it happened; batches are told by it.")
    against: Line | None = Field(default=None, exclude_if=absent, description="Whom the complaint is against.")
    against_staff: Identifier | None = Field(
        default=None, exclude_if=absent, description="Staff id of the employee complained of; they never handle it."
    )
    member_tier: Identifier | None = Field(default=None, exclude_if=absent, description="The customer's tier as a member.")
    urgent_causes: tuple[UrgentCause, ...] = Field(
        default=(),
        max_length=4,
        exclude_if=empty,
        description="public_harm: media, public concern, litigation; passed_down: from headquarters; special_identity: of who "
        "complains; superior_asks: a superior department wants an answer.",
    )
    answer_by_at: AwareDatetime | None = Field(
        default=None, exclude_if=absent, description="By when a superior department wants an answer; only with superior_asks."
    )


class Details(BaseModel):
    """What a form would have asked and was found out later. What is left out stays as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    against_staff: Identifier | None = Field(
        default=None, exclude_if=absent, description="Staff id of the employee complained of; they do not handle it from now on."
    )
    against: Line | None = Field(default=None, exclude_if=absent, description="Whom the complaint is against.")
    order_number: Identifier | None = Field(
        default=None, exclude_if=absent, description="Number of the order, where none was named; it is looked up."
    )
    customer_id: Contact | None = Field(
        default=None, max_length=64, exclude_if=absent, description="The shop's id of the customer, where unknown."
    )
    phone: Contact | None = Field(
        default=None, max_length=32, exclude_if=absent, description="Telephone of the customer, where unknown."
    )
    email: Contact | None = Field(default=None, exclude_if=absent, description="E-mail of the customer, where unknown.")
    expectation: Line | None = Field(default=None, exclude_if=absent, description="What the customer wants done.")
    product: Product | None = Field(
        default=None, exclude_if=absent, description="What is known of the product, added field by field."
    )
    occurred_at: AwareDatetime | None = Field(default=None, exclude_if=absent, description="When it happened.")
    bought_through: Line | None = Field(default=None, exclude_if=absent, description="Where it was bought.")
    address: Line | None = Field(default=None, exclude_if=absent, description="The customer's address.")
    installation_address: Line | None = Field(default=None, exclude_if=absent, description="Where the goods were installed.")
    region: Line | None = Field(default=None, exclude_if=absent, description="Where it happened.")

    def given(self) -> dict[str, Any]:
        """What is said, by field."""
        return {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}


# Who complains, and of which order: added where it was not known, and never changed.
OF_THE_CUSTOMER = ("customer_id", "phone", "email")


def supplemented(intake: Intake, details: Details) -> Intake:
    """The intake with what was found out since."""
    given = details.given()
    person = {name: given.pop(name) for name in OF_THE_CUSTOMER if name in given}
    if details.product is not None and intake.product is not None:
        known = {name: getattr(details.product, name) for name in Product.model_fields}
        given["product"] = intake.product.model_copy(update={name: value for name, value in known.items() if value is not None})
    return intake.model_copy(update={**given, "customer": intake.customer.model_copy(update=person)})


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
