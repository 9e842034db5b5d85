from __future__ import annotations

import uuid

import pytest

from adapters.chat import AppriseChat, Message
from adapters.errors import OutcomeUnknown, PartnerRefused
from tests.doubles import MailSink, free_port


async def test_a_notice_reaches_its_channel(mail_sink: MailSink) -> None:
    channel = uuid.uuid4().hex
    await AppriseChat().send(Message(channel=mail_sink.chat_url(channel), title="投诉升级", body="HM-2026-0001 已超时 5 分钟"))
    (got,) = mail_sink.chat(channel)
    assert got["body"]["title"] == "投诉升级"
    assert got["body"]["message"] == "HM-2026-0001 已超时 5 分钟"


@pytest.mark.parametrize("url", ["nosuch://somewhere", "not an address", "wecombot://"])
async def test_a_channel_that_cannot_exist_is_refused_without_telling_its_secret(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(PartnerRefused) as refused:
        await AppriseChat().send(Message(channel=url, title="x", body="y"))
    assert refused.value.code == "bad_channel"
    assert "somewhere" not in str(refused.value)
    assert caplog.text == ""


async def test_a_channel_that_does_not_confirm_is_unknown(caplog: pytest.LogCaptureFixture) -> None:
    secret = "s3cret-token"
    with pytest.raises(OutcomeUnknown) as unknown:
        await AppriseChat().send(Message(channel=f"json://127.0.0.1:{free_port()}/{secret}", title="x", body="y"))
    assert secret not in str(unknown.value) + caplog.text
