"""docker-compose.yml, .env.example and Dockerfile as tests read them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import yaml

from tests.doubles import ROOT

_VARIABLE = re.compile(r"\$\{(?P<name>[A-Z_]+)(?P<how>:[-?])?(?P<rest>[^}]*)\}")


@cache
def compose() -> dict[str, Any]:
    file: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return file


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose()["services"]
    return found


def own() -> dict[str, dict[str, Any]]:
    """The services that are programs of ours."""
    return {name: each for name, each in services().items() if "build" in each}


def variables() -> dict[str, set[str]]:
    """What the file asks of .env or the shell: name -> how (":?" or else nothing runs, ":-" has a default)."""
    found: dict[str, set[str]] = {}
    for match in _VARIABLE.finditer((ROOT / "docker-compose.yml").read_text(encoding="utf-8")):
        found.setdefault(match["name"], set()).add(match["how"] or "")
    return found


def filled_in(value: Any, given: dict[str, str]) -> str:
    """A value as compose hands it over."""
    with_defaults = _VARIABLE.sub(
        lambda match: given.get(match["name"]) or (match["rest"] if match["how"] == ":-" else ""), str(value)
    )
    return with_defaults.replace("$$", "$")


def example() -> dict[str, str]:
    """The lines of .env.example that are not comments."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("#")[0].partition("=") for line in lines if line.strip() and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def copied() -> list[str]:
    """What the Dockerfile copies from this folder into the image, in its last stage."""
    last = (ROOT / "Dockerfile").read_text(encoding="utf-8").rpartition("\nFROM ")[2]
    found = [line.split()[1:-1] for line in last.splitlines() if line.startswith("COPY ") and "--from" not in line]
    return [name for names in found for name in names]
