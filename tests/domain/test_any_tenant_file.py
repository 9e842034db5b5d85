"""Whatever stands in a company's file: it is a company, or its faults are told with their lines. No secret is told with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from domain.tenant import Tenant
from domain.tenant_file import TenantInvalid, parse_tenant

HOME = Path("tenants/home-demo.toml").read_text(encoding="utf-8")
SECRET = "whsec_" + "c2VjcmV0IGFzIGxvbmcgYXMgaXQgaGFzIHRvIGJl"
WEBHOOK = f'[[webhooks]]\nid = "erp"\nurl = "https://erp.example/hook?key=hidden"\nsecrets = ["{SECRET}"]\nevents = []\n'
QUICK = settings(max_examples=80, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
_VALUES = st.sampled_from(
    ["0", "nan", "true", '""', '"x"', '"\\u0000"', "[]", "{}", "[[]]", "[{}]", "2027-01-01", '{ zh = "一" }']
)


def read(text: str) -> Tenant | None:
    """The company; None where its faults were told properly."""
    try:
        return parse_tenant(text, "any.toml")
    except TenantInvalid as invalid:
        told = invalid
    assert told.faults
    for fault in told.faults:
        assert fault.en
        assert fault.zh
        assert fault.line is None or 1 <= fault.line <= max(len(text.splitlines()), 1)
    for locale in ("en", "zh-CN"):
        assert all("any.toml" in line for line in told.in_words(locale))
        assert "c2VjcmV0" not in str(told.in_words(locale))
        assert "hidden" not in str(told.in_words(locale))
    return None


@st.composite
def _damaged(draw: st.DrawFn) -> str:
    lines = (HOME + WEBHOOK).splitlines()
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        if "=" in lines[at] and draw(st.booleans()):
            lines[at] = f"{lines[at].split('=')[0]}= {draw(_VALUES)}"
        else:
            lines[at] = draw(st.text(max_size=30) | st.just(""))
    return "\n".join(lines)


@QUICK
@given(_damaged())
def test_a_damaged_file(text: str) -> None:
    read(text)


@QUICK
@given(st.text())
@example("a = " + "[" * 10_000)
@example(f"a = {'9' * 5_000}")
@example(HOME + WEBHOOK.replace("secrets = [", "secrets = ").replace('"]', '"'))
@example(HOME + WEBHOOK.replace("whsec_", ""))
@example(HOME + WEBHOOK.replace("https://", "https://me:hidden@"))
@example(HOME + WEBHOOK.replace("https://", "ftp://"))
@example(HOME + WEBHOOK.replace("events = []", 'events = ["complaint.lost"]'))
@example(HOME + WEBHOOK.replace("events = []", f'event = "{SECRET}"'))
@example(HOME + WEBHOOK + WEBHOOK)
@example(HOME + f'[partners]\nwebhook_secrets = "{SECRET}"\n')
def test_any_text_at_all(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize("secret", [SECRET, "env:ERP_SECRET"])
def test_subscriptions_are_part_of_a_company(secret: str) -> None:
    tenant = read(HOME + WEBHOOK.replace(SECRET, secret))
    assert tenant is not None
    (erp,) = tenant.webhooks
    assert erp.wants("complaint.closed")
    assert erp.host == "erp.example"
    assert secret not in repr(tenant)
    assert "hidden" not in repr(tenant)
