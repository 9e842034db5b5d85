"""What the processes tell operators: how logs look, where metrics are read, whether traces are sent."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

OptionalPort = Annotated[int, Field(ge=0, le=65535)]


class TelemetrySettings(BaseSettings):
    """Part of `Settings`."""

    model_config = SettingsConfigDict(use_attribute_docstrings=True)

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """How much the processes log."""
    log_format: Literal["text", "json"] = "text"
    """One line an event: text for people, or one JSON object for machines."""

    metrics_host: str = "127.0.0.1"
    """The address that metrics are served on; whoever reaches it reads figures of all tenants."""
    api_metrics_port: OptionalPort = 0
    """The port where Prometheus reads the API's metrics and those of the business. 0: none."""
    worker_metrics_port: OptionalPort = 0
    """The port where Prometheus reads the worker's metrics. 0: none."""
    temporal_metrics_port: OptionalPort = 0
    """The port where Prometheus reads what Temporal's SDK tells of the worker. 0: none."""

    traces: Literal["off", "otlp"] = "off"
    """Whether traces are sent by OTLP over HTTP; where to, and how many, is said by the standard OTEL_* variables."""

    @field_validator("log_level", "log_format", "traces", mode="before")
    @classmethod
    def _any_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value
