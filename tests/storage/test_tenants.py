import os
from pathlib import Path

import pytest

from domain.tenant_file import TenantInvalid
from storage.tenants import TenantShelf, TenantUnknown, load_tenants
from tests.domain.shop_file import SHOP

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop.toml").write_text(SHOP, encoding="utf-8")
    return tmp_path


def rewrite(file: Path, text: str) -> None:
    """Writes with a later time even where the file system's clock is coarse."""
    before = file.stat().st_mtime_ns
    file.write_text(text, encoding="utf-8")
    os.utime(file, ns=(before + 1_000_000, before + 1_000_000))


def test_the_demo_tenants_load() -> None:
    tenants = load_tenants(ROOT / "tenants")
    assert {"home-demo", "olist-demo"} <= set(tenants)
    assert all(key == tenant.id for key, tenant in tenants.items())
    assert tenants["olist-demo"].zone == "America/Sao_Paulo"


def test_a_shelf_reads_a_file_again_only_when_it_changed(folder: Path) -> None:
    shelf = TenantShelf(folder)
    first = shelf.get("shop")
    assert shelf.get("shop") is first
    rewrite(folder / "shop.toml", SHOP.replace("2026-12-31", "2026-12-30"))
    again = shelf.get("shop")
    assert again is not first
    assert again.closing_days != first.closing_days


def test_a_file_that_became_invalid_is_told_and_not_hidden_behind_the_old_one(folder: Path) -> None:
    shelf = TenantShelf(folder)
    shelf.get("shop")
    rewrite(folder / "shop.toml", SHOP.replace('"CNY"', '"yuan"'))
    with pytest.raises(TenantInvalid, match="currency"):
        shelf.get("shop")


def test_a_file_that_is_gone_is_an_unknown_tenant(folder: Path) -> None:
    shelf = TenantShelf(folder)
    shelf.get("shop")
    (folder / "shop.toml").unlink()
    with pytest.raises(TenantUnknown, match="shop"):
        shelf.get("shop")


@pytest.mark.parametrize("tenant", ["other", "../shop", "", "sub/shop", "..", "a\0b"])
def test_an_id_without_a_file_of_its_own_is_unknown(folder: Path, tenant: str) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "shop.toml").write_text(SHOP, encoding="utf-8")
    with pytest.raises(TenantUnknown) as caught:
        TenantShelf(folder / "sub" if tenant.startswith("..") else folder).get(tenant)
    assert caught.value.zh


def test_a_file_must_be_called_like_its_tenant(folder: Path) -> None:
    (folder / "stall.toml").write_text(SHOP, encoding="utf-8")
    with pytest.raises(TenantInvalid, match=r"stall\.toml"):
        load_tenants(folder)


def test_the_faults_of_all_files_are_told_at_once(folder: Path) -> None:
    (folder / "a.toml").write_text("id = 1\n", encoding="utf-8")
    (folder / "b.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(TenantInvalid) as caught:
        load_tenants(folder)
    told = str(caught.value)
    assert "a.toml" in told
    assert "b.toml" in told
    assert "UTF-8" in told


def test_all_tenants_come_in_the_order_of_their_ids(folder: Path) -> None:
    (folder / "stall.toml").write_text(SHOP.replace('id = "shop"', 'id = "stall"', 1), encoding="utf-8")
    assert list(TenantShelf(folder).all()) == ["shop", "stall"]
