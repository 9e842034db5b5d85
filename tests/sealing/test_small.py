"""Payloads become smaller before they are sealed, and whole again afterwards."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from temporalio.api.common.v1 import Payload

from sealing.errors import Forged
from sealing.small import made_small, made_whole
from tests.house import ROOT

LIST = 185538988


def said(history: str) -> Iterator[bytes]:
    """Every payload of a golden history, as it is sealed."""

    def walk(value: Any) -> Iterator[bytes]:
        if isinstance(value, dict):
            if isinstance(value.get("metadata"), dict) and "data" in value:
                data = base64.b64decode(value["data"])
                yield Payload(metadata={"encoding": b"json/plain"}, data=data).SerializeToString()
            for inner in value.values():
                yield from walk(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner)

    yield from walk(json.loads((ROOT / "tests" / "workflows" / "histories" / f"{history}.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("history", ["lost_with_claim", "declined_then_accepted", "paused_and_resumed"])
def test_what_a_complaint_says_becomes_half_as_large(history: str) -> None:
    messages = list(said(history))
    assert sum(len(made_small(each)) for each in messages) < 0.6 * sum(len(each) for each in messages)
    assert [made_whole(made_small(each)) for each in messages] == messages


@given(st.binary(max_size=2000))
def test_every_message_comes_back_as_it_was(data: bytes) -> None:
    message = Payload(data=data).SerializeToString()
    assert made_whole(made_small(message)) == message


def test_what_gains_nothing_stays_as_it_is() -> None:
    message = Payload(data=bytes(range(256))).SerializeToString()
    assert made_small(message) == message


def test_what_was_made_with_another_list_says_so() -> None:
    other = zlib.compressobj(zdict=b"another list of phrases")
    with pytest.raises(Forged, match="another version"):
        made_whole(other.compress(b"phrases" * 20) + other.flush())


def test_what_is_cut_off_or_changed_is_no_message() -> None:
    small = made_small(Payload(data=b'{"tenant":"","complaint_id":""}' * 20).SerializeToString())
    with pytest.raises(Forged):
        made_whole(small[:-3])
    with pytest.raises(Forged):
        made_whole(small[:8] + bytes([small[8] ^ 0xFF]) + small[9:-4] + b"\0\0\0\0")


def test_the_list_of_phrases_never_changes() -> None:
    """Histories that were made with it could not be read any more: a better list is another file."""
    assert zlib.adler32((ROOT / "sealing" / "phrases-1.txt").read_bytes()) == LIST
