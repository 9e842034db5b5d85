"""Keys of commands: what tells two of them apart, and what is remembered."""

from __future__ import annotations

import pytest

from domain import commands as c
from domain.actor import Actor, Role
from domain.commands import Receipt, Signed
from domain.given import Given
from domain.receipts import REMEMBERED, CommandId, Receipts, command_id, read_command_id
from domain.refusal import Refusal

LIN = Actor(id="lin", roles=(Role.AGENT,))
RESPOND = Signed[c.Respond](by=LIN, command=c.Respond(message="已登记"))


def given(number: int) -> Given:
    return Given(key=f"key-{number:018d}", body="b" * 12, stage="verifying", revision=number)


def test_an_id_is_read_as_it_was_written_and_others_are_nobodys_key() -> None:
    id = command_id(RESPOND, "a key / 王芳")
    assert read_command_id(str(id)) == id
    assert "王芳" not in str(id)
    for other in ("try-1", "0b5b0c0e-6d0f-4d9a-9a53-3b1c7d0f8a11", "wyHk5zW0L3aP", "a.b", ""):
        assert read_command_id(other) is None


def test_person_command_and_key_make_the_key_and_the_rest_makes_the_body() -> None:
    id = command_id(RESPOND, "k")
    as_supervisor = Signed[c.Respond](by=Actor(id="lin", roles=(Role.SUPERVISOR,)), command=RESPOND.command)
    assert command_id(as_supervisor, "k") == id, "another role of the same person is the same person"
    other = command_id(Signed[c.Respond](by=LIN, command=c.Respond(message="别的")), "k")
    assert (other.key == id.key, other.body == id.body) == (True, False)
    zhao = Signed[c.Respond](by=Actor(id="zhao", roles=(Role.AGENT,)), command=RESPOND.command)
    progress = Signed[c.ReportProgress](by=LIN, command=c.ReportProgress(message="已登记"))
    keys = {command_id(signed, key).key for signed in (RESPOND, zhao, progress) for key in ("k", "l")}
    assert len(keys) == 6


def test_the_first_receipt_comes_again_and_another_body_is_refused() -> None:
    receipts = Receipts([given(7)])
    key = given(7).key
    first = Receipt(complaint_id="cmp", stage="verifying", revision=7)
    assert receipts.first("cmp", CommandId(key, "b" * 12)) == first
    assert receipts.first("cmp", CommandId("unknown", "b" * 12)) is None
    with pytest.raises(Refusal) as refused:
        receipts.first("cmp", CommandId(key, "c" * 12))
    assert (refused.value.code, refused.value.field) == ("key_reused", "Idempotency-Key")


def test_a_run_hands_on_the_newest_and_never_more_than_fits_into_a_start() -> None:
    receipts = Receipts(given(number) for number in range(1, REMEMBERED + 100))
    receipts.keep(given(REMEMBERED + 100))
    handed_on = receipts.all
    assert (len(handed_on), handed_on[-1].revision) == (REMEMBERED, REMEMBERED + 100)
    assert sum(len(each.model_dump_json()) for each in handed_on) < 100_000
