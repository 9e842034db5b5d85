"""Versions never change: a variant extends one by replacing, adding and removing rows, and the digest tells texts apart."""

import hashlib

import pytest

from domain.policy import registry
from domain.policy.errors import PackInvalid, PackMissing
from domain.policy.parse import parse_pack
from tests.domain.packs import TINY, changed, home, tiny

VARIANT = """\
name = "branch"
version = "2027-02"
title = { zh = "分馆", en = "Branch library" }
source = "A branch."
extends = "library@2027-01"
remove = { approval = ["any_refund"] }

[[deadline]]
id = "answer"
clause = "LIB-RSP-01"
title = { zh = "回应", en = "Answer" }
starts = ["received"]
met_by = ["responded"]
within = "30m"
clock = "business"
owner = "agent"
ladder = "up"

[[advice]]
id = "smile"
clause = "LIB-RSP-01"
on = "received"
text = { zh = "微笑", en = "Smile" }
"""


def test_a_variant_replaces_adds_and_removes_rows_by_id() -> None:
    base, variant = tiny(), parse_pack(VARIANT, "branch.toml", tiny())
    assert variant.ref == "branch@2027-02"
    assert [row.id for row in variant.deadline] == [row.id for row in base.deadline]
    assert str(variant.deadline_of("answer").budget) == "30m business"
    assert str(base.deadline_of("answer").budget) == "1h business"
    assert variant.approval == ()
    assert [row.id for row in variant.advice] == ["smile"]
    assert variant.remedy == base.remedy
    assert variant.confirm == base.confirm


def test_a_variant_without_its_base_is_refused() -> None:
    with pytest.raises(PackInvalid, match=r"branch.toml:5: extends library@2027-01, which was not found"):
        parse_pack(VARIANT, "branch.toml")
    with pytest.raises(PackInvalid, match="which was not found"):
        parse_pack(VARIANT, "branch.toml", home())


def test_a_variant_that_removes_what_others_need_is_refused() -> None:
    text = changed(VARIANT, 'approval = ["any_refund"]', 'ladder = ["up"]')
    with pytest.raises(PackInvalid, match="unknown ladder 'up'"):
        parse_pack(text, "branch.toml", tiny())


def test_a_variant_that_removes_what_is_not_there_is_refused() -> None:
    text = changed(VARIANT, "any_refund", "any_refnud")
    with pytest.raises(PackInvalid, match=r"branch.toml:6: unknown \[\[approval\]\] of library@2027-01 'any_refnud'"):
        parse_pack(text, "branch.toml", tiny())


def test_a_gap_that_a_variant_opens_is_found() -> None:
    text = changed(VARIANT, 'approval = ["any_refund"]', 'remedy = ["stale"]')
    with pytest.raises(PackInvalid, match="gap: no remedy for wrong_fee with weeks = 10"):
        parse_pack(text, "branch.toml", tiny())


def test_only_a_variant_removes_rows() -> None:
    text = changed(TINY, 'version = "2027-01"\n', 'version = "2027-01"\nremove = { advice = ["x"] }\n')
    with pytest.raises(PackInvalid, match="only a variant"):
        parse_pack(text, "tiny.toml")


def test_the_digest_is_of_the_text_and_of_the_base() -> None:
    assert tiny().digest == hashlib.sha256(TINY.encode()).hexdigest()
    with_a_note = parse_pack(TINY + "# note\n", "tiny.toml")
    assert with_a_note.digest != tiny().digest
    assert parse_pack(VARIANT, "branch.toml", tiny()).digest != parse_pack(VARIANT, "branch.toml", with_a_note).digest


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_shelf", {})


@pytest.mark.usefixtures("shelf")
def test_a_complaint_finds_exactly_the_pack_it_is_pinned_to() -> None:
    registry.install([tiny(), home()])
    registry.install([tiny()])
    assert registry.pack_for("library@2027-01", tiny().digest) is tiny()
    assert registry.released("home@2026-11") is home()
    with pytest.raises(PackMissing, match="this worker has no library@2027-01 with digest 0123"):
        registry.pack_for("library@2027-01", "0123")
    with pytest.raises(PackMissing):
        registry.latest("branch")


@pytest.mark.usefixtures("shelf")
def test_a_released_version_never_changes() -> None:
    registry.install([tiny()])
    with pytest.raises(ValueError, match="give the changed text a new version"):
        registry.install([parse_pack(TINY + "# note\n", "tiny.toml")])


@pytest.mark.usefixtures("shelf")
def test_the_latest_version_counts_numbers_not_letters() -> None:
    for version in ("2027-02.10", "2027-02.9", "2027-02"):
        registry.install([parse_pack(changed(TINY, "2027-01", version), "tiny.toml")])
    assert registry.latest("library").version == "2027-02.10"
