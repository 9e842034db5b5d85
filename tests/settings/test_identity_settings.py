"""Whose tokens count: what is set wrongly is said before anything starts."""

import pytest

from settings import SettingsError, get_settings
from settings.identity import listed, pairs


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OIDC_ISSUER", "login.example.com"),
        ("OIDC_JWKS_URL", "ftp://login.example.com/keys"),
        ("OIDC_AUDIENCE", " "),
        ("OIDC_ROLES_CLAIM", ""),
        ("OIDC_ROLES", "cs-team"),
        ("OIDC_ROLES", "cs-team=agent, =manager"),
        ("CUSTOMER_LINK_KEYS", "k" * 32 + ",short"),
        ("CUSTOMER_LINK_URL", "https://shop.example/complaint"),
        ("CUSTOMER_LINK_URL", "https://shop.example/{token}/{name}"),
        ("CUSTOMER_LINK_URL", "javascript:{token}"),
    ],
)
def test_a_wrong_value_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"REDRESS_{name}", value)
    get_settings.cache_clear()
    try:
        with pytest.raises(SettingsError) as told:
            get_settings()
    finally:
        get_settings.cache_clear()
    assert f"REDRESS_{name}" in str(told.value)
    assert "\n" not in str(told.value)
    assert "short" not in str(told.value)


def test_lists_and_pairs_are_parted_by_commas() -> None:
    assert listed(" a, b ,,c") == ("a", "b", "c")
    assert pairs("cs-team=agent, a=b=manager") == (("cs-team", "agent"), ("a=b", "manager"))
