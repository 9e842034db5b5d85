"""What has to be right in the folders of packs and companies before a program starts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text

from settings import Settings
from storage.database import open_database
from storage.migrations.steps import newest_revision
from storage.start import CannotStart, check_files, check_tables
from tests.doubles import ROOT
from tests.tables import migrated


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for name in ("policies", "tenants"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return Settings(policies_dir=tmp_path / "policies", tenants_dir=tmp_path / "tenants")


def test_what_is_shipped_can_be_started_with(settings: Settings) -> None:
    check_files(settings)


def test_all_companies_that_name_a_missing_pack_are_told_a_line_each(settings: Settings) -> None:
    shutil.rmtree(settings.policies_dir / "home")
    named = [each for each in sorted(settings.tenants_dir.glob("*.toml")) if 'pack = "home@' in each.read_text(encoding="utf-8")]
    with pytest.raises(CannotStart) as told:
        check_files(settings)
    lines = str(told.value).splitlines()
    assert len(named) >= 2
    assert [line.split(":")[0] for line in lines if "names the pack home@" in line] == [str(each) for each in named]


@pytest.mark.parametrize(
    ("language", "wanted"), [("C.UTF-8", "no company's file here, expected <id>.toml"), ("zh_CN.UTF-8", "此处没有租户文件")]
)
def test_a_folder_without_companies_is_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, language: str, wanted: str
) -> None:
    monkeypatch.setenv("LC_ALL", language)
    for each in settings.tenants_dir.glob("*.toml"):
        each.unlink()
    with pytest.raises(CannotStart, match=wanted):
        check_files(settings)


def test_a_broken_company_and_a_broken_pack_are_told_with_their_line(settings: Settings) -> None:
    company = settings.tenants_dir / "home-demo.toml"
    company.write_text(company.read_text(encoding="utf-8") + "\nsurprise = 1\n", encoding="utf-8")
    with pytest.raises(CannotStart, match=r"home-demo\.toml:\d+: .*surprise"):
        check_files(settings)
    pack = settings.policies_dir / "home" / "2026-11.toml"
    pack.write_text("surprise = 1\n", encoding="utf-8")
    with pytest.raises(CannotStart, match=r"2026-11\.toml:\d+: "):
        check_files(settings)


@pytest.mark.parametrize(("at", "stops"), [("0001", True), ("9999_of_a_later_program", False), (None, False)])
async def test_older_tables_stop_a_program_and_newer_ones_or_none_at_all_do_not(
    tmp_path: Path, at: str | None, stops: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    database = open_database(migrated(tmp_path) if at is not None else f"sqlite+aiosqlite:///{tmp_path}")
    try:
        if at is not None:
            async with database.writing() as connection:
                await connection.execute(text("UPDATE alembic_version SET version_num = :at"), {"at": at})
        if stops:
            with pytest.raises(CannotStart, match=f"at migration {at}, this program needs {newest_revision()}") as told:
                await check_tables(database)
            assert len(str(told.value).splitlines()) == 1
        else:
            with structlog.testing.capture_logs() as lines:
                await check_tables(database)
            assert [line["log_level"] for line in lines] == ["warning"]
    finally:
        await database.close()
