"""What can be set from outside: environment variables named `REDRESS_` + the field's name, or the same lines in a file `.env`."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from settings.database import DatabaseSettings
from settings.edge import EdgeSettings
from settings.identity import IdentitySettings, listed
from settings.language import text
from settings.sealing import SealingSettings
from settings.telemetry import TelemetrySettings
from settings.temporal import TemporalSettings

PREFIX = "REDRESS_"
# Where the embedded stack keeps its state, and the keys that it makes for development.
STATE_DIR = Path("var")
DEV_TOKEN_KEY = STATE_DIR / "dev.key"
DEV_PARTNER_SECRET = STATE_DIR / "partner.key"

Port = Annotated[int, Field(ge=1, le=65535)]


class SettingsError(SystemExit):
    """A variable is wrong. Left uncaught it ends the process with its one line on stderr and exit code 1, no traceback."""


class Settings(TemporalSettings, DatabaseSettings, TelemetrySettings, SealingSettings, IdentitySettings, EdgeSettings):
    """All settings of all processes. The defaults fit the embedded stack (`make up`)."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True, use_attribute_docstrings=True
    )

    port_offset: Annotated[int, Field(ge=0, le=50000)] = 0
    """Added to every port that is not set by itself, so that two stacks can run side by side (`make up PORT_OFFSET=200`)."""

    temporal_address: str = "127.0.0.1:7233"
    """Host and port of the Temporal server's gRPC door."""
    temporal_namespace: str = "default"
    """The Temporal namespace that complaints live in."""
    temporal_ui_port: Port = 8233
    """Port of the Temporal UI (embedded stack)."""
    task_queue: str = "redress"
    """The task queue that workers poll and complaints are started on."""

    policies_dir: Path = Path("policies")
    """The folder with the policy packs."""
    tenants_dir: Path = Path("tenants")
    """The folder with the tenants' files."""

    smtp_host: str = "127.0.0.1"
    """Host of the mail server that takes notices."""
    smtp_port: Port = 8025
    """Port of the mail server that takes notices."""
    smtp_username: str = ""
    """The name to log in to the mail server with. Empty: no login."""
    smtp_password: Annotated[str, Field(repr=False)] = ""
    """The password that belongs to smtp_username."""
    smtp_tls: Literal["auto", "always", "never", "implicit"] = "auto"
    """Encryption of the line to the mail server: auto (STARTTLS when offered; from the first byte on port 465), always (STARTTLS
    or nothing is sent), never, implicit (from the first byte)."""
    mail_http_port: Port = 8026
    """Port where the mails caught by the embedded mail sink can be read."""
    mail_from: str = "care@redress.example"
    """The sender of e-mail notices."""

    token_key: Annotated[str, Field(repr=False)] = ""
    """The secret behind `python -m api token`, 32 characters or more. Empty: the one that `make up` made in var/dev.key."""
    partner_webhook_secret: Annotated[str, Field(repr=False)] = ""
    """Partners sign webhooks with it, 16 characters or more (or several, parted by commas). Empty: the one that `make up` made in
    var/partner.key."""

    api_host: str = "127.0.0.1"
    """The address that the API listens on."""
    api_port: Port = 8000
    """The port that the API listens on."""
    api_url: str = ""
    """Where others reach the API. Empty: http://<api_host>:<api_port>."""
    partners_url: str = "http://127.0.0.1:8100"
    """Where the order, logistics, payment, points and account systems answer."""
    partner_rate: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,5}/(second|minute|hour)$")] = "100/second"
    """How often one partner of one company is called by one worker at most, such as 50/second. More has to wait."""

    @field_validator("smtp_tls", mode="before")
    @classmethod
    def _lower_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("temporal_address")
    @classmethod
    def _has_port(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdigit() or not 1 <= int(port) <= 65535:
            raise ValueError(text("expected host:port, for example 127.0.0.1:7233", "应为 主机:端口，例如 127.0.0.1:7233"))
        return value

    @field_validator("partners_url", "api_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError(
                text("expected an address that begins with http:// or https://", "应为以 http:// 或 https:// 开头的地址")
            )
        return value.rstrip("/")

    @field_validator("token_key")
    @classmethod
    def _is_long_enough(cls, value: str) -> str:
        if value and len(value) < 32:
            raise ValueError(text("expected 32 characters or more", "至少需要 32 个字符"))
        return value

    @field_validator("partner_webhook_secret")
    @classmethod
    def _are_no_guess(cls, value: str) -> str:
        if any(len(each) < 16 and not each.startswith("env:") for each in listed(value)):
            raise ValueError(text("expected 16 characters or more for each", "每个至少需要 16 个字符"))
        return value

    @field_validator("smtp_password")
    @classmethod
    def _belongs_to_somebody(cls, value: str, info: ValidationInfo) -> str:
        if value and not info.data.get("smtp_username"):
            en = f"a password without a name to log in with; set {PREFIX}SMTP_USERNAME too"
            raise ValueError(text(en, f"只有密码而没有登录名；请同时设置 {PREFIX}SMTP_USERNAME"))
        return value

    @model_validator(mode="before")
    @classmethod
    def _shift_ports(cls, values: Any) -> Any:
        """Moves the default ports by the offset; a port that is set by itself stays where it was put."""
        try:
            offset = int(values.get("port_offset", 0))
        except ValueError:
            return values  # the field itself says what is wrong with it
        shifted: dict[str, object] = {}
        if offset:
            shifted = {
                name: int(cls.model_fields[name].default) + offset
                for name in ("temporal_ui_port", "smtp_port", "mail_http_port", "api_port")
            }
            shifted["temporal_address"] = f"127.0.0.1:{7233 + offset}"
            shifted["partners_url"] = f"http://127.0.0.1:{8100 + offset}"
        return {**shifted, **values}

    @model_validator(mode="after")
    def _complete(self) -> Self:
        """Fills in what follows from other settings or from the embedded stack's own keys."""
        found = {
            "api_url": f"http://{self.api_host}:{self.api_port}",
            "token_key": _read_key(DEV_TOKEN_KEY),
            "partner_webhook_secret": _read_key(DEV_PARTNER_SECRET),
        }
        for name, value in found.items():
            if not getattr(self, name):
                object.__setattr__(self, name, value)
        return self


def _read_key(file: Path) -> str:
    return file.read_text(encoding="ascii").strip() if file.is_file() else ""


@lru_cache
def get_settings() -> Settings:
    """The settings of this process, read once.

    Raises SettingsError with one line for each wrong variable: its name, what it was and what is expected.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(dict(each)) for each in error.errors())) from error


def _explain(error: dict[str, Any]) -> str:
    name = str(error["loc"][0]) if error["loc"] else ""
    field = Settings.model_fields.get(name)
    given = "…" if field is not None and not field.repr else repr(str(error["input"]))
    limits = error.get("ctx", {})
    known = {
        "int_parsing": text("expected a whole number", "应为整数"),
        "bool_parsing": text("expected true or false", "应为 true 或 false"),
        "greater_than_equal": text(f"expected {limits.get('ge')} or more", f"不得小于 {limits.get('ge')}"),
        "less_than_equal": text(f"expected {limits.get('le')} or less", f"不得大于 {limits.get('le')}"),
        "string_pattern_mismatch": text("expected a rate such as 50/second", "应为速率，例如 50/second"),
        "literal_error": text(f"expected {limits.get('expected')}", f"应为 {limits.get('expected')}"),
    }
    why = known.get(str(error["type"]), str(error["msg"]).removeprefix("Value error, "))
    variable = f"{PREFIX}{name}".upper()
    return text(f"The variable {variable} is {given}: {why}.", f"环境变量 {variable} 为 {given}：{why}。")
