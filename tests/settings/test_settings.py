import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from settings import Settings, SettingsError, get_settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No variables, keys or `.env` of the person who runs the tests."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"REDRESS_{name}".upper(), raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.chdir(tmp_path)
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("REDRESS_API_PORT", "80x", "The variable REDRESS_API_PORT is '80x': expected a whole number."),
        ("REDRESS_API_PORT", "70000", "The variable REDRESS_API_PORT is '70000': expected 65535 or less."),
        ("REDRESS_TEMPORAL_ADDRESS", "temporal", "is 'temporal': expected host:port, for example 127.0.0.1:7233."),
        ("REDRESS_PARTNERS_URL", "shop:8100", "is 'shop:8100': expected an address that begins with http:// or https://."),
        ("REDRESS_LOG_LEVEL", "loud", "REDRESS_LOG_LEVEL is 'loud': expected 'debug', 'info', 'warning' or 'error'."),
        ("REDRESS_SMTP_TLS", "ssl", "REDRESS_SMTP_TLS is 'ssl': expected 'auto', 'always', 'never' or 'implicit'."),
        ("REDRESS_SMTP_PASSWORD", "hunter2", "REDRESS_SMTP_PASSWORD is …: a password without a name to log in with"),
        ("REDRESS_PORT_OFFSET", "many", "The variable REDRESS_PORT_OFFSET is 'many': expected a whole number."),
    ],
)
def test_a_wrong_value_is_one_line_that_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as caught:
        get_settings()
    assert expected in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_a_wrong_value_is_told_in_chinese_to_who_reads_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setenv("REDRESS_API_PORT", "80x")
    monkeypatch.setenv("REDRESS_BEHIND_TLS", "perhaps")
    with pytest.raises(SettingsError) as caught:
        get_settings()
    assert sorted(str(caught.value).splitlines()) == [
        "环境变量 REDRESS_API_PORT 为 '80x'：应为整数。",
        "环境变量 REDRESS_BEHIND_TLS 为 'perhaps'：应为 true 或 false。",
    ]


def test_a_wrong_key_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDRESS_TOKEN_KEY", "hunter2")
    with pytest.raises(SettingsError) as caught:
        get_settings()
    assert "hunter2" not in str(caught.value)
    assert "REDRESS_TOKEN_KEY" in str(caught.value)


@pytest.mark.parametrize(("secrets", "good"), [("hunter2", False), (f"{'s' * 16}, hunter2", False), (f"{'s' * 16}, env:S", True)])
def test_partners_sign_with_what_cannot_be_guessed(monkeypatch: pytest.MonkeyPatch, secrets: str, good: bool) -> None:
    monkeypatch.setenv("REDRESS_PARTNER_WEBHOOK_SECRET", secrets)
    if good:
        assert get_settings().partner_webhook_secret == secrets
        return
    with pytest.raises(SettingsError, match="expected 16 characters or more for each") as caught:
        get_settings()
    assert "hunter2" not in str(caught.value)


def test_a_process_with_a_wrong_value_ends_with_that_line_and_no_traceback() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", "import settings; settings.get_settings()"],
        cwd=ROOT,
        env={"REDRESS_SMTP_PORT": "0", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (1, "The variable REDRESS_SMTP_PORT is '0': expected 1 or more.\n")


def test_an_offset_moves_every_port_but_the_one_that_was_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDRESS_PORT_OFFSET", "100")
    monkeypatch.setenv("REDRESS_SMTP_PORT", "2525")
    found = get_settings()
    assert found.temporal_address == "127.0.0.1:7333"
    assert (found.temporal_ui_port, found.api_port, found.mail_http_port) == (8333, 8100, 8126)
    assert (found.api_url, found.partners_url) == ("http://127.0.0.1:8100", "http://127.0.0.1:8200")
    assert found.smtp_port == 2525


def test_the_keys_of_the_embedded_stack_serve_where_none_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert get_settings().token_key == ""
    get_settings.cache_clear()
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "dev.key").write_text("k" * 43 + "\n")
    assert get_settings().token_key == "k" * 43
    get_settings.cache_clear()
    monkeypatch.setenv("REDRESS_TOKEN_KEY", "s" * 32)
    assert get_settings().token_key == "s" * 32


def test_the_login_of_the_mail_server_is_read_and_its_password_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (get_settings().smtp_username, get_settings().smtp_password, get_settings().smtp_tls) == ("", "", "auto")
    get_settings.cache_clear()
    for name, value in {"USERNAME": "care", "PASSWORD": "hunter2", "TLS": "Always"}.items():
        monkeypatch.setenv(f"REDRESS_SMTP_{name}", value)
    found = get_settings()
    assert (found.smtp_username, found.smtp_password, found.smtp_tls) == ("care", "hunter2", "always")
    assert "hunter2" not in repr(found) + str(found)


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
