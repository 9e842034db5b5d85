from __future__ import annotations

import smtplib
from email.message import EmailMessage
from pathlib import Path

from tests.doubles import MailSink, start_mail_sink


def send(sink: MailSink, to: str, text: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "care@redress.example", to, "通知"
    message.set_content(text)
    with smtplib.SMTP("127.0.0.1", sink.smtp_port) as smtp:
        smtp.send_message(message)


def test_nothing_is_lost_when_the_sink_is_killed(tmp_path: Path) -> None:
    with start_mail_sink(tmp_path) as sink:
        send(sink, "a@example.com", "第一封\n")
        sink.client.post("/chat/staff", json={"message": "升级"})
        sink.kill()
        sink.start()
        assert [mail["text"] for mail in sink.mails("a@example.com")] == ["第一封\n"]
        assert [chat["body"] for chat in sink.chat("staff")] == [{"message": "升级"}]


def test_mails_are_found_by_recipient_newest_first(mail_sink: MailSink) -> None:
    for number in range(3):
        send(mail_sink, "Reader@example.com", f"{number}\n")
    send(mail_sink, "another@example.com", "x\n")
    assert [mail["text"] for mail in mail_sink.mails("reader@EXAMPLE.com")] == ["2\n", "1\n", "0\n"]
    newest = mail_sink.mails("reader@example.com")[0]
    one = mail_sink.client.get(f"/messages/{newest['id']}").json()
    assert one == newest
    assert one["to"] == ["Reader@example.com"]
    limited = mail_sink.client.get("/messages", params={"to": "reader@example.com", "limit": 1}).json()
    assert limited == [newest]


def test_a_mail_that_is_not_there_is_not_found(mail_sink: MailSink) -> None:
    assert mail_sink.client.get("/messages/999999").status_code == 404


def test_everything_can_be_forgotten(tmp_path: Path) -> None:
    with start_mail_sink(tmp_path) as sink:
        send(sink, "a@example.com", "x\n")
        sink.client.post("/chat/staff", json={"message": "x"})
        assert sink.client.delete("/messages").status_code == 204
        assert sink.mails() == []
        assert sink.chat("staff") == []


def test_a_chat_message_must_be_json(mail_sink: MailSink) -> None:
    assert mail_sink.client.post("/chat/staff", content=b"<xml/>").status_code == 400
