"""What the API lets in and how much of it, and where our own webhooks may go."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class EdgeSettings(BaseSettings):
    """Part of `Settings`."""

    model_config = SettingsConfigDict(use_attribute_docstrings=True)

    caller_requests_per_second: Annotated[int, Field(ge=0, le=1_000_000)] = 1_000
    """How often one caller (person, program or key) may ask each API process in the long run. 0: as often as it likes."""
    caller_burst: Annotated[int, Field(ge=1, le=1_000_000)] = 5_000
    """How many requests of one caller may come at once before that limit holds."""
    refusals_per_minute: Annotated[int, Field(ge=0, le=1_000_000)] = 600
    """How often one address may be refused for a wrong token or signature before it has to wait. 0: as often as it likes."""

    allowed_hosts: str = "*"
    """Host names that the API answers to, parted by commas; *.example.com stands for all below it, * for any."""
    trusted_proxies: str = ""
    """Addresses or networks of proxies whose X-Forwarded-For and -Proto are believed, parted by commas. Empty: none."""
    behind_tls: bool = False
    """Whether the API is reached by https only: browsers are then told to insist on it (HSTS)."""

    webhooks_to_private_addresses: bool = False
    """Whether webhooks may go to addresses of the own network and by plain http, as for development."""
