"""E-mail to customers and staff."""

from __future__ import annotations

import hashlib
import ssl
from datetime import timedelta
from email.message import EmailMessage
from email.utils import formatdate
from typing import Literal, Protocol

import aiosmtplib
from pydantic import BaseModel, ConfigDict, Field

from adapters.errors import OutcomeUnknown, PartnerRefused, PartnerUnavailable
from domain.order import Locale

# auto: STARTTLS when the server offers it, and encrypted from the first byte on port 465; always: STARTTLS or nothing is sent;
# never; implicit: encrypted from the first byte on any port.
Tls = Literal["auto", "always", "never", "implicit"]
_START_TLS: dict[Tls, bool | None] = {"auto": None, "always": True, "never": False}
_SUBMISSIONS = 465
ONE_LINE = r"^[^\r\n]*$"


class Attachment(BaseModel):
    """A file that goes with a letter."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[\w.@ -]+$", max_length=100)
    media_type: str = Field(pattern=r"^[\w.+-]+/[\w.+-]+$")
    content: bytes


class Letter(BaseModel):
    """One mail to one person."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(min_length=1, description="Names the letter: sent twice it has one Message-ID, and readers show it once.")
    to: str = Field(pattern=r"^[^@\s,<>]+@[^@\s,<>]+$", max_length=254)
    subject: str = Field(min_length=1, pattern=ONE_LINE)
    text: str
    html: str | None = Field(default=None, description="The same for those who read HTML.")
    attachments: tuple[Attachment, ...] = ()
    locale: Locale = "zh-CN"


class Mail(Protocol):
    """Carries letters."""

    async def send(self, letter: Letter) -> None:
        """Hand the letter to the mail system, which then answers for it.

        Raises PartnerRefused (the address or the letter will never be taken; code is `smtp_<status>`), PartnerUnavailable (not
        taken now), OutcomeUnknown (the connection broke while sending: send again with the same key).
        """


class SmtpMail(Mail):
    """One SMTP connection a letter: letters are rare, and a kept connection would break in its own ways."""

    def __init__(
        self,
        host: str,
        port: int,
        sender: str,
        *,
        username: str | None = None,
        password: str | None = None,
        tls: Tls = "auto",
        tls_context: ssl.SSLContext | None = None,
        timeout: timedelta = timedelta(seconds=10),
    ) -> None:
        """`tls_context`: the certificates to trust; the machine's own when absent. `timeout`: of each step of the exchange."""
        self._host = host
        self._port = port
        self._sender = sender
        self._login = (username, password or "") if username else None
        self._implicit = tls == "implicit" or (tls == "auto" and port == _SUBMISSIONS)
        self._start_tls = False if self._implicit else _START_TLS[tls]
        self._tls_context = tls_context
        self._timeout = timeout.total_seconds()

    async def send(self, letter: Letter) -> None:
        message = self._message(letter)
        client = aiosmtplib.SMTP(
            hostname=self._host, port=self._port, use_tls=self._implicit, start_tls=self._start_tls,
            tls_context=self._tls_context, timeout=self._timeout,
        )  # fmt: skip
        stage = "connect"
        try:
            await client.connect()
            if self._login:
                stage = "login"
                await client.login(*self._login)
        except (aiosmtplib.SMTPException, OSError) as error:
            client.close()
            raise PartnerUnavailable("mail", f"{stage}: {_named(error)}") from None
        try:
            await client.send_message(message)
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refusal("recipient", error.recipients[0].code) from None
        except aiosmtplib.SMTPResponseException as error:
            raise _refusal(_STAGES.get(type(error), "send"), error.code) from None
        except aiosmtplib.SMTPNotSupported:
            raise PartnerRefused("mail", "smtp_not_supported", "the mail server cannot take this letter") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise OutcomeUnknown("mail", f"send: {_named(error)}") from None
        finally:
            client.close()

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["Message-ID"] = f"<{hashlib.sha256(letter.key.encode()).hexdigest()[:40]}@{self._sender.rpartition('@')[2]}>"
        message["Date"] = formatdate()
        message["From"] = self._sender
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        if letter.html is not None:
            message.add_alternative(letter.html, subtype="html")
        for file in letter.attachments:
            family, _, kind = file.media_type.partition("/")
            message.add_attachment(file.content, maintype=family, subtype=kind, filename=file.name)
        message["Content-Language"] = letter.locale  # after the text, which takes every Content- header with it
        return message


# Mail servers repeat addresses in their answers, and these errors reach logs and histories: they tell the stage and the code of
# the answer, and are raised `from None`, so that no cause tells more.
_STAGES: dict[type[Exception], str] = {aiosmtplib.SMTPSenderRefused: "sender", aiosmtplib.SMTPDataError: "data"}


def _named(error: Exception) -> str:
    return str(error.code) if isinstance(error, aiosmtplib.SMTPResponseException) else type(error).__name__


def _refusal(stage: str, code: int) -> PartnerRefused | PartnerUnavailable:
    """SMTP says with 5xx *never*, with 4xx *not now*; -1 stands for no status at all."""
    if code >= 500:
        return PartnerRefused("mail", f"smtp_{code}", stage)
    return PartnerUnavailable("mail", f"{stage}: {code}")
