"""Where the keys of the personal data in Temporal lie, and who else may open what they seal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from settings.language import text

# Made by the embedded stack.
DEV_CODEC_KEY = Path("var") / "codec.key"
DEV_DATA_KEYS = Path("var") / "data.keys"


class SealingSettings(BaseSettings):
    """Part of `Settings`."""

    model_config = SettingsConfigDict(use_attribute_docstrings=True)

    data_keys_file: Path = DEV_DATA_KEYS
    """The file with the keys of the personal data in Temporal (`python -m sealing make`). Erasures rewrite it."""
    codec_key: Annotated[str, Field(repr=False)] = ""
    """Opens payloads of every tenant, at /codec/<key>: for a Temporal UI on this machine, which has no login.
    Empty: the one that `make up` made in var/codec.key, or none, and an operator's token is needed."""
    temporal_ui_url: str = ""
    """Where people open the Temporal UI: its pages may ask the codec. Empty: http://127.0.0.1:<temporal_ui_port>."""

    @field_validator("codec_key")
    @classmethod
    def _is_no_guess(cls, value: str) -> str:
        if value and not (len(value) >= 32 and value.isascii() and value.replace("-", "").replace("_", "").isalnum()):
            raise ValueError(text("expected 32 or more letters, digits, - and _", "应为至少 32 个字符，仅限字母、数字、- 和 _"))
        return value

    @model_validator(mode="after")
    def _own_key(self) -> Self:
        if not self.codec_key and DEV_CODEC_KEY.is_file():
            object.__setattr__(self, "codec_key", DEV_CODEC_KEY.read_text(encoding="ascii").strip())
        return self
