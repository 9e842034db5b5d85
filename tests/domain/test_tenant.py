from datetime import date
from pathlib import Path

import pytest

from domain.actor import Role
from domain.tenant import Tenant
from domain.tenant_file import Fault, TenantInvalid, parse_tenant
from tests.domain.shop_file import SHOP


def faults(text: str) -> dict[str, Fault]:
    with pytest.raises(TenantInvalid) as caught:
        parse_tenant(text, "shop.toml")
    return {each.key: each for each in caught.value.faults}


def changed(old: str, new: str) -> str:
    assert SHOP.count(old) >= 1
    return SHOP.replace(old, new, 1)


def test_a_tenants_file_becomes_a_tenant_that_survives_json() -> None:
    shop = parse_tenant(SHOP, "shop.toml")
    assert (shop.id, shop.name.in_("zh-CN"), shop.name.in_("en"), shop.currency) == ("shop", "小店", "Shop", "CNY")
    assert Tenant.model_validate_json(shop.model_dump_json()) == shop


def test_staff_are_found_by_role_and_department_in_the_order_of_the_file() -> None:
    shop = parse_tenant(SHOP, "shop.toml")
    assert [each.id for each in shop.staff_with(Role.AGENT)] == ["ann", "bob"]
    assert [each.id for each in shop.staff_with("department", "fitters")] == ["cem"]
    assert shop.staff_with("department", "warehouse") == ()


@pytest.mark.parametrize(("day", "acts"), [(1, "ann"), (2, "bob"), (4, "cem"), (6, "bob"), (7, "ann")])
def test_a_stand_in_acts_for_an_absent_person_and_their_stand_in_when_they_are_absent_too(day: int, acts: str) -> None:
    found = parse_tenant(SHOP, "shop.toml").stand_in("ann", date(2026, 3, day))
    assert found is not None
    assert found.id == acts


def test_nobody_acts_when_the_whole_chain_is_absent() -> None:
    away = SHOP.replace('department = "fitters"', 'department = "fitters"\nabsent = [{ from = 2026-03-04, to = 2026-03-04 }]')
    shop = parse_tenant(away, "shop.toml")
    assert shop.stand_in("ann", date(2026, 3, 4)) is None
    assert shop.stand_in("nobody", date(2026, 3, 4)) is None
    assert shop.acting("agent", date(2026, 3, 4)) == ()


def test_who_acts_in_a_role_is_named_once() -> None:
    shop = parse_tenant(SHOP, "shop.toml")
    assert [each.id for each in shop.acting(Role.AGENT, date(2026, 3, 1))] == ["ann", "bob"]
    assert [each.id for each in shop.acting(Role.AGENT, date(2026, 3, 2))] == ["bob"]


def test_all_faults_are_told_at_once_with_key_and_line() -> None:
    text = SHOP.replace('"CNY"', '"yuan"').replace('wed = ["09:00-18:00"]', 'wed = ["9-18"]')
    text = text.replace("name = { zh", "nome = { zh", 1)
    found = faults(text)
    lines = text.splitlines()
    assert set(found) == {"currency", "service_hours.wed", "name", "nome"}
    assert lines[(found["currency"].line or 0) - 1].startswith("currency")
    assert lines[(found["service_hours.wed"].line or 0) - 1].startswith("wed")
    assert found["nome"].en.startswith("is not a known key")
    assert "09:00" not in found["service_hours.wed"].en
    assert "08:30-12:00" in found["service_hours.wed"].zh


def test_a_fault_names_file_line_and_key_in_both_languages() -> None:
    with pytest.raises(TenantInvalid) as caught:
        parse_tenant(changed('"Asia/Shanghai"', '"Asia/Peking"'), "tenants/shop.toml")
    [english], [chinese] = caught.value.in_words("en"), caught.value.in_words("zh-CN")
    assert english == 'tenants/shop.toml:4: zone: "Asia/Peking" is no IANA time zone; write one such as Asia/Shanghai'
    assert chinese == "tenants/shop.toml:4: zone：“Asia/Peking”不是 IANA 时区；请写例如 Asia/Shanghai"
    assert str(caught.value) == english


@pytest.mark.parametrize("zone", ["", "Asia", "../etc", "/etc/localtime", "Asia/Peking", "UTC+8"])
def test_what_is_no_time_zone_is_refused_as_one(zone: str) -> None:
    assert "IANA" in faults(changed('"Asia/Shanghai"', f'"{zone}"'))["zone"].en


@pytest.mark.parametrize(
    ("old", "new", "key", "told"),
    [
        ('holidays = "CN"', 'holidays = "XX"', "holidays", "ISO code"),
        ('stand_in = "cem"', 'stand_in = "zoe"', "staff[1].stand_in", 'nobody has the id "zoe"'),
        ('stand_in = "cem"', 'stand_in = "bob"', "staff[1].stand_in", "bob -> bob"),
        ('id = "cem"', 'id = "bob"', "staff[2].id", "used twice"),
        ('department = "fitters"', 'department = "roofers"', "staff[2].department", "roofers"),
        ('roles = ["department"]', 'roles = ["king"]', "staff[2].roles[0]", "supervisor"),
        ('mon = ["09:00-18:00"]', "", "service_hours.mon", "working_week"),
        ('mon = ["09:00-18:00"]', 'mon = ["13:00-18:00", "09:00-12:00"]', "service_hours.mon", "out of order"),
        ('mon = ["09:00-18:00"]', 'mon = ["09:00-12:00", "11:59-18:00"]', "service_hours.mon", "overlap"),
        ('mon = ["09:00-18:00"]', 'mon = ["09:00-24:01"]', "service_hours.mon", "24:00"),
        ('mon = ["09:00-18:00"]', 'mon = ["18:00-09:00"]', "service_hours.mon", "one day"),
        ("on = 2026-12-31,", "from = 2026-12-31,", "closing_days[0]", "both from and to"),
        ("on = 2026-12-31,", 'on = "2026-12-31",', "closing_days[0].on", "valid date"),
        ("to = 2026-03-06", "to = 2026-03-01", "staff[0].absent[0]", "to lies before from"),
        ('"home@2026-11"', '"home"', "pack", "pattern"),
    ],
)
def test_a_wrong_line_is_refused_under_its_own_name(old: str, new: str, key: str, told: str) -> None:
    found = faults(changed(old, new))
    assert key in found
    assert told in found[key].en
    assert found[key].zh
    assert found[key].line is not None


def test_stand_ins_in_a_circle_are_an_error_for_each_of_the_circle_and_for_nobody_else() -> None:
    circle = SHOP.replace('department = "fitters"', 'department = "fitters"\nstand_in = "bob"')
    assert set(faults(circle)) == {"staff[1].stand_in", "staff[2].stand_in"}


def test_a_make_up_day_may_not_have_less_hours_than_the_free_day_it_replaces() -> None:
    text = changed('fri = ["09:00-18:00"]', 'fri = ["09:00-18:00"]\nsat = ["09:00-19:00"]')
    assert "09:00-18:00" in faults(text)["service_hours.sat"].en
    parse_tenant(text.replace("[[departments]]", 'make_up = ["08:00-20:00"]\n\n[[departments]]', 1), "shop.toml")


def test_text_that_is_no_toml_is_told_with_its_line() -> None:
    found = faults('id = "shop"\nname = \n')
    assert found["toml"].line == 2


def test_the_demo_shop_serves_at_weekends_and_has_a_ladder_of_people() -> None:
    file = Path(__file__).parents[2] / "tenants" / "home-demo.toml"
    shop = parse_tenant(file.read_text(encoding="utf-8"), str(file))
    counts = {role: len(shop.staff_with(role)) for role in ("agent", "supervisor", "manager", "general_manager")}
    assert counts == {"agent": 3, "supervisor": 2, "manager": 1, "general_manager": 1}
    assert len(shop.staff_with("department", "installation")) == 2
    assert shop.service_hours.of("sat")
    assert "sat" not in shop.working_week
