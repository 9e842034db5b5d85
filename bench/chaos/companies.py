"""The company of the chaos run: the demo shop, under a variant of its procedure whose first minutes pass in seconds."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TENANT = "home-demo"
_BASE = "home@2026-11"
PACK = "home-hurry@2026-11"
_VARIANT = f"""\
name = "home-hurry"
version = "2026-11"
title = {{ zh = "家居岩板建材（故障演练）", en = "Home stone and building materials (fault run)" }}
source = "Made for fault runs: promises fall due while programs are killed."
extends = "{_BASE}"

[[deadline]]
id = "first_response"
clause = "HOM-TRN-03"
title = {{ zh = "首次回应", en = "First response" }}
when = {{ group = "transport" }}
starts = ["received"]
met_by = ["responded"]
within = "8s"
clock = "calendar"
owner = "agent"
ladder = "seconds"

[[ladder]]
id = "seconds"
clause = "HOUSE-LADDER"

[[ladder.rung]]
id = "warn"
before = "4s"
to = "owner"
do = ["notify"]

[[ladder.rung]]
id = "due"
after = "0s"
to = "supervisor"
do = ["notify", "raise"]

[[ladder.rung]]
id = "manager"
after = "6s"
to = "manager"
do = ["notify"]
"""


def furnish(folder: Path) -> tuple[Path, Path]:
    """Folders of packs and of companies for the run."""
    policies, tenants = folder / "policies", folder / "tenants"
    shutil.copytree(ROOT / "policies" / "home", policies / "home")
    (policies / "home-hurry").mkdir()
    (policies / "home-hurry" / "2026-11.toml").write_text(_VARIANT, encoding="utf-8")
    tenants.mkdir()
    shop = (ROOT / "tenants" / f"{TENANT}.toml").read_text(encoding="utf-8")
    (tenants / f"{TENANT}.toml").write_text(
        re.sub(rf'^pack = "{_BASE}"$', f'pack = "{PACK}"', shop, flags=re.M), encoding="utf-8"
    )
    return policies, tenants
