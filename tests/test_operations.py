"""docs/operations.md says the same in both languages, and what it says of names, limits and commands is so."""

from __future__ import annotations

import re
import subprocess

import pytest

from stack.temporal_server import SEARCH_ATTRIBUTES, temporal_binary
from tests.doubles import ROOT

BOTH = ("docs/operations.md", "docs/operations.zh-CN.md")


def written(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


def blocks(file: str) -> list[str]:
    return re.findall(r"```sh\n(.*?)```", written(file), re.DOTALL)


def test_both_languages_have_the_same_sections_rows_names_and_commands() -> None:
    english, chinese = (written(file) for file in BOTH)
    assert blocks(BOTH[0]) == blocks(BOTH[1])
    for what in (r"^(#+) ", r"^(\|)", r"(REDRESS_[A-Z_]+)", r"^(\d\.|-) "):
        assert sorted(re.findall(what, english, re.MULTILINE)) == sorted(re.findall(what, chinese, re.MULTILINE)), what


@pytest.mark.parametrize("file", BOTH)
def test_links_lead_somewhere(file: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)", written(file)):
        assert (ROOT / "docs" / target).exists(), target


def test_the_search_attributes_are_ours() -> None:
    named = dict(re.findall(r"--name (\w+) --type (\w+)", written(BOTH[0])))
    assert named == SEARCH_ATTRIBUTES


def test_the_commands_of_temporal_exist_with_their_options() -> None:
    lines = "\n".join(blocks(BOTH[0])).replace("\\\n", " ").splitlines()
    commands = [line.split() for line in lines if line.startswith("temporal ")]
    assert len(commands) >= 4
    everywhere = _told("options")
    for _, *words in commands:
        verb = words[: next(i for i, word in enumerate(words) if word.startswith("--"))]
        told = _told(*verb, "--help") + everywhere
        for option in (word for word in words if word.startswith("--")):
            assert option in told, f"{verb} {option}"


def _told(*words: str) -> str:
    return subprocess.run([temporal_binary(), *words], capture_output=True, text=True, timeout=60).stdout
