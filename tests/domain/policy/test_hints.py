"""Under which kind the packs of home and online shop put what people write; a suggestion, never a decision."""

from __future__ import annotations

import pytest

from domain.policy.pack import Pack
from domain.policy.parse import parse_pack
from domain.suggestion import suggest
from tests.domain.packs import ROOT, home


@pytest.fixture(scope="module")
def shop() -> Pack:
    file = ROOT / "policies" / "marketplace" / "2026-11.toml"
    return parse_pack(file.read_text(encoding="utf-8"), str(file))


def first(pack: Pack, text: str) -> str | None:
    found = suggest(pack, text)
    return found[0].category if found else None


@pytest.mark.clause("HOM-TRN-02", "HOM-INS-01")
@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("岩板到货时断成两块", "transport_damage"),
        ("外箱破损，瓷砖有三片缺角", "transport_damage"),
        ("Two of the slabs arrived cracked", "transport_damage"),
        ("说好周二到，今天周五了还没到货", "transport_delay"),
        ("my order has not arrived, a week late", "transport_delay"),
        ("物流说货丢了，找不到我的货", "transport_loss"),
        ("The parcel went missing at the depot", "transport_loss"),
        ("台面接缝能塞进硬币，螺丝也松动", "installation_workmanship"),
        ("the worktop is uneven and a loose screw sticks out", "installation_workmanship"),
        ("约好上午装，师傅到晚上都没来", "installation_delay"),
        ("The installer never came on Saturday", "installation_delay"),
        ("安装师傅态度很差，还说不想干就走", "installation_attitude"),
        ("the installer was rude to my mother", "installation_attitude"),
        ("安装时把台面装坏了", "installation_workmanship"),
        ("请问你们几点下班", None),
    ],
)
def test_what_people_write_about_slabs_is_put_under_its_kind(text: str, category: str | None) -> None:
    assert first(home(), text) == category


@pytest.mark.clause("ECO-CLS-01", "ECO-WRG-01", "ECO-RMK-01", "ECO-PRE-01", "ECO-RMA-01")
@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("台灯用了两天就不亮了，质量太差", "product_quality"),
        ("The zip stopped working after a day", "product_quality"),
        ("我要蓝色的，发错成红色", "wrong_item"),
        ("You sent the wrong size, not what I ordered", "wrong_item"),
        ("备注了不要放门口，根本没看", "remark_ignored"),
        ("my note on the order was ignored: no red please", "remark_ignored"),
        ("还没发货的话帮我取消订单", "before_dispatch"),
        ("Please cancel my order before you ship it", "before_dispatch"),
        ("鞋子不合适，想退货", "return_exchange"),
        ("It does not fit, I want to return it", "return_exchange"),
        ("快递五天了物流一直不动，还没到", "logistics_delay"),
        ("The parcel is days late, still not here", "logistics_delay"),
        ("快递被别人签收了，我没拿到", "delivery_trouble"),
        ("the box was crushed, damaged in transit", "delivery_trouble"),
        ("客服态度恶劣，爱答不理", "service_attitude"),
        ("Your agent was rude and ignored me", "service_attitude"),
        ("页面承诺三年延保，现在不认", "after_sales_support"),
        ("They refuse the warranty that the page promised", "after_sales_support"),
        ("请问有没有绿色", None),
    ],
)
def test_what_people_write_to_the_shop_is_put_under_its_kind(shop: Pack, text: str, category: str | None) -> None:
    assert first(shop, text) == category
