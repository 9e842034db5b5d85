"""Forgetting a customer: nothing of the person is left, every figure is, and the journal still adds up to the case."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from bench import laws
from domain.actor import Actor, Role
from domain.erasure import ERASED, ERASED_IN, MARK, forget
from domain.fold import replay
from domain.intake import Evidence, Intake
from domain.journal import Closed, Entry, Event, Received
from domain.order import Customer, Order
from domain.story.tell import tell
from tests.domain.pure_desk import PureDesk, sample_order
from tests.domain.test_journal_round_trip import AT, SAMPLES
from tests.moves import CATEGORIES, PHOTO, likely_move

# Texts that name nobody: ids of ours and of packs, words of packs and of the calendar, goods, regions, staff, partners' numbers.
KEPT = {
    "Received": {"tenant", "complaint_id", "pack", "pack_digest", "zone", "currency", "group", "level"},
    "Intake": {"category", "bought_through", "region", "against_staff", "member_tier"},
    "Details": {"bought_through", "region", "against_staff"},
    "Product": {"sku", "name", "specification", "lot"},
    "Classified": {"category", "group", "level", "severity", "rows", "before"},
    "Reclassified": {"category", "group", "before"},
    "Evidence": {"media_type"},
    "Order": {"status", "carrier", "seller", "origin", "destination"},
    "Route": {"carrier"},
    "OrderLine": {"sku", "name"},
    "Money": {"currency"},
    "Assigned": {"assignee", "why", "route", "loads"},
    "Consulted": {"department", "route"},
    "OpinionGiven": {"department"},
    "OpinionDropped": {"department"},
    "HandOverOffered": {"to", "route"},
    "HandOverDeclined": {"unanswered"},
    "Assessed": {"facts", "liable"},
    "HandedOver": {"assignee"},
    "EscalatedByHand": {"assignee"},
    "StepOrdered": {"reference"},
    "StepFailed": {"code"},
    "CallOffRefused": {"code"},
    "CommandRefused": {"command", "code"},
    "RemedyPlan": {"row_id", "clause", "clauses"},
    "PlannedStep": {"id", "clause", "deadline", "after", "freight_paid_by", "department"},
    "Item": {"sku"},
    "Wording": {"zh", "en"},
    "DayNote": {"zh", "en"},
    "DeadlineMet": {"by"},
    "DeadlineSet": {"name", "clause"},
    "Explanation": {"clause"},
    "Escalated": {"person"},
    "NoticeSent": {"notice", "to", "channels"},
    "SignNoted": {"row"},
    "NoticeFailed": {"notice", "to"},
    "FollowUpPlanned": {"row"},
    "FollowUpDue": {"row"},
    "SurveyAnswered": {"answers"},
    "IncidentJoined": {"incident", "batch"},
    "ExtraGranted": {"incident", "decided_by"},
    "IncidentTold": {"incident"},
    "LotSuspended": {"incident", "lot"},
    "LotReleased": {"incident", "lot"},
}
KEPT_EVERYWHERE = {"step", "key", "owner"}
PERSON = ("王小明", "13800138000", "xiaoming@secret.example", "cust-secret", "SO-SECRET", "秘密路", "机密", "s3://secret")


def texts(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[tuple[str, str, str]]:
    """Every field that may hold any text: its model, its name, and the name of the field that its model stands in."""
    for name, field in model.model_fields.items():
        inner = list(models_in(field.annotation))
        for each in inner:
            if each not in seen:
                seen.add(each)
                yield from (
                    (owner, text, name if owner == each.__name__ else inside) for owner, text, inside in texts(each, seen)
                )
        if not inner and str in plain_types(field.annotation):
            yield model.__name__, name, ""


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models_in(part)


def plain_types(annotation: Any) -> set[Any]:
    return {annotation} | {found for part in get_args(annotation) for found in plain_types(part)}


def test_every_text_of_the_journal_is_known_to_name_a_person_or_not() -> None:
    """A field that is added later has to be put on one of the two lists."""
    events: tuple[type[BaseModel], ...] = get_args(get_args(Event)[0])
    unknown = {
        (owner, name)
        for event in events
        for owner, name, inside in texts(event, set())
        if name not in ERASED
        and (inside, name) not in ERASED_IN
        and name not in KEPT_EVERYWHERE
        and name not in KEPT.get(owner, set())
    }
    assert unknown == set()


def secret_intake(category: str) -> Intake:
    photo = Evidence(uri="s3://secret/photo.jpg", sha256="ab" * 32, media_type="image/jpeg", size=9, note="机密照片")
    return Intake(
        category=category, channel="app", content="机密：家里没人。", expectation="机密：退款", order_number="SO-SECRET",
        customer=Customer(name="王小明", customer_id="cust-secret", phone="13800138000", email="xiaoming@secret.example"),
        installation_address="秘密路 1 号", evidence=(photo,),
    )  # fmt: skip


@pytest.mark.parametrize("event", SAMPLES, ids=lambda event: event.kind)
def test_an_entry_of_any_kind_is_forgotten_once_and_stays_of_its_kind(event: Any) -> None:
    first = Entry(seq=1, at=AT, by=Actor(id="shop", roles=(Role.INTAKE,)), event=SAMPLES[0])
    customer = Actor(id="cust-secret", roles=(Role.CUSTOMER,))
    second = Entry(seq=2, at=AT, by=customer, clauses=("HOM-TRN-03",), event=event)
    if isinstance(event, Received):
        pytest.skip("the first entry only")
    entries, _ = forget((first, second))
    assert forget(entries)[0] == entries
    assert (entries[1].event.kind, entries[1].clauses, entries[1].at, entries[1].by.id) == (
        event.kind,
        ("HOM-TRN-03",),
        AT,
        "erased",
    )


@pytest.mark.parametrize("seed", range(24))
def test_a_forgotten_journal_keeps_every_law_and_every_figure(seed: int) -> None:
    chance = Random(seed)
    at = datetime(2026, 9, 15, tzinfo=UTC) + timedelta(hours=chance.randrange(900))
    desk = PureDesk(at, CATEGORIES[seed % len(CATEGORIES)], sample_order("1000.00", at))
    received = desk.journal[0].event
    assert isinstance(received, Received)
    for _ in range(30):
        desk.until(desk.now + timedelta(minutes=chance.randrange(1, 2000)))
        desk.does(*likely_move(chance.choice, desk.case, desk.now))
        desk.carry_out(lambda state: "done")
        desk.plan()
    journal = list(desk.journal)
    journal[0] = journal[0].model_copy(
        update={"event": received.model_copy(update={"intake": secret_intake(received.intake.category)})}
    )
    before = replay(journal)
    entries, case = forget(journal)
    laws.check_all(desk.pack, entries, case)
    written = json.dumps([entry.model_dump(mode="json") for entry in entries], ensure_ascii=False) + case.model_dump_json()
    assert [word for word in PERSON if word in written] == []
    figures = (
        "stage",
        "outcome",
        "decided",
        "paid",
        "breaches",
        "escalations",
        "deadlines_met",
        "rating",
        "cycle",
        "closed_at",
        "facts",
    )
    assert [getattr(case, name) for name in figures] == [getattr(before, name) for name in figures]
    assert [(e.at, e.clauses, e.event.kind) for e in entries] == [(e.at, e.clauses, e.event.kind) for e in journal]
    for entry in entries:
        assert tell(entry, case, desk.pack, "zh-CN")


def test_why_the_software_closed_a_complaint_is_kept_and_what_a_person_wrote_is_not() -> None:
    first = Entry(seq=1, at=AT, by=Actor(id="shop", roles=(Role.INTAKE,)), event=SAMPLES[0])
    told = {}
    for role in (Role.SYSTEM, Role.SUPERVISOR):
        closed = Closed(outcome="unfounded", reason="order_not_found")
        entries, _ = forget((first, Entry(seq=2, at=AT, by=Actor(id="x", roles=(role,)), event=closed)))
        event = entries[1].event
        assert isinstance(event, Closed)
        told[role] = event.reason
    assert told == {Role.SYSTEM: "order_not_found", Role.SUPERVISOR: MARK}


def test_an_order_keeps_what_was_bought_and_where_it_went() -> None:
    order = sample_order("999.00", AT).model_copy(update={"phone": "13800138000", "carrier": "SF", "destination": "上海"})
    first = Entry(seq=1, at=AT, by=Actor(id="shop", roles=(Role.INTAKE,)), event=SAMPLES[0])
    checked = SAMPLES[1].model_copy(update={"order": order})
    _, case = forget((first, Entry(seq=2, at=AT, by=Actor(id="redress", roles=(Role.SYSTEM,)), event=checked)))
    assert isinstance(case.order, Order)
    assert (case.order.number, case.order.phone, case.order.customer_id) == ("erased", None, None)
    assert (case.order.carrier, case.order.destination, case.order.paid) == ("SF", "上海", order.paid)
    assert case.evidence == (PHOTO.model_copy(update={"uri": "erased:evidence"}),)
