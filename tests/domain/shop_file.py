"""A small tenant's file that tests change one line at a time."""

SHOP = """\
id = "shop"
name = { zh = "小店", en = "Shop" }
pack = "home@2026-11"
zone = "Asia/Shanghai"
currency = "CNY"
holidays = "CN"
closing_days = [{ on = 2026-12-31, reason_zh = "盘点", reason_en = "stocktaking" }]

[service_hours]
mon = ["09:00-18:00"]
tue = ["09:00-18:00"]
wed = ["09:00-18:00"]
thu = ["09:00-18:00"]
fri = ["09:00-18:00"]

[[departments]]
id = "fitters"
name = { zh = "安装部", en = "Fitters" }

[[staff]]
id = "ann"
name = "Ann"
roles = ["agent", "supervisor"]
stand_in = "bob"
absent = [{ from = 2026-03-02, to = 2026-03-06 }]

[[staff]]
id = "bob"
name = "Bob"
roles = ["agent"]
stand_in = "cem"
absent = [{ from = 2026-03-04, to = 2026-03-04 }]

[[staff]]
id = "cem"
name = "Cem"
roles = ["department"]
department = "fitters"
"""
