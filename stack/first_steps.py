"""What a person can type first, once everything runs."""

import os
import sys
import tomllib
from pathlib import Path

from settings.language import text

# The roles a first walk through a complaint needs, besides the shop's own software that files it.
_ROLES = ("agent", "supervisor")
# Whom the README's example is about, so that what stands there works with what is shown here.
_IN_THE_README = "home-demo"


def first_steps(tenants_dir: Path) -> list[str]:
    """How to get tokens for one company's software and people, taken from its file, and which other companies there are.

    Empty when there is none.
    """
    tenants = [tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(tenants_dir.glob("*.toml"))]
    if not tenants:
        return []
    shown = next((each for each in tenants if each["id"] == _IN_THE_README), tenants[0])
    people = [("intake", "shop")]
    for role in _ROLES:
        people += [(role, each["id"]) for each in shown.get("staff", []) if role in each["roles"]][:1]
    others = ", ".join(each["id"] for each in tenants if each is not shown)
    also = text(f"Other companies: {others}; their people are in {tenants_dir}.", f"其他租户：{others}；人员见 {tenants_dir}。")
    return [
        text(f"Tokens to call the API with, for {shown['id']}:", f"获取调用 API 的令牌(租户 {shown['id']})："),
        *(_command(shown["id"], role, name) for role, name in people),
        *([also] if others else []),
    ]


def _command(tenant: str, role: str, name: str) -> str:
    return f"  {os.path.relpath(sys.executable)} -m api token --tenant {tenant} --role {role} --id {name}"
