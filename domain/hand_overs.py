"""Handing a complaint over: at once, or (`[handover] acceptance = true`) once the other one has said that they take it."""

from __future__ import annotations

from collections.abc import Sequence

from domain import commands as c
from domain import journal as j
from domain.actor import Actor
from domain.case import Case, Offer
from domain.journal import Event
from domain.policy.pack import Pack
from domain.refusal import Refusal


def check_not_complained_of(case: Case, by: Actor) -> None:
    """Nobody acts on a complaint about themselves, nor in the place of whom it is about. Raises Refusal `complained_of`."""
    about = case.intake.against_staff
    if about is not None and about in (by.id, by.acting_for) and by.of_the_house:
        raise Refusal(
            "complained_of",
            zh="该投诉针对您本人或您所代理的人，您不能处理",
            en="this complaint is about you, or about whose place you take; somebody else has to handle it",
        )


def waiting_offer(case: Case) -> Offer | None:
    """The hand-over that waits for a word; None also where the complaint has gone to somebody else since."""
    return case.offered if case.offered is not None and case.offered.giver == case.assignee else None


def hand_over(case: Case, pack: Pack, by: Actor, command: c.HandOver) -> Sequence[Event]:
    if command.to == case.assignee:
        raise Refusal("same_assignee", field="to", zh="该投诉已由此人负责", en="this person already has the complaint")
    if command.to == case.intake.against_staff:
        raise Refusal("complained_of", field="to", zh="该投诉针对此人，不能移交给其本人", en="the complaint is about this person")
    # Whoever takes it themselves has accepted it, and where nobody has it nobody can stay responsible.
    if pack.handover is None or not pack.handover.acceptance or by.id == command.to or case.assignee is None:
        return [j.HandedOver(assignee=command.to, reason=command.reason)]
    offer = waiting_offer(case)
    if offer is not None and offer.to == command.to:
        raise Refusal(
            "already_offered",
            field="to",
            zh="已向此人提出移交，请待其接手或拒绝",
            en="it was offered to this person, who has not said yet",
        )
    return [j.HandOverOffered(to=command.to, reason=command.reason)]


def take_over(case: Case, by: Actor) -> Sequence[Event]:
    offer = _offered_to(case, by)
    giver = offer.giver or "-"
    return [j.HandedOver(assignee=by.id, reason=f"accepted from {giver} / 接自 {giver}")]


def decline(case: Case, by: Actor, command: c.DeclineHandOver) -> Sequence[Event]:
    _offered_to(case, by)
    return [j.HandOverDeclined(reason=command.reason)]


def _offered_to(case: Case, by: Actor) -> Offer:
    offer = waiting_offer(case)
    if offer is None:
        raise Refusal("nothing_offered", zh="没有待接手的移交", en="no hand-over waits to be taken")
    if offer.to != by.id:
        raise Refusal(
            "offered_to_other", zh=f"移交对象为 {offer.to}，须由其本人答复", en=f"it was offered to {offer.to}, who has to say"
        )
    return offer
