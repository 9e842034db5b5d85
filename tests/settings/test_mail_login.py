"""What is set for the mail server is what the worker writes with."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.mail import SmtpMail
from settings import Settings
from storage.tenants import TenantShelf
from worker import composition

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("smtp_tls", ["auto", "always", "never", "implicit"])
async def test_the_worker_logs_in_to_the_mail_server_as_it_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, smtp_tls: str
) -> None:
    given: list[dict[str, object]] = []

    class Noted(SmtpMail):
        def __init__(self, host: str, port: int, sender: str, **login: object) -> None:
            given.append({"host": host, "port": port, "sender": sender, **login})

    monkeypatch.setattr(composition, "SmtpMail", Noted)
    settings = Settings.model_validate(
        {
            "database_url": f"sqlite+aiosqlite:///{tmp_path}/redress.db",
            "policies_dir": ROOT / "policies",
            "smtp_host": "mail.example",
            "smtp_port": 587,
            "smtp_username": "care",
            "smtp_password": "hunter2",
            "smtp_tls": smtp_tls,
        }
    )
    async with composition.assemble(settings) as parts:
        parts.notices._mail(TenantShelf(ROOT / "tenants").get("home-demo"))
    assert given == [
        {
            "host": "mail.example",
            "port": 587,
            "sender": "care@yanju.example",
            "username": "care",
            "password": "hunter2",
            "tls": smtp_tls,
        }
    ]
