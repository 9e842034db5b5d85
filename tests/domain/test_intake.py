"""What may be filed: lengths, control characters, references to evidence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from domain.intake import Evidence, Intake, Opening
from domain.order import Customer
from tests.domain.pure_desk import SHOP, an_intake
from tests.moves import PHOTO


def test_what_people_write_is_kept_to_the_letter() -> None:
    text = "第一行\n\t第二行 — “破损” 🪨 e\u0301 \u200d"
    assert an_intake(content=text).content == text


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x0b", "\x1b", "\r", "\x7f", "\x80", "\x9f", "\ud800"])
@pytest.mark.parametrize("field", ["content", "expectation", "installation_address"])
def test_control_characters_are_refused_and_named(character: str, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        an_intake(**{field: f"a{character}b"})
    assert {error["loc"][0] for error in refused.value.errors()} == {field}


@pytest.mark.parametrize("blank", ["", " ", "\n\t ", "\u3000"])
def test_what_is_blank_is_not_content(blank: str) -> None:
    with pytest.raises(ValidationError, match="blank"):
        an_intake(content=blank)


@pytest.mark.parametrize(("field", "longest"), [("content", 4000), ("expectation", 200), ("installation_address", 200)])
def test_a_text_has_a_longest_length_in_characters(field: str, longest: int) -> None:
    assert len(getattr(an_intake(**{field: "岩" * longest}), field)) == longest
    with pytest.raises(ValidationError):
        an_intake(**{field: "岩" * (longest + 1)})


@pytest.mark.parametrize("number", ["-1", "a b", "a\n", "订单1", "x" * 65, "", "../x", "a;b"])
def test_an_order_number_is_a_plain_identifier(number: str) -> None:
    with pytest.raises(ValidationError):
        an_intake(order_number=number)


@pytest.mark.parametrize(
    "wrong", [{"channel": "fax"}, {"category": "Trans port"}, {"urgent": True}, {"evidence": (PHOTO,) * 21}, {"customer": None}]
)
def test_an_intake_has_known_fields_only(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        an_intake(**{"category": "transport_damage", **wrong})


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""}, {"name": "x" * 101}, {"email": "x" * 255}, {"phone": "1" * 33}, {"locale": "fr"}, {"customer_id": "x" * 65},
    ],
)  # fmt: skip
def test_a_customer_has_a_name_and_bounded_fields(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Customer.model_validate({"name": "王芳", **wrong})


@pytest.mark.parametrize(
    "wrong",
    [
        {"uri": "photo.jpg"}, {"uri": "s3://a b"}, {"uri": "s3:" + "x" * 1000}, {"sha256": "0" * 63}, {"sha256": "G" * 64},
        {"sha256": "A" * 64}, {"media_type": "jpeg"}, {"size": 0}, {"size": 2_000_000_001}, {"note": "x" * 201},
    ],
)  # fmt: skip
def test_evidence_is_a_reference_that_can_be_checked(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Evidence.model_validate({**PHOTO.model_dump(), **wrong})


def test_an_opening_without_a_time_zone_is_refused() -> None:
    given = {
        "tenant": "home-demo", "complaint_id": "cmp_1", "filed_by": SHOP, "intake": an_intake(), "pack": "home@2026-11",
        "pack_digest": "0" * 64, "zone": "Asia/Shanghai", "currency": "CNY",
    }  # fmt: skip
    with pytest.raises(ValidationError, match="timezone"):
        Opening.model_validate({**given, "received_at": datetime(2026, 11, 21)})  # noqa: DTZ001


def test_an_intake_reads_back_equal() -> None:
    intake = an_intake(evidence=(PHOTO,))
    assert Intake.model_validate_json(intake.model_dump_json()) == intake
