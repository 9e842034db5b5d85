"""Signatures as the specification has them: the documents' own example, and everything that is nearly one."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from adapters.webhook_signature import NoSecret, fits, key_of, sign
from domain.webhooks import KINDS
from worker.courier import WAITS

SECRET = "whsec_c2VjcmV0IGFzIGxvbmcgYXMgaXQgaGFzIHRvIGJl"


@pytest.mark.parametrize("document", ["docs/webhooks.md", "docs/webhooks.zh-CN.md"])
def test_the_documents_example_is_true(document: str) -> None:
    text = Path(document).read_text(encoding="utf-8")
    (body,) = re.findall(r"```json\n(\{\"event_id\".*?\})\n```", text)
    (signature,) = re.findall(r"`(v1,[A-Za-z0-9+/=]{44})`", text)
    assert sign([key_of(SECRET)], "evt_01", "1795000000", body.encode()) == signature
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    known: dict[str, object] = {}
    exec(code, known)
    verify = known["fits"]
    headers = {"webhook-id": "evt_01", "webhook-timestamp": "1795000000", "webhook-signature": f"v1,none {signature}"}
    assert callable(verify)
    assert verify(SECRET, headers, body.encode()) is True
    assert verify(SECRET, headers, b"another") is False
    for name in KINDS:
        assert name in text or f"`.{name.removeprefix('complaint.')}`" in text, name
    assert len(WAITS) == 11


def test_each_of_several_secrets_signs() -> None:
    header = sign([b"old", b"new"], "msg_1", "1", b"{}")
    assert fits(b"old", header, "msg_1", "1", b"{}")
    assert fits(b"new", header, "msg_1", "1", b"{}")
    assert not fits(b"third", header, "msg_1", "1", b"{}")


@pytest.mark.parametrize(
    ("header", "message_id", "timestamp", "body"),
    [
        ("", "msg_1", "1", b"{}"),
        ("v1,", "msg_1", "1", b"{}"),
        ("v2,{}", "msg_1", "1", b"{}"),
        ("{}", "msg_1", "1", b"{}"),
        ("v1,{}", "msg_2", "1", b"{}"),
        ("v1,{}", "msg_1", "2", b"{}"),
        ("v1,{}", "msg_1", "1", b"{ }"),
        ("v1,{}é€", "msg_1", "1", b"{}"),
    ],
)
def test_what_is_nearly_a_signature_is_none(header: str, message_id: str, timestamp: str, body: bytes) -> None:
    digest = sign([b"key"], "msg_1", "1", b"{}").removeprefix("v1,")
    assert fits(b"key", f"v1,{digest}", "msg_1", "1", b"{}")
    assert not fits(b"key", header.format(digest), message_id, timestamp, body)


def test_a_secret_is_a_text_or_base64_or_stands_in_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SECRET", f" {SECRET}\n")
    assert key_of("env:A_SECRET") == key_of(SECRET) == base64.b64decode(SECRET.removeprefix("whsec_"))
    assert key_of("a plain one") == b"a plain one"


@pytest.mark.parametrize("secret", ["env:NO_SUCH_SECRET", "whsec_", "whsec_hidden!", "env:POINTS_ON"])
def test_what_is_no_secret_is_told_without_showing_it(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POINTS_ON", "env:A_SECRET")
    with pytest.raises(NoSecret) as told:
        key_of(secret)
    assert "hidden" not in str(told.value)
