"""Packs on disk: all read and checked before any is used."""

from pathlib import Path

import pytest

from domain.policy import registry
from domain.policy.errors import PackInvalid
from storage.packs import install_packs, load_packs
from tests.domain.packs import ROOT, TINY, changed, home
from tests.domain.policy.test_variants import VARIANT


def _write(directory: Path, **files: str) -> Path:
    for name, text in files.items():
        path = directory / name.replace("__", "/").replace("_", "-")
        path.parent.mkdir(exist_ok=True)
        path.with_suffix(".toml").write_text(text, encoding="utf-8")
    return directory


def test_the_packs_that_ship_can_be_loaded() -> None:
    packs = {pack.ref: pack.digest for pack in load_packs(ROOT / "policies")}
    assert packs["home@2026-11"] == home().digest


def test_a_variant_is_loaded_after_its_base_whatever_their_names(tmp_path: Path) -> None:
    directory = _write(tmp_path, library__2027_01=TINY, branch__2027_02=VARIANT)
    assert [pack.ref for pack in load_packs(directory)] == ["library@2027-01", "branch@2027-02"]


def test_the_problems_of_all_files_are_reported_together(tmp_path: Path) -> None:
    broken = changed(TINY, "attempts = 1", "atempts = 1")
    directory = _write(tmp_path, library__2027_01=broken, branch__2027_02=VARIANT, wrong__2027_03=TINY)
    with pytest.raises(PackInvalid) as caught:
        load_packs(directory)
    said = str(caught.value)
    assert "library/2027-01.toml" in said
    assert "no key 'atempts'" in said
    assert "holds library@2027-01; move it to library/2027-01.toml" in said


def test_a_base_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackInvalid, match="extends library@2027-01, which was not found"):
        load_packs(_write(tmp_path, branch__2027_02=VARIANT))


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PackInvalid, match="no pack here"):
        load_packs(tmp_path)


def test_installed_packs_are_on_the_shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_shelf", {})
    (pack,) = install_packs(_write(tmp_path, library__2027_01=TINY))
    assert registry.pack_for(pack.ref, pack.digest) is pack
