"""Addresses of chat rooms hold their secret: no error, no repr and no traceback shows one."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest

from domain.tenant import Tenant
from domain.tenant_file import TenantInvalid, parse_tenant

FILE = Path("tenants/home-demo.toml").read_text()
KEY = "a1b2c3d4-secret-key"


def with_channels(chat: str) -> str:
    [head, *staff] = FILE.split("[[staff]]\n")
    staff[0] = f'chat = "{chat}"\n' + "\n".join(line for line in staff[0].split("\n") if not line.startswith("chat"))
    text = "[[staff]]\n".join([head, *staff])
    rooms = f'chats = ["{chat}"]'
    if "[notifications]\n" not in text:
        return f"{text}\n[notifications]\n{rooms}\n"
    lines = [line for line in text.split("\n") if not line.startswith("chats")]
    return "\n".join(lines).replace("[notifications]\n", f"[notifications]\n{rooms}\n")


def test_a_tenant_shows_no_channel() -> None:
    tenant: Tenant = parse_tenant(with_channels(f"wecombot://{KEY}"), "home-demo.toml")
    assert tenant.notifications.chats == (f"wecombot://{KEY}",)
    assert tenant.staff[0].chat == f"wecombot://{KEY}"
    for shown in (tenant, tenant.staff[0], tenant.notifications, tenant.staff):
        assert KEY not in repr(shown)
        assert KEY not in str(shown)


def test_a_channel_that_is_written_wrong_is_not_repeated_in_the_error() -> None:
    with pytest.raises(TenantInvalid) as caught:
        parse_tenant(with_channels(f"not an address {KEY}"), "home-demo.toml")
    assert {fault.key for fault in caught.value.faults} == {"staff[0].chat", "notifications.chats[0]"}
    told = "".join(traceback.format_exception(caught.value))
    assert KEY not in told
    assert KEY not in repr(caught.value)
