"""Rules of the house that no linter holds. Which of our packages may import which is in pyproject.toml (import-linter)."""

import ast
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = sorted(folder.parent.name for folder in ROOT.glob("*/__init__.py"))
OURS = {*PACKAGES, "tests"}


def _files(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def _imported(file: Path) -> Iterator[tuple[str, str]]:
    """What a file imports from elsewhere, and where it says so."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        for name in names:
            yield name, f"{file.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def _foreign(package: str, allowed: set[str]) -> list[str]:
    """Imports of libraries that a package may not use."""
    return [
        f"{where} imports {name}"
        for file in _files(package)
        for name, where in _imported(file)
        if (root := name.partition(".")[0]) not in allowed and root not in OURS and root not in sys.stdlib_module_names
    ]


def test_the_packages_are_found() -> None:
    assert {"domain", "workflows", "activities", "adapters", "storage", "desk", "api", "worker", "partners"} <= set(PACKAGES)


def test_our_names_are_nobody_elses() -> None:
    """Roots are importable from the repository only because nothing installed answers to the same name."""
    assert OURS & set(packages_distributions()) == set()
    assert OURS & sys.stdlib_module_names == set()


def test_the_domain_uses_the_standard_library_and_pydantic_only() -> None:
    assert _foreign("domain", {"pydantic", "pydantic_core", "holidays"}) == []


def test_one_file_knows_the_library_of_holidays() -> None:
    using = {str(file.relative_to(ROOT)) for file in _files("domain") for name, _ in _imported(file) if name == "holidays"}
    assert using <= {"domain/public_holidays.py"}


def test_workflows_use_temporal_and_pydantic_only() -> None:
    assert _foreign("workflows", {"temporalio", "pydantic"}) == []


@pytest.mark.parametrize("package", ["domain", "workflows"])
def test_no_clock_is_read_where_time_is_an_argument(package: str) -> None:
    """A replay would read another time than the first run did. `workflow.now()` is the run's own time."""
    read = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in _files(package)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "utcnow", "today"}
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date", "time"}
    ]
    assert read == []


def test_a_file_holds_one_idea() -> None:
    lines = {
        str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines())
        for package in (*PACKAGES, "tests")
        for file in _files(package)
    }
    assert {name: count for name, count in lines.items() if count > 300} == {}
