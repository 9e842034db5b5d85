"""What counts together, as packs say it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from domain.case import Case, Membership, Stage
from domain.incident.marks import OF_LOT, BatchMark, marks_of, recount
from domain.intake import Product
from domain.money import Money
from domain.order import OrderLine
from domain.policy.errors import PackInvalid
from domain.policy.pack import Pack
from domain.policy.parse import parse_pack
from handbook.page import page
from tests.domain.incidents import BATCHES, library, received
from tests.domain.packs import TINY, an_order

_LOST = """\
[[category]]
id = "lost_book"
group = "books"
clause = "LIB-FEE-01"
title = { zh = "遗失", en = "Lost book" }

"""
_KEY = 'key = ["category", "product", "region"]'
_OF_FEES = f'when = {{ group = "fees" }}\n{_KEY}'


def two_kinds(batches: str) -> Pack:
    """The library, with another kind of complaint beside wrong fees."""
    both = TINY.replace('category = "wrong_fee"', 'category = ["wrong_fee", "lost_book"]')
    return parse_pack(both.replace("[[fact]]", _LOST + "[[fact]]", 1) + batches, "library.toml")


@pytest.mark.clause("FOO-BAT-01")
def test_complaints_count_together_when_all_of_the_key_is_alike_however_it_was_typed() -> None:
    case, _ = received()
    [mark] = marks_of(case, library())
    assert (mark.batch, mark.threshold, mark.window) == ("one_fee", 3, timedelta(hours=24))
    assert mark.rise is not None
    assert mark.about == {"category": "wrong_fee", "product": "过期罚款", "region": "上海"}
    spaced, _ = received(product=Product(name="  过期罚款 "))
    assert marks_of(spaced, library())[0].key == mark.key
    elsewhere, _ = received(region="北京")
    assert marks_of(elsewhere, library())[0].key != mark.key


def test_a_value_that_is_not_known_counts_nothing() -> None:
    case, _ = received(region=None)
    assert marks_of(case, library()) == ()
    case, _ = received(region=None, product=Product(lot="A1"))
    mark, of_lot = marks_of(case, library())
    assert (of_lot.batch, of_lot.threshold) == (OF_LOT, None), "by which it is found when the lot is stopped"
    assert (mark.batch, mark.threshold, mark.window) == ("one_lot", 11, None)


@pytest.mark.clause("FOO-BAT-01")
def test_what_becomes_of_it_counts_anew_and_only_what_has_changed() -> None:
    pack = two_kinds(BATCHES)
    case, _ = received(product=Product(name="过期罚款", lot="A1"))
    filed = marks_of(case, pack)
    assert recount(case, (), filed) == (filed, ())
    assert recount(case, filed, filed) == ((), ()), "only what makes it countable"
    lost = case.model_copy(update={"category": "lost_book", "group": "books"})
    [moved], withdrawn = recount(lost, filed, marks_of(lost, pack))
    assert (moved.batch, moved.about["category"], withdrawn) == ("one_fee", "lost_book", ())
    found = lost.model_copy(update={"facts": {"weeks": 3}})
    assert recount(found, marks_of(lost, pack), marks_of(found, pack)) == ((), ())
    only_fees = two_kinds(BATCHES.replace(_KEY, _OF_FEES, 1))
    assert recount(lost, marks_of(case, only_fees), marks_of(lost, only_fees)) == ((), ("one_fee",))
    assert recount(case, marks_of(lost, only_fees), marks_of(case, only_fees))[0] == filed[:1]


def test_a_complaint_of_an_incident_stays_its_own_whatever_becomes_of_it() -> None:
    pack = two_kinds(BATCHES)
    case, _ = received()
    member = case.model_copy(update={"incidents": (Membership(incident="inc_1", batch="one_fee"),)})
    lost = member.model_copy(update={"category": "lost_book", "group": "books"})
    for marks in (marks_of(lost, pack), ()):
        assert recount(lost, marks_of(case, pack), marks) == ((), ())


def test_a_row_may_ask_for_what_is_found_out_later() -> None:
    pack = parse_pack(TINY + BATCHES.replace(_KEY, "when = { founded = true }\n" + _KEY, 1), "library.toml")
    case, _ = received()
    assert marks_of(case, pack) == ()
    founded = case.model_copy(update={"founded": True})
    assert [mark.batch for mark in recount(founded, marks_of(case, pack), marks_of(founded, pack)).marks] == ["one_fee"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('window = "24h"', 'window = "soon"', "24h"),
        ("at_least = 3\n", "at_least = 3\nmore_than = 4\n", "not both"),
        ('key = ["lot"]', 'key = ["colour"]', "must be"),
        ("more_than = 10\n", "", "needs `at_least`"),
        ("percent_max = 100\namount_max = { EUR = 20 }\n", "", "money needs"),
        ("points_max = 50\n", "", "points need"),
        ('suspension = { clause = "LIB-RSP-01" }', 'suspension = { clause = "LIB-NO-01" }', "unknown clause"),
    ],
)  # fmt: skip
def test_a_slip_in_a_batch_is_told(old: str, new: str, said: str) -> None:
    text = TINY + BATCHES
    assert old in text
    with pytest.raises(PackInvalid, match=re.escape(said)):
        parse_pack(text.replace(old, new, 1), "library.toml")


def test_the_handbook_says_what_counts_together_in_both_languages() -> None:
    english, chinese = page(library(), "en"), page(library(), "zh-CN")
    assert "3 or more within 24 hours; or 5 or more within 24 hours and 2.5 times as many as in the 4 weeks before" in english
    assert "11 or more on one day" in english
    assert "24小时内达 3 起" in chinese
    assert "可暂停批次销售（LIB-RSP-01）" in chinese


def _ordered(case: Case, *lines: tuple[str, str], destination: str | None = None) -> Case:
    """The order is known now, with these skus and names."""
    price = Money.of("10.00", "EUR")
    bought = tuple(OrderLine(sku=sku, name=name, quantity=1, price=price) for sku, name in lines)
    order = an_order("100.00", "EUR").model_copy(update={"lines": bought, "destination": destination})
    return case.model_copy(update={"order": order, "order_check": "found"})


def _marked(case: Case) -> BatchMark | None:
    return next((mark for mark in marks_of(case, library()) if mark.batch == "one_fee"), None)


@pytest.mark.clause("FOO-BAT-01", "LOY-URG-05")
def test_who_gives_the_sku_and_who_gives_the_name_count_together_once_the_order_is_known() -> None:
    two = (("MK-950", "鲜牛奶 950ml"), ("TF-400", "豆腐 400g"))
    by_sku, _ = received(product=Product(sku="mk-950"), order_number="1")
    by_name, _ = received(product=Product(name="鲜牛奶  950ML"), order_number="1")
    by_both, _ = received(product=Product(sku="MK-950", name="牛奶"))
    other, _ = received(product=Product(name="豆腐 400g"), order_number="1")
    assert _marked(by_name) is None, "a burst would count under the name and then under the sku"
    withdrawn = _marked(by_name.model_copy(update={"stage": Stage.CLOSED}))
    assert withdrawn
    assert withdrawn.about["product"] == "鲜牛奶 950ML", "nobody looks its order up any more"
    sku, name, both = (_marked(case) for case in (by_sku, _ordered(by_name, *two), by_both))
    assert sku
    assert name
    assert both
    assert sku.key == name.key == both.key
    assert (sku.about["product"], name.about["product"], both.about["product"]) == ("mk-950", "鲜牛奶 950ML", "牛奶")
    tofu = _marked(_ordered(other, *two))
    assert tofu
    assert tofu.key != sku.key
    unknown = _marked(_ordered(by_name, ("TF-400", "豆腐 400g")))
    assert unknown
    assert unknown.about["product"] == "鲜牛奶 950ML", "what the order does not know is what people call it"
    without, _ = received(product=Product(name="鲜牛奶 950ml"))
    bare = without.model_copy(update={"order_check": "not_needed"})
    assert _marked(bare) == _marked(without), "without an order there is nothing to wait for"


@pytest.mark.clause("FOO-BAT-01", "LOY-URG-05")
def test_nothing_named_is_the_one_thing_that_the_order_holds_and_where_it_went() -> None:
    silent, _ = received(product=None, region=None, order_number="1")
    assert _marked(silent) is None
    mark = _marked(_ordered(silent, ("MK-950", "鲜牛奶 950ml"), destination="上海"))
    assert mark
    assert mark.about == {"category": "wrong_fee", "product": "鲜牛奶 950ml", "region": "上海"}
    said, _ = received(product=Product(sku="MK-950"), region="上海")
    assert mark.key == getattr(_marked(said), "key", None)
    assert _marked(_ordered(silent, ("MK-950", "鲜牛奶"), ("TF-400", "豆腐"), destination="上海")) is None, "which of the two?"
    assert _marked(_ordered(silent, ("MK-950", "鲜牛奶"))) is None, "sent to nobody knows where"
    elsewhere, _ = received(product=None, region="北京", order_number="1")
    assert getattr(_marked(_ordered(elsewhere, ("MK-950", "鲜牛奶"), destination="上海")), "about", {})["region"] == "北京"


@pytest.mark.clause("LOY-URG-05")
def test_complaints_against_different_merchants_are_no_one_thing() -> None:
    pack = parse_pack(TINY + BATCHES.replace(_KEY, 'key = ["category", "against"]', 1), "library.toml")
    keys = []
    for against in ("山谷咖啡", " 山谷咖啡 ", "晴川数码", None):
        case, _ = received(against=against)
        keys.append(next((mark.key for mark in marks_of(case, pack) if mark.batch == "one_fee"), None))
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3
    assert keys[3] is None
