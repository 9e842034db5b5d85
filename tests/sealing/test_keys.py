"""Keys: made once, read by everybody, rotated, destroyed one by one."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sealing import key_file, keyring
from sealing.__main__ import app
from sealing.errors import Erased, KeysUnusable, KeyUnknown
from sealing.keyring import Keyring
from sealing.tree import DEPTH, leaf_of, plant, plant_like, secret_of, without
from settings import get_settings

LEAVES = [leaf_of(f"complaint/home-demo/cmp_{number}") for number in range(40)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "data.keys"
    key_file.make(made)
    return made


@pytest.fixture(autouse=True)
def _look_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "_LOOK_EVERY_SECONDS", 0.0)


def opens(ring: Keyring, key: str, leaf: int) -> bool:
    try:
        ring.cipher(key, leaf)
    except Erased:
        return False
    return True


def test_every_leaf_has_a_secret_of_its_own_always_the_same() -> None:
    tree = plant()
    secrets = [secret_of(tree, leaf) for leaf in LEAVES]
    assert len(set(secrets)) == len(LEAVES)
    assert None not in secrets
    assert secrets == [secret_of(tree, leaf) for leaf in LEAVES]


def test_a_destroyed_leaf_is_gone_and_every_other_is_what_it_was() -> None:
    tree = left = plant()
    for leaf in LEAVES[:10]:
        left = without(left, leaf)
    assert [secret_of(left, leaf) for leaf in LEAVES[:10]] == [None] * 10
    assert [secret_of(left, leaf) for leaf in LEAVES[10:]] == [secret_of(tree, leaf) for leaf in LEAVES[10:]]
    # No node that is left lies on the way to it: from what is kept nobody can find it again.
    paths = [format(leaf, f"0{DEPTH}b") for leaf in LEAVES[:10]]
    assert [path for path in paths if any(path.startswith(node) for node in left)] == []


def test_the_nearest_neighbour_of_a_destroyed_leaf_is_still_there() -> None:
    tree, leaf = plant(), LEAVES[0]
    left = without(without(tree, leaf), leaf)
    assert secret_of(left, leaf) is None
    assert secret_of(left, leaf ^ 1) == secret_of(tree, leaf ^ 1) is not None


def test_a_tree_planted_like_others_has_lost_what_any_of_them_has_and_nothing_else() -> None:
    one = other = plant()
    neighbours = [LEAVES[0], LEAVES[0] ^ 1]  # a branch that is gone as a whole
    for leaf in (*neighbours, *LEAVES[1:6]):
        one = without(one, leaf)
    for leaf in LEAVES[4:10]:
        other = without(other, leaf)
    fresh = plant_like([one, plant(), other])
    assert [secret_of(fresh, leaf) for leaf in (*neighbours, *LEAVES[1:10])] == [None] * 11
    kept = [secret_of(fresh, leaf) for leaf in LEAVES[10:]]
    assert None not in kept
    assert set(kept).isdisjoint(secret_of(each, leaf) for each in (one, other) for leaf in LEAVES[10:])
    assert secret_of(fresh, LEAVES[0] ^ 2) is not None


def test_only_its_owner_reads_the_key_file_and_it_is_never_overwritten(file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    with pytest.raises(FileExistsError):
        key_file.make(file)
    assert file.read_bytes() == before


def test_what_was_sealed_before_a_rotation_is_opened_after_it(file: Path) -> None:
    ring = Keyring(file)
    old = ring.newest
    sealed = ring.cipher(old, LEAVES[0]).encrypt(b"n" * 12, b"word", None)
    new = key_file.rotate(file)
    assert ring.newest == new != old  # a process that runs notices by itself
    assert Keyring(file).cipher(old, LEAVES[0]).decrypt(b"n" * 12, sealed, None) == b"word"


def test_an_erasure_destroys_the_key_under_every_generation_and_for_every_process(file: Path) -> None:
    mine, others = Keyring(file), Keyring(file)
    old = mine.newest
    new = key_file.rotate(file)
    assert opens(others, old, LEAVES[0])
    mine.destroy([LEAVES[0]])
    for ring in (mine, others, Keyring(file)):
        assert [opens(ring, key, LEAVES[0]) for key in (old, new)] == [False, False]
        assert [opens(ring, key, LEAVES[1]) for key in (old, new)] == [True, True]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    written = file.read_bytes()
    mine.destroy([LEAVES[0]])
    assert file.read_bytes() == written


def test_what_was_erased_before_a_rotation_is_not_sealed_again_after_it(file: Path) -> None:
    ring = Keyring(file)
    ring.destroy([LEAVES[0]])
    old = key_file.read(file).keys[-1].id
    second = key_file.rotate(file)
    key_file.retire(file, old)
    third = key_file.rotate(file)
    for key in (second, third):
        assert [opens(Keyring(file), key, leaf) for leaf in LEAVES[:2]] == [False, True]


def test_a_key_that_is_retired_opens_nothing_and_the_newest_cannot_be(file: Path) -> None:
    old = Keyring(file).newest
    new = key_file.rotate(file)
    with pytest.raises(ValueError):
        key_file.retire(file, new)
    key_file.retire(file, old)
    with pytest.raises(KeyUnknown):
        Keyring(file).cipher(old, LEAVES[0])


def test_a_running_process_keeps_its_keys_when_the_file_is_lost(file: Path) -> None:
    ring = Keyring(file)
    file.unlink()
    assert opens(ring, ring.newest, LEAVES[0])


def test_a_pseudonym_tells_customers_apart_only_with_the_key_file(file: Path, tmp_path: Path) -> None:
    ring = Keyring(file)
    assert ring.pseudonym("cust-1") == Keyring(file).pseudonym("cust-1") != ring.pseudonym("cust-2")
    other = tmp_path / "other.keys"
    key_file.make(other)
    assert Keyring(other).pseudonym("cust-1") != ring.pseudonym("cust-1")


def test_two_that_erase_at_once_both_have_their_way(file: Path) -> None:
    code = "import sys; from pathlib import Path; from sealing.keyring import Keyring; "
    code += "[Keyring(Path(sys.argv[1])).destroy([int(each)]) for each in sys.argv[2:]]"
    both = [subprocess.Popen([sys.executable, "-c", code, str(file), *map(str, leaves)]) for leaves in (LEAVES[:8], LEAVES[8:16])]
    assert [each.wait(60) for each in both] == [0, 0]
    ring = Keyring(file)
    assert [opens(ring, ring.newest, leaf) for leaf in LEAVES[:18]] == [False] * 16 + [True] * 2


@pytest.mark.parametrize("content", ["", "{}", "not a key file", json.dumps({"version": 2, "pepper": "", "keys": []})])
def test_what_is_no_key_file_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    wrong = tmp_path / "data.keys"
    wrong.write_text(content)
    with pytest.raises(KeysUnusable) as caught:
        Keyring(wrong)
    assert "is no key file of this program" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_the_api_without_keys_says_so_in_one_line_and_ends() -> None:
    """The worker: `tests/test_programs.py`."""
    given = {"REDRESS_DATA_KEYS_FILE": "nowhere/data.keys", "REDRESS_TOKEN_KEY": "k" * 40, "LC_ALL": "zh_CN.UTF-8"}
    ended = subprocess.run([sys.executable, "-m", "api"], env=os.environ | given, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert "没有密钥文件 nowhere/data.keys" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_keys_are_made_listed_rotated_and_retired_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDRESS_DATA_KEYS_FILE", str(tmp_path / "k" / "data.keys"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    get_settings.cache_clear()

    def sealing(*arguments: str) -> tuple[int, str]:
        ended = CliRunner().invoke(app, arguments)
        return ended.exit_code, ended.output

    def known() -> list[str]:
        return [line.split()[0] for line in sealing("keys")[1].splitlines()]

    try:
        assert sealing("rotate")[0] == 1
        assert sealing("make")[0] == 0
        again, said = sealing("make")
        assert again == 1
        assert "stays as it is" in said
        assert sealing("rotate")[0] == 0
        first, second = known()
        assert sealing("retire", second)[0] == 1
        assert sealing("retire", first)[0] == 0
        assert known() == [second]
    finally:
        get_settings.cache_clear()
