"""The codec: what Temporal keeps says nothing, comes back whole, and opens nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.converter import ActivitySerializationContext, WorkflowSerializationContext
from temporalio.exceptions import ApplicationError

from sealing import key_file
from sealing.codec import ENCODING, SealingCodec, scope_of
from sealing.converter import SealingConverter, sealing_converter
from sealing.errors import Erased, Forged
from sealing.keyring import Keyring

MINE, OTHER = "complaint/home-demo/cmp_mine", "complaint/home-demo/cmp_other"
WORD = {"name": "王芳", "phone": "13800138000"}


@pytest.fixture
def ring(tmp_path: Path) -> Keyring:
    key_file.make(tmp_path / "data.keys")
    return Keyring(tmp_path / "data.keys")


@pytest.fixture
def converter(ring: Keyring) -> SealingConverter:
    return sealing_converter(ring)


def of(converter: SealingConverter, workflow_id: str) -> SealingConverter:
    return converter.with_context(WorkflowSerializationContext(namespace="default", workflow_id=workflow_id))


async def test_what_is_sealed_shows_nothing_and_comes_back_whole(converter: SealingConverter) -> None:
    mine = of(converter, MINE)
    (sealed,) = await mine.encode([WORD])
    assert sealed.metadata["encoding"] == ENCODING
    shown = sealed.SerializeToString()
    assert "王芳".encode() not in shown
    assert b"13800138000" not in shown
    assert b"json/plain" not in shown
    assert await mine.decode([sealed], [dict]) == [WORD]


async def test_the_same_word_is_never_sealed_alike_and_costs_little(converter: SealingConverter) -> None:
    mine = of(converter, MINE)
    first, second = await mine.encode([WORD, WORD])
    assert first.data != second.data
    plain = mine.payload_converter.to_payload(WORD)
    assert first.ByteSize() - plain.ByteSize() <= 120


async def test_an_activity_opens_what_its_workflow_sealed(converter: SealingConverter) -> None:
    (sealed,) = await of(converter, MINE).encode([WORD])
    activity = ActivitySerializationContext(
        namespace="default", activity_id="1", activity_type="x", activity_task_queue="q", workflow_id=MINE,
        workflow_type="y", is_local=True,
    )  # fmt: skip
    assert await converter.with_context(activity).decode([sealed], [dict]) == [WORD]


async def test_what_says_where_it_belongs_is_enough_to_open_it(converter: SealingConverter) -> None:
    (sealed,) = await of(converter, MINE).encode([WORD])
    assert await converter.decode([sealed], [dict]) == [WORD]


async def test_a_payload_of_another_complaint_is_not_opened(converter: SealingConverter) -> None:
    (sealed,) = await of(converter, MINE).encode([WORD])
    with pytest.raises(Forged):
        await of(converter, OTHER).decode([sealed], [dict])


async def test_what_was_changed_is_not_opened(converter: SealingConverter) -> None:
    mine = of(converter, MINE)
    (sealed,) = await mine.encode([WORD])
    changed = Payload(metadata=sealed.metadata, data=sealed.data[:-1] + bytes([sealed.data[-1] ^ 1]))
    relabelled = Payload(
        metadata={**sealed.metadata, "key": sealed.metadata["key"].replace(b"home-demo", b"home-dem0")}, data=sealed.data
    )
    nameless = Payload(metadata={**sealed.metadata, "key": b"what"}, data=sealed.data)
    for payload in (changed, relabelled, nameless):
        with pytest.raises(Forged):
            await converter.decode([payload], [dict])


async def test_the_name_of_a_key_has_an_end(converter: SealingConverter, ring: Keyring) -> None:
    endless = Payload(metadata={"encoding": ENCODING, "key": f"{ring.newest}/home-demo/{'f' * 200_000}".encode()}, data=b"x" * 40)
    with pytest.raises(Forged, match="another program"):
        await converter.decode([endless], [dict])


async def test_what_an_operator_signals_from_a_terminal_is_understood(converter: SealingConverter, ring: Keyring) -> None:
    """In plain, or sealed by the codec endpoint, which does not know the complaint, under the key of the tenant."""
    plain = converter.payload_converter.to_payload(WORD)
    (by_endpoint,) = await SealingCodec(ring, scope_of("operator/home-demo/-")).encode([plain])
    assert await of(converter, MINE).decode([plain, by_endpoint], [dict, dict]) == [WORD, WORD]


async def test_reviews_of_a_tenant_share_its_key_and_schedules_know_them(converter: SealingConverter) -> None:
    (sealed,) = await of(converter, "review/home-demo/transport").encode([WORD])
    assert await of(converter, "review/home-demo/transport-2026-11-01T06:00:00Z").decode([sealed], [dict]) == [WORD]


async def test_an_erased_complaint_is_neither_opened_nor_sealed_and_the_next_one_is(
    converter: SealingConverter, ring: Keyring
) -> None:
    (sealed,) = await of(converter, MINE).encode([WORD])
    (others,) = await of(converter, OTHER).encode([WORD])
    ring.destroy([scope_of(MINE).leaf])
    with pytest.raises(Erased):
        await converter.decode([sealed], [dict])
    with pytest.raises(Erased):
        await of(converter, MINE).encode([WORD])
    assert await of(converter, OTHER).decode([others], [dict]) == [WORD]


async def test_a_failure_shows_neither_its_message_nor_its_trace(converter: SealingConverter) -> None:
    mine = of(converter, MINE)
    written = Failure()
    try:
        raise ApplicationError("王芳 lives here", "13800138000", type="Told")
    except ApplicationError as error:
        await mine.encode_failure(error, written)
    shown = written.SerializeToString()
    assert "王芳".encode() not in shown
    assert b"13800138000" not in shown
    assert b"test_codec.py" not in shown
    back = await mine.decode_failure(written)
    assert isinstance(back, ApplicationError)
    assert (back.message, back.type, list(back.details)) == ("王芳 lives here", "Told", ["13800138000"])
