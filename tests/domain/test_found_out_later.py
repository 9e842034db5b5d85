"""A complaint turns out to be something else: what the new kind needs is named, and whom it is about no longer has it."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from domain import commands as c
from domain import journal as j
from domain.actor import Actor, Role
from domain.case_facts import found_facts
from domain.fold import replay
from domain.intake import Details, Product
from domain.policy.pack import Pack
from domain.policy.parse import parse_pack
from domain.story.tell import tell
from tests.domain.packs import changed
from tests.domain.pure_desk import PureDesk
from tests.domain.ranked import NOON, RANKED
from tests.moves import AGENT, PHOTO

LIN = Actor(id="lin", roles=(Role.AGENT,))
NEEDS = 'required = ["contact", "customer.customer_id", "against_staff", "product.lot", "evidence"]'


def library() -> Pack:
    """The library's procedure, in which a complaint about a clerk has to name a good deal."""
    title = 'title = { zh = "态度恶劣", en = "Rude clerk" }'
    return parse_pack(changed(RANKED, title, f"{title}\n{NEEDS}"), "library.toml")


def a_complaint(**intake: Any) -> PureDesk:
    desk = PureDesk(NOON, "wrong_fee", pack=library(), **intake)
    desk.file.say(j.Assigned(assignee="lin", why="least_loaded"))
    return desk


def reclassify(desk: PureDesk, category: str | None = "rude_clerk", **fields: Any) -> Any:
    return desk.does(AGENT, c.Reclassify(category=category, reason="通话录音", **fields))


def test_a_complaint_is_not_put_where_it_could_not_have_been_filed_and_everything_missing_is_named() -> None:
    desk = a_complaint(customer={"name": "王芳", "phone": "138"})
    refusal = reclassify(desk)
    assert refusal.code == "fields_missing"
    for field in ("details.customer_id", "details.against_staff", "details.product.lot", "attach_evidence"):
        assert field in refusal.en
        assert field in refusal.zh
    assert "details.phone" not in refusal.en
    assert desk.case.category == "wrong_fee"
    said = Details(customer_id="c-7", against_staff="zhao", product=Product(lot="L-1"))
    assert reclassify(desk, details=said).code == "fields_missing", "the evidence"
    assert desk.does(AGENT, c.AttachEvidence(evidence=(PHOTO,), ours=True)) is None
    assert reclassify(desk, details=said, rests_on=(PHOTO.sha256,)) is None
    assert desk.case.category == "rude_clerk"
    assert (desk.case.intake.customer.customer_id, desk.case.intake.against_staff) == ("c-7", "zhao")
    assert desk.case.assignee == "lin", "it is not about them"
    assert replay(desk.journal) == desk.case


def test_what_the_intake_has_said_already_is_not_asked_again() -> None:
    desk = a_complaint(product=Product(name="卡", lot="L-1"), against_staff="zhao", evidence=(PHOTO,))
    assert reclassify(desk) is None
    assert reclassify(desk, None, details=Details(product=Product(lot="L-2"))) is None
    assert desk.case.intake.product == Product(name="卡", lot="L-2"), "field by field"


def test_whoever_turns_out_to_be_complained_of_loses_the_complaint_and_may_do_nothing_with_it() -> None:
    desk = a_complaint()
    assert desk.does(LIN, c.Respond(message="已登记")) is None
    assert reclassify(desk, None, details=Details(against_staff="lin")) is None
    assert desk.case.assignee is None
    assert found_facts(desk.case)["complained_of_staff"] is True
    for command in (c.Verify(founded=False, findings="没有此事"), c.HandOver(to="lin", reason="我来")):
        refusal = desk.does(LIN if isinstance(command, c.Verify) else AGENT, command)
        assert refusal is not None
        assert refusal.code == "complained_of"


def test_an_offer_to_whoever_turns_out_to_be_complained_of_is_off() -> None:
    desk = a_complaint()
    desk.file.say(j.HandOverOffered(to="zhao"))
    assert reclassify(desk, None, details=Details(against_staff="zhao")) is None
    assert (desk.case.assignee, desk.case.offered) == ("lin", None)


def test_another_customer_or_another_order_is_another_complaint() -> None:
    desk = a_complaint()
    for details in (Details(order_number="HM-2"), Details(customer_id="cust-9"), Details(email="li@customer.example")):
        refusal = reclassify(desk, None, details=details)
        [name] = details.given()
        assert (refusal.code, refusal.field) == ("known_already", f"details.{name}")
    assert reclassify(desk, None, details=Details(order_number="HM-2026-0001")).code == "nothing_changed"


def test_an_order_that_is_named_later_is_looked_up() -> None:
    desk = a_complaint(order_number=None)
    desk.file.say(j.OrderChecked(result="not_needed"))
    assert reclassify(desk, None, details=Details(order_number="HM-2026-0001")) is None
    assert desk.case.order_check == "pending"


def test_a_reclassification_rests_on_evidence_that_is_attached() -> None:
    desk = a_complaint()
    refusal = reclassify(desk, "stolen_card", rests_on=(PHOTO.sha256,))
    assert (refusal.code, refusal.field) == ("evidence_unknown", "rests_on[0]")
    assert desk.does(AGENT, c.AttachEvidence(evidence=(PHOTO,), ours=True)) is None
    assert reclassify(desk, "stolen_card", rests_on=(PHOTO.sha256,)) is None
    [said] = [entry.event for entry in desk.journal if isinstance(entry.event, j.Reclassified)]
    assert said.rests_on == (PHOTO.sha256,)


def test_the_story_says_what_was_added_and_what_it_rests_on_and_names_nobody() -> None:
    desk = a_complaint(evidence=(PHOTO,))
    assert reclassify(desk, None, details=Details(against_staff="zhao", region="华东"), rests_on=(PHOTO.sha256,)) is None
    languages: tuple[Literal["en", "zh-CN"], ...] = ("en", "zh-CN")
    said = {language: " ".join(tell(entry, desk.case, desk.pack, language) for entry in desk.journal) for language in languages}
    assert "added to what the complaint says: which employee it is about; the region." in said["en"]
    assert "It rests on one piece of evidence." in said["en"]
    assert "补充投诉信息：被投诉的员工；地区" in said["zh-CN"]
    assert "依据凭证 1 份。" in said["zh-CN"]


@pytest.mark.parametrize("field", ["customer_id", "phone", "email"])
def test_what_goes_into_the_head_of_a_mail_is_one_line(field: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        Details.model_validate({field: "a\nBcc: b@c.example"})
