"""What does not fit between the books is found, and what fits is not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.effects import EffectReport
from domain.ledger import AFTER, LedgerRow
from domain.money import Money
from domain.reconciliation import Finding, StatementLine, compare, compare_cases, day_before
from domain.reconciliation_words import letter, subject
from domain.summary.period import Period

AT = datetime(2026, 11, 22, 5, tzinfo=UTC)
YESTERDAY = AT - timedelta(hours=18)
KEY = "shop:cmp_1/1/refund"
FIFTY = Money.of("50.00", "CNY")


def row(key: str = KEY, **changes: Any) -> LedgerRow:
    given: dict[str, Any] = {
        "key": key, "complaint_id": "cmp_1", "cycle": 1, "step": "refund", "kind": "refund", "partner": "payments",
        "money": FIFTY, "quantity": None, "clause": "HOM-DMG-03", "decided_by": "zhou", "state": "done", "reference": "PY-1",
        "said": "", "attempts": 1, "first_at": YESTERDAY, "last_at": YESTERDAY,
    }  # fmt: skip
    return LedgerRow(**{**given, **changes})


def line(key: str = KEY, **changes: Any) -> StatementLine:
    given: dict[str, Any] = {"key": key, "reference": "PY-1", "kind": "refund", "status": "done", "money": FIFTY, "at": YESTERDAY}
    return StatementLine(**{**given, **changes})


def found(rows: list[LedgerRow], lines: list[StatementLine], asked: dict[str, EffectReport | None] | None = None) -> list[str]:
    return [each.kind for each in compare("payments", "shop", rows, lines, asked or {}, AT)]


@given(st.lists(st.tuples(st.sampled_from(["accepted", "done", "refused"]), st.integers(1, 10**6)), max_size=8))
def test_books_that_tell_the_same_have_no_findings(effects: list[tuple[Any, int]]) -> None:
    rows, lines = [], []
    for number, (status, cents) in enumerate(effects):
        key, money = f"shop:cmp_{number}/1/refund", Money.of(Decimal(cents) / 100, "CNY")
        rows.append(row(key, state=AFTER[status], money=money))
        lines.append(line(key, status=status, money=money, reference=f"PY-{number}"))
    assert list(compare("payments", "shop", rows, lines, {}, AT)) == []


def test_what_the_partner_has_and_the_ledger_has_not() -> None:
    assert found([], [line()]) == ["not_in_ledger"]
    assert found([], [line(status="refused")]) == [], "nothing happened"
    assert found([], [line("invoice-77"), line("another:cmp_1/1/refund")]) == [], "another's business"


@pytest.mark.parametrize(
    ("state", "expected"), [("done", ["unknown_to_partner"]), ("placed", ["unknown_to_partner"]), ("refused", [])]
)
def test_what_the_ledger_has_and_the_partner_has_not(state: str, expected: list[str]) -> None:
    assert found([row(state=state)], [], {KEY: None}) == expected
    assert found([row(state=state)], []) == [], "nobody has asked"


def test_what_is_asked_after_counts_as_the_statement_does() -> None:
    done = EffectReport(reference="PY-1", status="done", at=YESTERDAY)
    assert found([row()], [], {KEY: done}) == []
    assert found([row(state="refused")], [], {KEY: done}) == ["ended_differently"]


def test_amounts_and_numbers() -> None:
    assert found([row()], [line(money=Money.of("50.01", "CNY"))]) == ["amounts_differ"]
    assert found([row()], [line(money=Money.of("50", "USD"))]) == ["amounts_differ"]
    assert found([row()], [line(money=Money.of("50", "CNY"))]) == []
    assert found([row(money=None, quantity=3)], [line(money=None, quantity=4)]) == ["amounts_differ"]


def test_one_key_with_two_numbers_of_the_partner_is_twice() -> None:
    assert found([row()], [line(), line(reference="PY-2")]) == ["twice"]
    assert found([row()], [line(), line()]) == [], "the same line told twice"
    assert found([row()], [line(), line(reference="PY-2", status="refused")]) == []


def test_a_second_attempt_that_happened_besides_the_first_is_twice() -> None:
    again = f"{KEY}/r1"
    assert found([row(state="refused"), row(again)], [line(status="refused"), line(again, reference="PY-2")]) == []
    both = found([row(state="refused"), row(again)], [line(), line(again, reference="PY-2")])
    assert sorted(both) == ["ended_differently", "twice"]


@pytest.mark.parametrize(
    ("ours", "theirs", "fits"),
    [
        ("done", "refused", False), ("refused", "done", False), ("cancelled", "done", False), ("cancelled", "accepted", False),
        ("cancelled", "refused", True), ("placed", "done", True), ("done", "accepted", True), ("unknown", "done", True),
    ],
)  # fmt: skip
def test_ends(ours: str, theirs: str, fits: bool) -> None:
    assert found([row(state=ours)], [line(status=theirs)]) == ([] if fits else ["ended_differently"])


@pytest.mark.parametrize("state", ["intended", "unknown"])
def test_what_nobody_knows_for_more_than_a_day_is_stuck(state: str) -> None:
    old = AT - timedelta(hours=25)
    assert found([row(state=state, first_at=old)], []) == ["stuck"]
    assert found([row(state=state)], []) == []
    assert found([row(state="placed", first_at=old)], []) == [], "goods take their days"
    assert found([row(state="placed", first_at=old)], [line(at=old)]) == ["stuck"], "its partner ended it, and nobody here heard"


def test_a_case_that_says_another_sum() -> None:
    told = {"cmp_1": (Decimal("50.00"), "CNY"), "cmp_2": (Decimal("10.00"), "CNY"), "cmp_3": (Decimal(0), "CNY")}
    paid = {"cmp_1": Decimal("50.000"), "cmp_4": Decimal(1)}
    (finding,) = compare_cases(paid, told, ["cmp_1", "cmp_2", "cmp_3", "cmp_4"])
    assert (finding.kind, finding.complaint_id) == ("case_differs", "cmp_2")
    assert (finding.our_money, finding.their_money) == (Money.zero("CNY"), Money.of("10.00", "CNY"))


def test_a_finding_is_the_same_one_until_it_changes() -> None:
    (first,) = compare("payments", "shop", [], [line()], {}, AT)
    (again,) = compare("payments", "shop", [], [line(money=Money.of("50", "CNY"))], {}, AT + timedelta(days=3))
    (other,) = compare("payments", "shop", [], [line(money=Money.of("51", "CNY"))], {}, AT)
    assert first.id("shop") == again.id("shop") != other.id("shop")
    assert first.id("shop") != first.id("another")


def test_the_day_before_is_a_day_of_the_tenant() -> None:
    assert day_before(datetime(2026, 11, 21, 21, tzinfo=UTC), "Asia/Shanghai") == Period(
        from_on=date(2026, 11, 21), to_on=date(2026, 11, 22), zone="Asia/Shanghai"
    )


def test_people_are_told_in_their_language_with_all_they_need_to_decide() -> None:
    period = Period(from_on=date(2026, 11, 21), to_on=date(2026, 11, 22), zone="Asia/Shanghai")
    findings: list[Finding] = list(compare("payments", "shop", [row()], [line(status="refused", reference="PY-9")], {}, AT))
    by_id = {"rcf_1": findings[0]}
    assert subject(1, period, "zh-CN") == "对账发现 1 处不符：2026-11-21"
    assert subject(2, period, "en") == "Reconciliation: 2 things do not fit, 2026-11-21"
    chinese, english = letter(by_id, [], period, "zh-CN"), letter(by_id, ["logistics"], period, "en")
    for part in (
        "rcf_1",
        "cmp_1",
        KEY,
        "PY-9",
        "本方账：done 50.00 CNY",
        "合作方记录：refused 50.00 CNY",
        "一边已完成，另一边未成",
    ):
        assert part in chinese
    for part in ("rcf_1", "our ledger: done 50.00 CNY", "the partner's books: refused 50.00 CNY", "did not answer: logistics"):
        assert part in english
