"""What people read, in both languages that count."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from domain.order import Locale


def fault(en: str, zh: str) -> PydanticCustomError:
    """What a validator raises: what is wrong and what to write, in both languages."""
    # The words are arguments of the template, so that braces in them mean nothing.
    return PydanticCustomError("pack", "{en}", {"en": en, "zh": zh})


class Row(BaseModel):
    """Base of everything in a pack: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Wording(Row):
    """One text in Chinese and English; neither is a translation that may be left out."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def in_language(self, locale: Locale) -> str:
        return self.zh if locale == "zh-CN" else self.en


Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$", description="Id of a row: lower-case words with underscores.")]
ClauseId = Annotated[str, Field(pattern=r"^[A-Z]{3,8}(-[A-Z0-9]{1,12}){1,4}$", description="Such as HOM-TRN-03 or HOUSE-VERIFY.")]
