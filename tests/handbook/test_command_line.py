"""The commands as a person types them."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from handbook.__main__ import app
from tests.domain.packs import HOME_FILE, ROOT


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "2026-11.toml").write_text(HOME_FILE.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def typed(*words: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(word) for word in words], env={"LC_ALL": "C.UTF-8"})
    return result.exit_code, result.stdout, result.stderr


def test_packs_that_are_right_are_counted() -> None:
    code, out, _ = typed("check", "--policies", ROOT / "policies")
    assert code == 0
    assert "home@2026-11: 47 clauses, 6 categories" in out


def test_a_time_that_may_be_promised_and_nothing_keeps_is_told_and_refuses_nothing(packs: Path) -> None:
    code, _, err = typed("check", "--policies", ROOT / "policies")
    assert (code, err) == (0, "")
    file = packs / "home" / "2026-11.toml"
    file.write_text(
        file.read_text(encoding="utf-8").replace('when = { promised = "callback" }', 'when = { promised = "answer" }')
    )
    code, _, err = typed("check", "--policies", packs)
    assert code == 0
    assert err.startswith("home@2026-11: warning: ")
    assert "(promise_time) for callback, and no promise keeps it" in err


def test_every_slip_is_told_with_file_and_line(packs: Path) -> None:
    file = packs / "home" / "2026-11.toml"
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[lines.index('within = "10m"')] = 'wihtin = "10m"'
    lines[lines.index('within = "15m"')] = 'within = "15 minutes"'
    file.write_text("\n".join(lines), encoding="utf-8")
    code, out, err = typed("check", "--policies", packs)
    assert (code, out) == (1, "")
    misspelt = lines.index('wihtin = "10m"') + 1
    assert f"{file}:{misspelt}: [deadline] has no key 'wihtin'; remove or correct it" in err
    assert '"15 minutes" is not a duration; write it as 10m, 24h, 3d or 1h30m' in err


def test_a_slip_is_told_in_chinese_to_whoever_reads_chinese(packs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    file = packs / "home" / "2026-11.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('within = "10m"', 'wihtin = "10m"'), encoding="utf-8")
    result = CliRunner().invoke(app, ["check", "--policies", str(packs)])
    assert result.exit_code == 1
    assert "请删除或更正" in result.stderr


def test_a_pack_is_shown_in_the_language_asked_for() -> None:
    assert typed("show", "home@2026-11", "--language", "zh", "--policies", ROOT / "policies")[1].startswith("# 家居岩板建材")
    assert typed("show", "home@2026-11", "--language", "en", "--policies", ROOT / "policies")[1].startswith("# Home stone")


def test_an_unknown_pack_is_answered_with_the_ones_there_are(packs: Path) -> None:
    code, _, err = typed("show", "home@2031-01", "--policies", packs)
    assert code == 1
    assert "home@2026-11" in err


def test_two_versions_are_compared(packs: Path) -> None:
    later = HOME_FILE.read_text(encoding="utf-8").replace('version = "2026-11"', 'version = "2026-12"', 1)
    (packs / "home" / "2026-12.toml").write_text(later.replace('within = "10m"', 'within = "8m"'), encoding="utf-8")
    code, out, _ = typed("compare", "home@2026-11", "home@2026-12", "--policies", packs, "--language", "en")
    assert code == 0
    assert out.splitlines() == ["~ [deadline] first_response  First response", "    within: 10m → 8m"]
    assert typed("compare", "home@2026-11", "home@2026-11", "--policies", packs, "--language", "en")[1] == "Both say the same.\n"
