"""The READMEs keep their word: what they tell to type works as it stands there, and what they point at exists."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.demo.terminal import Terminal
from tests.doubles import wait_for

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")


def written(readme: str) -> str:
    return (ROOT / readme).read_text(encoding="utf-8")


def by_curl(readme: str) -> str:
    """The shell blocks that call the API, one after the other."""
    blocks = re.findall(r"```sh\n(.*?)```", written(readme), re.DOTALL)
    return "\n".join(block for block in blocks if "curl" in block)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Terminal]:
    """A fresh stack: both READMEs file the same complaint under the same key."""
    terminal = Terminal(tmp_path)
    with (tmp_path / "printed").open("wb") as out:
        stack = subprocess.Popen(
            [sys.executable, "-m", "stack", "up"], cwd=tmp_path, env=terminal.environment, stdout=out, stderr=out
        )
    try:
        said = tmp_path / "printed"
        assert wait_for(lambda: stack.poll() is not None or "Redress is running" in said.read_text(encoding="utf-8"), 120)
        assert stack.poll() is None, said.read_text(encoding="utf-8")
        yield terminal
        terminal.runs("stack", "stop")
        assert terminal.gone()
    finally:
        for left in terminal.processes():
            left.kill()
        stack.wait(timeout=30)


@pytest.mark.slow
@pytest.mark.parametrize("readme", READMES)
@pytest.mark.clause("HOM-DMG-03")
def test_a_complaint_by_curl_ends_satisfied(readme: str, running: Terminal) -> None:
    address = f"http://127.0.0.1:{8000 + running.offset}"
    script = by_curl(readme).replace("http://127.0.0.1:8000", address).replace(".venv/bin/python", sys.executable)
    assert script.count(address) == 1
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script + '\nprintf "\\n%s %s" $ID $AGENT'],
        cwd=running.folder, env=running.environment, capture_output=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    complaint, agent = done.stdout.splitlines()[-1].split()
    headers = {"Authorization": f"Bearer {agent}"}

    def outcome() -> str | None:
        case = httpx.get(f"{address}/v1/complaints/{complaint}", headers=headers).json()
        return case["outcome"] if case["stage"] == "closed" else None

    assert wait_for(lambda: outcome() == "satisfied", 30), done.stdout


@pytest.mark.parametrize("readme", READMES)
def test_every_file_and_target_that_is_named_exists(readme: str) -> None:
    text = written(readme)
    linked = [link for link in re.findall(r"\]\(([^)]+)\)", text) if not link.startswith("http")]
    assert len(linked) >= 6
    assert [link for link in linked if not (ROOT / link).exists()] == []
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE))
    assert named >= {"up", "test", "load", "file-orders"}
    assert named <= targets
    assert (ROOT / ".ci" / "run").exists()


@pytest.mark.slow
def test_every_local_address_that_is_named_answers(running: Terminal) -> None:
    named = {address for readme in READMES for address in re.findall(r"<http://127\.0\.0\.1:(\d+[^>]*)>", written(readme))}
    assert len(named) == 3
    for address in named:
        port, _, path = address.partition("/")
        answer = httpx.get(f"http://127.0.0.1:{int(port) + running.offset}/{path}")
        assert answer.status_code == 200, address


def test_both_languages_tell_to_type_the_same() -> None:
    def typed(readme: str) -> list[str]:
        lines = [line.partition("#")[0].rstrip() for line in by_curl(readme).splitlines()]
        return [line for line in lines if line and "Accept-Language" not in line]

    assert typed("README.md") == typed("README.zh-CN.md") != []
