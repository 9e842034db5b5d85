from __future__ import annotations

import asyncio
import traceback
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pydantic import ValidationError

from adapters.errors import OutcomeUnknown, PartnerError, PartnerRefused, PartnerUnavailable
from adapters.mail import Attachment, Letter, SmtpMail, Tls
from tests.doubles import MailSink, free_port, wait_for


def letter(to: str = "wang@example.com", **changes: object) -> Letter:
    given: dict[str, object] = {
        "key": f"notice-{uuid.uuid4().hex}",
        "to": to,
        "subject": "您的投诉已受理：岩板破损，订单 HM-2026-0001，我们将在十分钟内与您联系并告知处理进度",
        "text": "王女士：\n\n您好！您反映的“岩板破损”已记录。\n.单独的点\n赔偿 ￥1,234.50。\n" + "长" * 1200 + "\n",
    }
    return Letter.model_validate(given | changes)


@pytest.fixture
def address() -> str:
    return f"{uuid.uuid4().hex[:10]}@example.com"


@pytest.fixture
def mail(mail_sink: MailSink) -> SmtpMail:
    return SmtpMail("127.0.0.1", mail_sink.smtp_port, "care@redress.example")


async def test_a_chinese_letter_arrives_intact(mail: SmtpMail, mail_sink: MailSink, address: str) -> None:
    sent = letter(address)
    await mail.send(sent)
    (got,) = mail_sink.mails(address)
    assert got["subject"] == sent.subject
    assert got["text"] == sent.text
    assert got["headers"]["Content-Language"] == "zh-CN"
    assert got["headers"]["From"] == "care@redress.example"


async def test_a_letter_sent_twice_is_recognised_by_its_message_id(mail: SmtpMail, mail_sink: MailSink, address: str) -> None:
    sent = letter(address)
    await mail.send(sent)
    await mail.send(sent)
    await mail.send(letter(address))
    newest, second, first = (got["message_id"] for got in mail_sink.mails(address))
    assert first == second != newest


async def test_a_mail_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(PartnerUnavailable):
        await SmtpMail("127.0.0.1", free_port(), "care@redress.example").send(letter())


@pytest.mark.parametrize(
    "change", [{"subject": "a\r\nBcc: all@example.com"}, {"to": "a@b.c,d@e.f"}, {"to": "nobody"}, {"to": "x\n@b.c"}]
)
def test_a_letter_that_would_smuggle_headers_cannot_be_written(change: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        letter(**change)


@asynccontextmanager
async def _server_saying(answers: dict[str, str]) -> AsyncIterator[int]:
    """A mail server with these answers to commands, by their first word; an empty answer hangs up, '...' keeps silent."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            answer = answers.get(line.split()[0].decode().upper() if line.split() else "", "250 ok" if line != b".\r\n" else "")
            if not answer:
                break
            if answer != "...":
                writer.write(f"{answer}\r\n".encode())
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"RCPT": "550 no such user"}, PartnerRefused),
        ({"RCPT": "451 greylisted"}, PartnerUnavailable),
        ({"MAIL": "553 not from you"}, PartnerRefused),
        ({"DATA": "452 disk full"}, PartnerUnavailable),
        ({"DATA": ""}, OutcomeUnknown),
        ({"DATA": "..."}, OutcomeUnknown),
    ],
)
async def test_each_answer_of_a_mail_server_is_named(answers: dict[str, str], error: type[PartnerError]) -> None:
    async with _server_saying(answers) as port:
        # Short only where the server keeps silent: a slow machine is no answer.
        patience = timedelta(seconds=2 if "..." in answers.values() else 30)
        mail = SmtpMail("127.0.0.1", port, "care@redress.example", timeout=patience)
        with pytest.raises(error):
            await mail.send(letter())


@pytest.mark.parametrize("stage", ["RCPT", "MAIL", "DATA"])
@pytest.mark.parametrize("status", [451, 550])
async def test_what_a_mail_server_repeats_of_a_person_is_told_to_nobody(stage: str, status: int) -> None:
    written = letter("wang.xiaoming@example.com")
    said = f"{status} <{written.to}> 王小明 13800001111"
    async with _server_saying({stage: said}) as port:
        with pytest.raises(PartnerError) as told:
            await SmtpMail("127.0.0.1", port, "care@redress.example").send(written)
    words = [str(told.value), repr(told.value), told.value.detail, *traceback.format_exception(told.value)]
    cause = told.value.__cause__
    while cause is not None:
        words += [str(cause), repr(cause)]
        cause = cause.__cause__
    assert str(status) in str(told.value)
    for personal in ("wang.xiaoming", "王小明", "13800001111"):
        assert personal not in "\n".join(words)


@pytest.mark.parametrize(("tls", "taken"), [("auto", True), ("never", True), ("always", False), ("implicit", False)])
async def test_a_server_without_encryption_gets_letters_unless_it_is_insisted_on(
    mail_sink: MailSink, address: str, tls: Tls, taken: bool
) -> None:
    mail = SmtpMail("127.0.0.1", mail_sink.smtp_port, "care@redress.example", tls=tls)
    with nullcontext() if taken else pytest.raises(PartnerUnavailable):
        await mail.send(letter(address))
    assert len(mail_sink.mails(address)) == taken


async def test_a_login_that_is_refused_is_tried_again_and_names_nobody() -> None:
    answers = {"EHLO": "250-here\r\n250 AUTH PLAIN", "AUTH": "535 no such user care@redress.example"}
    async with _server_saying(answers) as port:
        mail = SmtpMail("127.0.0.1", port, "care@redress.example", username="care@redress.example", password="s3cret")
        with pytest.raises(PartnerUnavailable) as told:
            await mail.send(letter())
    assert str(told.value) == "mail: login: 535"


async def test_fifty_letters_at_once_all_arrive(mail: SmtpMail, mail_sink: MailSink, address: str) -> None:
    await asyncio.gather(*(mail.send(letter(address)) for _ in range(50)))
    assert len(wait_for(lambda: mail_sink.mails(address))) == 50


async def test_a_letter_carries_html_and_files() -> None:
    received: list[bytes] = []

    class Kept:
        async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:
            received.append(envelope.content)
            return "250 OK"

    controller = Controller(Kept(), hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        file = Attachment(name="summary.xlsx", media_type="application/vnd.ms-excel", content=b"PK\x03\x04")
        sent = letter(text="plain 纯文本", html="<p>rich 富文本</p>", attachments=(file,))
        await SmtpMail("127.0.0.1", controller.port, "care@redress.example").send(sent)
    finally:
        controller.stop()
    [raw] = received
    message = message_from_bytes(raw, policy=default)
    plain, rich = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert rich is not None
    assert (plain.get_content().strip(), rich.get_content().strip()) == ("plain 纯文本", "<p>rich 富文本</p>")
    [attached] = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("summary.xlsx", b"PK\x03\x04")
