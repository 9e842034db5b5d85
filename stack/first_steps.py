"""What a person can type first, once everything runs."""

import os
import sys
import tomllib
from pathlib import Path

from settings.language import text

# The roles a first walk through a complaint needs, besides the shop's own software that files it.
_ROLES = ("agent", "supervisor")


def first_steps(tenants_dir: Path) -> list[str]:
    """How to get tokens for the first tenant's software and people, taken from its file. Empty when there is no tenant."""
    for file in sorted(tenants_dir.glob("*.toml")):
        tenant = tomllib.loads(file.read_text(encoding="utf-8"))
        people = [("intake", "shop")]
        for role in _ROLES:
            people += [(role, each["id"]) for each in tenant.get("staff", []) if role in each["roles"]][:1]
        return [
            text(f"Tokens to call the API with, for {tenant['id']}:", f"获取调用 API 的令牌(租户 {tenant['id']})："),
            *(_command(tenant["id"], role, name) for role, name in people),
        ]
    return []


def _command(tenant: str, role: str, name: str) -> str:
    return f"  {os.path.relpath(sys.executable)} -m api token --tenant {tenant} --role {role} --id {name}"
