"""The scans of a release: risky code, secrets in files, known holes in what we depend on. docs/security.md answers findings."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from detect_secrets.core.baseline import load_from_file
from detect_secrets.core.scan import scan_file
from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import default_settings, transient_settings

ROOT = Path(__file__).parents[1]
BASELINE = ".secrets.baseline"
SECURITY = (ROOT / "docs/security.md").read_text(encoding="utf-8")
PACKAGES = sorted(folder.parent.name for folder in ROOT.glob("*/__init__.py"))
# Credentials that can be told by their form alone. Tests are full of made-up keys, which only these tell from real ones.
BY_FORM = (
    "AWSKeyDetector", "AzureStorageKeyDetector", "DiscordBotTokenDetector", "GitHubTokenDetector", "GitLabTokenDetector",
    "JwtTokenDetector", "MailchimpDetector", "NpmDetector", "OpenAIDetector", "PrivateKeyDetector", "PypiTokenDetector",
    "SendGridDetector", "SlackDetector", "StripeDetector", "TelegramBotTokenDetector", "TwilioKeyDetector",
)  # fmt: skip


def answered(rule: str) -> set[str]:
    """The folders in which findings of a rule are answered in docs/security.md."""
    rows = re.findall(rf"^\| {rule} \| ([^|]+) \|", SECURITY, re.MULTILINE)
    return {folder.strip(" `") for row in rows for folder in row.split(",")}


def test_bandit_finds_nothing_that_is_not_answered() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "bandit", "-q", "-f", "json", "-r", *PACKAGES],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    found = json.loads(said.stdout)["results"]
    assert found != []  # asserts at the least: a scan of nothing would find nothing
    assert [each for each in found if each["issue_severity"] != "LOW"] == []
    unanswered = {
        f"{each['test_id']} {each['filename']}:{each['line_number']} {each['issue_text']}"
        for each in found
        if not {"everywhere", Path(each["filename"]).parts[0]} & answered(each["test_id"])
    }
    assert unanswered == set()


def test_nothing_is_answered_that_is_not_found() -> None:
    rules = set(re.findall(r"^\| (B\d{3}) \|", SECURITY, re.MULTILINE))
    assert rules == {"B101", "B105", "B311", "B404", "B603"}


def _files() -> Iterator[str]:
    """What is in the repository, without the histories of tests (made-up complaints) and locks (hashes of packages)."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: which files belong to it is not known")
    for name in listed.stdout.splitlines():
        if not name.startswith(("tests/workflows/histories/", "requirements", BASELINE)) and (ROOT / name).is_file():
            yield name


def _secrets(files: Iterator[str]) -> SecretsCollection:
    found = SecretsCollection()
    for name in files:
        for secret in scan_file(name):
            found[name].add(secret)
    return found


@pytest.mark.slow
def test_no_file_holds_a_secret_that_is_not_answered() -> None:
    known = load_from_file(str(ROOT / BASELINE))
    before = Path.cwd()
    os.chdir(ROOT)
    try:
        with default_settings():
            found = _secrets(name for name in _files() if not name.startswith("tests/"))
            new = found - SecretsCollection.load_from_baseline(known)
        with transient_settings({"plugins_used": [{"name": name} for name in BY_FORM]}):
            in_tests = _secrets(name for name in _files() if name.startswith("tests/"))
    finally:
        os.chdir(before)
    assert [(name, secret.type, secret.line_number) for name, secret in new] == []
    assert [(name, secret.type, secret.line_number) for name, secret in in_tests] == []
    assert found.data  # the answered ones at the least


def test_each_answered_secret_has_its_reason() -> None:
    known = json.loads((ROOT / BASELINE).read_text(encoding="utf-8"))["results"]
    assert [name for name in known if f"`{name}`" not in SECURITY] == []


def test_a_secret_would_be_found(tmp_path: Path) -> None:
    key = "-----BEGIN RSA PRIVATE " + "KEY-----"
    (tmp_path / "leaked.py").write_text(f'PEM = """{key}\nMIIE"""\n')
    with transient_settings({"plugins_used": [{"name": name} for name in BY_FORM]}):
        assert len(_secrets(iter([str(tmp_path / "leaked.py")])).data) == 1


@pytest.mark.slow
def test_no_dependency_has_a_known_hole() -> None:
    said = subprocess.run(
        [
            sys.executable, "-m", "pip_audit", "-r", "requirements.txt", "--require-hashes", "--disable-pip", "-f", "json",
            "--progress-spinner", "off",
        ],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    try:
        asked = json.loads(said.stdout)["dependencies"]
    except ValueError:
        pytest.skip("the advisories cannot be reached from here")
    audited = [each for each in asked if "vulns" in each]
    if not audited:
        pytest.skip("the advisories cannot be reached from here")
    holes = {f"{each['name']} {each['version']}: {hole['id']}" for each in audited for hole in each["vulns"]}
    assert {hole for hole in holes if hole.rpartition(" ")[2] not in SECURITY} == set()
