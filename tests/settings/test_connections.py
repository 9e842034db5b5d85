"""Settings of the ways to Temporal and to the database: a wrong one is a line that names it and shows no secret."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from settings import Settings, SettingsError, get_settings


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"REDRESS_{name}".upper(), raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cert.pem").write_text("a certificate")
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"TEMPORAL_TLS_CA": "no.pem"}, "REDRESS_TEMPORAL_TLS_CA is 'no.pem': the file cannot be read (No such file"),
        ({"TEMPORAL_TLS_CERT": "cert.pem"}, "REDRESS_TEMPORAL_TLS_KEY is 'None': certificate and key belong together"),
        ({"TEMPORAL_TLS_KEY": "cert.pem"}, "REDRESS_TEMPORAL_TLS_KEY is 'cert.pem': certificate and key belong together"),
        ({"WORKER_DEPLOYMENT": "complaints"}, "REDRESS_WORKER_BUILD is '': deployment and build belong together"),
        ({"WORKER_BUILD": "abc"}, "REDRESS_WORKER_BUILD is 'abc': deployment and build belong together"),
        ({"WORKER_VERSIONING": "maybe"}, "REDRESS_WORKER_VERSIONING is 'maybe': expected 'auto_upgrade' or 'pinned'"),
        ({"DATABASE_URL": "mysql://u:hunter2@h/d"}, "REDRESS_DATABASE_URL is …: expected an address such as postgresql://"),
        ({"DATABASE_URL": "postgresql://u:hunter2@h:port/d"}, "REDRESS_DATABASE_URL is …: expected an address such as"),
        ({"DATABASE_URL": "postgresql://u:hunter2@h"}, "REDRESS_DATABASE_URL is …: expected an address such as"),
        ({"DATABASE_URL": "sqlite+aiosqlite:///:memory:"}, "REDRESS_DATABASE_URL is …: expected an address such as"),
        ({"DATABASE_CONNECTIONS": "0"}, "REDRESS_DATABASE_CONNECTIONS is '0': expected 1 or more."),
    ],
)
def test_a_wrong_one_is_a_line(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], told: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"REDRESS_{name}", value)
    with pytest.raises(SettingsError) as caught:
        get_settings()
    assert told in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["postgres://u@h/d?sslmode=require", "postgresql://u:p@h:5432/d", "sqlite+aiosqlite:////var/x.db"]
)
def test_addresses_as_providers_write_them_are_right(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("REDRESS_DATABASE_URL", url)
    assert get_settings().database_url == url


def test_an_empty_file_name_is_none_and_letters_may_be_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDRESS_TEMPORAL_TLS_CA", "")
    monkeypatch.setenv("REDRESS_TEMPORAL_TLS", "ALWAYS")
    settings = get_settings()
    assert (settings.temporal_tls_ca, settings.temporal_tls) == (None, "always")
