"""The blacklist: a person decides, another one decides on appeals, and it ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain import commands as c
from domain.actor import Actor, Role
from domain.blacklist import Limit, Listed, check_appeal, check_decision, check_entry
from domain.policy.pack import Pack
from domain.refusal import Refusal
from tests.domain.packs import home
from tests.domain.pure_desk import PureDesk
from tests.moves import AGENT, MANAGER, SUPERVISOR
from tests.wary import wary

AT = datetime(2026, 11, 23, 3, tzinfo=UTC)
OTHER = Actor(id="wu", roles=(Role.SUPERVISOR,))
LISTED = Listed(
    entry_id="bl_1", complaint_id="cmp_pure", customer_id="cust-0001", limits=("complaints",), reason="勒索", clause="WRY-ABU-04",
    entered_by=SUPERVISOR.id, entered_at=AT, expires_at=AT + timedelta(days=30),
)  # fmt: skip


def refused(pack: Pack | None = None, customer: dict[str, str] | None = None) -> PureDesk:
    named = {"name": "王芳", "customer_id": "cust-0001"} if customer is None else customer
    desk = PureDesk(AT, pack=pack or wary(), content="不赔我就曝光", customer=named)
    for by, command in (
        (AGENT, c.NoteSign(sign="contradiction", note="x")),
        (AGENT, c.PresumeMalice(reason="x")),
        (MANAGER, c.CloseByDecision(outcome="refused_as_malicious", reason="x")),
    ):
        desk.does(by, command)
    return desk


def code_of(desk: PureDesk, by: Actor, days: int = 30, limits: tuple[Limit, ...] = ("purchases",)) -> str | None:
    try:
        assert check_entry(desk.case, desk.pack, by, limits, AT + timedelta(days=days), AT) == "WRY-ABU-04"
    except Refusal as refusal:
        return refusal.code
    return None


@pytest.mark.clause("FOO-ABU-04")
def test_a_supervisor_enters_the_customer_of_a_complaint_that_was_refused_as_malicious() -> None:
    assert code_of(refused(), SUPERVISOR) is None
    assert code_of(refused(), AGENT) == "wrong_role"
    assert code_of(refused(), SUPERVISOR, days=91) == "bad_expiry"
    assert code_of(refused(), SUPERVISOR, days=0) == "bad_expiry"
    assert code_of(refused(), SUPERVISOR, limits=("purchases", "purchases")) == "twice"
    assert code_of(refused(home()), SUPERVISOR) == "no_blacklist"
    assert code_of(refused(customer={"name": "王芳", "email": "wang@customer.example"}), SUPERVISOR) == "no_customer_id"
    assert code_of(PureDesk(AT, pack=wary()), SUPERVISOR) == "not_malicious"


@pytest.mark.clause("FOO-ABU-04")
def test_whoever_entered_it_decides_on_no_appeal_and_another_one_keeps_only_what_is_appealed() -> None:
    def code(by: Actor, keep: bool, listed: Listed = LISTED) -> str | None:
        try:
            check_decision(listed, wary(), by, keep=keep)
        except Refusal as refusal:
            return refusal.code
        return None

    appealed = LISTED.model_copy(update={"appeal": "x", "appealed_at": AT})
    assert code(SUPERVISOR, keep=False) == "own_decision"
    assert code(Actor(id=SUPERVISOR.id, roles=(Role.MANAGER,)), keep=False) == "own_decision"
    assert code(AGENT, keep=False) == "wrong_role"
    assert code(OTHER, keep=False) is None
    assert code(OTHER, keep=True) == "no_appeal"
    assert code(OTHER, keep=True, listed=appealed) is None
    assert code(OTHER, keep=False, listed=LISTED.model_copy(update={"decision": "removed"})) == "removed_already"


@pytest.mark.clause("FOO-ABU-04")
def test_an_appeal_is_against_what_is_in_force_and_one_at_a_time() -> None:
    assert check_appeal([LISTED], AT) == LISTED
    appealed = LISTED.model_copy(update={"appeal": "x", "appealed_at": AT})
    kept = appealed.model_copy(update={"decision": "kept", "decided_by": "wu", "decided_at": AT + timedelta(hours=1)})
    assert check_appeal([kept], AT + timedelta(hours=2)) == kept
    for listed, code in (([], "not_listed"), ([appealed], "appealed_already")):
        with pytest.raises(Refusal) as refusal:
            check_appeal(listed, AT)
        assert refusal.value.code == code
    with pytest.raises(Refusal) as refusal:
        check_appeal([LISTED], LISTED.expires_at)
    assert refusal.value.code == "not_listed"


@pytest.mark.clause("FOO-ABU-04")
@pytest.mark.parametrize(
    ("change", "stands"),
    [({}, True), ({"decision": "kept"}, True), ({"decision": "removed"}, False), ({"customer_id": None}, False)],
)
def test_it_stands_until_it_is_removed_or_its_customer_is_erased(change: dict[str, str | None], stands: bool) -> None:
    listed = LISTED.model_copy(update=change)
    assert listed.in_force(LISTED.expires_at - timedelta(microseconds=1)) is stands
    assert not listed.in_force(LISTED.expires_at)
