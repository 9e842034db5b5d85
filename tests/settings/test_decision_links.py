"""What approvers' links are signed with, and which addresses they may have."""

import pytest

from settings import Settings, SettingsError, get_settings
from settings.deciding import decision_secrets

OWN, TOKENS = "k" * 40, "t" * 40


def chosen(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    for name, value in {"TOKEN_KEY": TOKENS, **variables}.items():
        monkeypatch.setenv(f"REDRESS_{name}", value)
    get_settings.cache_clear()
    try:
        return get_settings()
    finally:
        get_settings.cache_clear()


def test_links_have_keys_of_their_own_or_the_token_key_where_tokens_are_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert decision_secrets(chosen(monkeypatch)) == (TOKENS,)
    assert decision_secrets(chosen(monkeypatch, DECISION_LINK_KEYS=f"{OWN}, {TOKENS}")) == (OWN, TOKENS)


def test_with_an_issuer_of_the_company_there_are_no_links_without_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    assert decision_secrets(chosen(monkeypatch, OIDC_ISSUER="https://login.shop.example")) == ()


def test_the_address_is_a_base_without_a_slash_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen(monkeypatch, DECISION_LINK_URL="https://redress.example/").decision_link_url == "https://redress.example"
    assert chosen(monkeypatch, DECISION_LINK_URL="").decision_link_url == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [("DECISION_LINK_URL", "redress.example"), ("DECISION_LINK_URL", "https://x/?t="), ("DECISION_LINK_KEYS", "short")],
)
def test_what_would_not_work_is_told_by_its_name_and_keys_are_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        chosen(monkeypatch, **{name: value})
    assert f"REDRESS_{name}" in str(caught.value)
    assert name.endswith("URL") or value not in str(caught.value)
