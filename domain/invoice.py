"""What has to stand on a new invoice."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.stored import absent

_Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$")]


class Invoice(BaseModel):
    """Title, tax number and content as the customer wants them; one line each (GRO-INV-02)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: _Line = Field(description="In whose name: a company, or a person.")
    tax_number: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,32}$")] | None = Field(
        default=None, exclude_if=absent, description="Taxpayer's number of a company; a person has none."
    )
    content: _Line = Field(description="What was bought, as it is called on the invoice.")
