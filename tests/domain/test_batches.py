"""What counts together, as packs say it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from domain.incident.marks import OF_LOT, marks_of
from domain.intake import Product
from domain.policy.errors import PackInvalid
from domain.policy.parse import parse_pack
from handbook.page import page
from tests.domain.incidents import BATCHES, library, received
from tests.domain.packs import TINY


@pytest.mark.clause("FOO-BAT-01")
def test_complaints_count_together_when_all_of_the_key_is_alike_however_it_was_typed() -> None:
    case, entry = received()
    [mark] = marks_of(case, library(), [entry])
    assert (mark.batch, mark.threshold, mark.window) == ("one_fee", 3, timedelta(hours=24))
    assert mark.rise is not None
    assert mark.about == {"category": "wrong_fee", "product": "过期罚款", "region": "上海"}
    spaced, again = received(product=Product(name="  过期罚款 "))
    assert marks_of(spaced, library(), [again])[0].key == mark.key
    other, elsewhere = received(region="北京")
    assert marks_of(other, library(), [elsewhere])[0].key != mark.key


def test_a_value_that_is_not_known_counts_nothing() -> None:
    case, entry = received(region=None)
    assert marks_of(case, library(), [entry]) == ()
    case, entry = received(region=None, product=Product(lot="A1"))
    mark, of_lot = marks_of(case, library(), [entry])
    assert (of_lot.batch, of_lot.threshold) == (OF_LOT, None), "by which it is found when the lot is stopped"
    assert (mark.batch, mark.threshold, mark.window) == ("one_lot", 11, None)
    assert marks_of(case, library(), []) == (), "only the entry that makes it countable"


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
