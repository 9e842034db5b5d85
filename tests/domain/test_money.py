"""Money: exact, never negative, rounded once and half up."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.money import Money, minor_digits, round_money

fen = st.integers(0, 10**11).map(lambda cents: Money.of(Decimal(cents) / 100, "CNY"))


@pytest.mark.parametrize(
    ("exact", "currency", "rounded"),
    [
        ("0.005", "CNY", "0.01"), ("0.00499999999999", "CNY", "0.00"), ("1.115", "CNY", "1.12"), ("1.125", "CNY", "1.13"),
        ("2.675", "USD", "2.68"), ("0.5", "JPY", "1"), ("1.4999", "JPY", "1"), ("0.0005", "KWD", "0.001"),
    ],
)  # fmt: skip
def test_half_a_minor_unit_is_rounded_up(exact: str, currency: str, rounded: str) -> None:
    assert round_money(Decimal(exact), currency) == Money.of(rounded, currency)


@pytest.mark.parametrize("amount", ["-0.01", "NaN", "Infinity", "-Infinity", "sNaN", "1234567890123.45", "1e14"])
def test_what_is_no_amount_of_money_is_refused(amount: str) -> None:
    with pytest.raises((ValidationError, InvalidOperation)):
        Money.of(amount, "CNY")


@pytest.mark.parametrize(("amount", "currency"), [("0.001", "CNY"), ("12.345", "USD"), ("0.5", "JPY"), ("0.0001", "KWD")])
def test_an_amount_finer_than_the_minor_unit_is_refused_and_not_rounded(amount: str, currency: str) -> None:
    with pytest.raises(ValidationError, match=f"at most {minor_digits(currency)} decimals"):
        Money.of(amount, currency)


@pytest.mark.parametrize("currency", ["cny", "RMB1", "", "¥"])
def test_a_currency_is_three_capital_letters(currency: str) -> None:
    with pytest.raises(ValidationError):
        Money.of(1, currency)


def test_trailing_zeros_are_no_finer_amount() -> None:
    assert Money.of("12.3000", "CNY") == Money.of("12.3", "CNY")
    assert str(Money.of("1E+3", "CNY")) == "1000.00 CNY"


def test_currencies_do_not_mix() -> None:
    yuan, dollar = Money.of(1, "CNY"), Money.of(1, "USD")
    for mixed in (lambda: yuan + dollar, lambda: yuan - dollar, lambda: yuan < dollar, lambda: yuan <= dollar):
        with pytest.raises(ValueError, match="cannot mix CNY and USD"):
            mixed()


def test_more_cannot_be_taken_than_is_there() -> None:
    with pytest.raises(ValueError):
        Money.of("1.00", "CNY") - Money.of("1.01", "CNY")


def test_nothing_is_falsy_and_a_fen_is_not() -> None:
    assert not Money.zero("CNY")
    assert Money.of("0.01", "CNY")


@given(fen, fen)
def test_what_is_added_can_be_taken_away_again(a: Money, b: Money) -> None:
    assert (a + b) - b == a
    assert a <= a + b
    assert (a < a + b) == bool(b)


@given(fen, st.decimals(0, 100, places=2))
def test_a_percentage_is_within_half_a_fen_of_the_exact_figure(money: Money, percent: Decimal) -> None:
    exact = money.amount * percent / 100
    assert abs(money.percent(percent).amount - exact) <= Decimal("0.005")
    assert money.percent(percent) <= money


@given(fen)
def test_money_reads_back_equal(money: Money) -> None:
    assert Money.model_validate_json(money.model_dump_json()) == money
