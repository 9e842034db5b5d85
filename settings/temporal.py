"""How the processes reach a Temporal cluster of one's own or Temporal Cloud, and under which version a worker runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from settings.language import text


class TemporalSettings(BaseSettings):
    """Part of `Settings`. The defaults fit the embedded stack: no encryption, nobody asks who calls, one version."""

    model_config = SettingsConfigDict(use_attribute_docstrings=True)

    temporal_tls: Literal["auto", "always", "never"] = "auto"
    """Encryption of the line to Temporal: auto as soon as one of its certificates or an API key is set, always, never."""
    temporal_tls_ca: Path | None = None
    """File (PEM) with the authority that signed Temporal's certificate. Empty: one of those that the system trusts."""
    temporal_tls_cert: Path | None = None
    """File (PEM) with our own certificate, where Temporal asks for one (mTLS)."""
    temporal_tls_key: Annotated[Path | None, Field(validate_default=True)] = None
    """File (PEM) with the private key that belongs to temporal_tls_cert."""
    temporal_tls_server_name: str = ""
    """The name that Temporal's certificate is made out to. Empty: the host of temporal_address."""
    temporal_api_key: Annotated[str, Field(repr=False)] = ""
    """The API key that Temporal (Cloud) knows us by. Empty: none."""

    worker_deployment: str = ""
    """The name under which Temporal keeps the versions of our workers apart. Empty: one version, as in development."""
    worker_build: Annotated[str, Field(validate_default=True)] = ""
    """The version of this worker, for example the commit it was built from. Belongs to worker_deployment."""
    worker_versioning: Literal["auto_upgrade", "pinned"] = "auto_upgrade"
    """Open complaints move to the version that is made current (auto_upgrade), or end where they began (pinned)."""

    @field_validator("temporal_tls_ca", "temporal_tls_cert", "temporal_tls_key", mode="before")
    @classmethod
    def _nothing_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("temporal_tls", "worker_versioning", mode="before")
    @classmethod
    def _in_small_letters(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("temporal_tls_ca", "temporal_tls_cert", "temporal_tls_key")
    @classmethod
    def _can_be_read(cls, value: Path | None) -> Path | None:
        try:
            if value is not None:
                value.read_bytes()
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise ValueError(text(f"the file cannot be read ({why})", f"无法读取该文件（{why}）")) from error
        return value

    @field_validator("temporal_tls_key")
    @classmethod
    def _belongs_to_a_certificate(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        if "temporal_tls_cert" in info.data and (value is None) != (info.data["temporal_tls_cert"] is None):
            raise ValueError(text("certificate and key belong together: set both", "证书和私钥须成对设置"))
        return value

    @field_validator("worker_build")
    @classmethod
    def _belongs_to_a_deployment(cls, value: str, info: ValidationInfo) -> str:
        if bool(value) != bool(info.data.get("worker_deployment")):
            raise ValueError(text("deployment and build belong together: set both", "部署名与版本号须成对设置"))
        return value
