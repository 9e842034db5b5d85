"""How we are let in by a Temporal cluster of one's own or Temporal Cloud: encryption, certificates, API key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from temporalio.service import TLSConfig

from settings import Settings


@dataclass(frozen=True)
class Credentials:
    """As `Client.connect` takes them: `tls=..., api_key=...`."""

    tls: bool | TLSConfig
    api_key: str | None


def credentials(settings: Settings) -> Credentials:
    """What the settings name; files that cannot be read were refused with the settings. Raises OSError for one gone since."""
    own = settings.temporal_tls_ca, settings.temporal_tls_cert
    wanted = settings.temporal_tls == "always" or any(own) or bool(settings.temporal_api_key)
    if settings.temporal_tls == "never" or not wanted:
        return Credentials(tls=False, api_key=settings.temporal_api_key or None)
    tls = TLSConfig(
        server_root_ca_cert=_read(settings.temporal_tls_ca),
        client_cert=_read(settings.temporal_tls_cert),
        client_private_key=_read(settings.temporal_tls_key),
        domain=settings.temporal_tls_server_name or None,
    )
    return Credentials(tls=tls, api_key=settings.temporal_api_key or None)


def _read(file: Path | None) -> bytes | None:
    return file.read_bytes() if file is not None else None
