"""What the embedded stack runs, in which order, and how each part shows that it is ready."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url

from settings import PREFIX, STATE_DIR, Settings
from settings.language import text
from stack.health import Probe, answers_http, polls, serves_temporal
from stack.ports import Port
from stack.temporal_server import server_command


@dataclass(frozen=True)
class Part:
    """One process. A part without a probe runs once to its end, and is ready when it ended with exit code 0."""

    name: str  # also the name of its log
    title: str
    command: list[str]
    ready: Probe | None = None
    after: tuple[str, ...] = ()
    ports: tuple[Port, ...] = ()
    addresses: Mapping[str, str] = field(default_factory=dict)  # title -> address, for the person who starts it
    patience: float = 60  # seconds until ready
    grace: float = 10  # seconds from SIGTERM to SIGKILL


def redress_parts(settings: Settings) -> list[Part]:
    """All of Redress on this machine."""
    temporal_host, _, temporal_port = settings.temporal_address.rpartition(":")
    ui_url = f"http://{temporal_host}:{settings.temporal_ui_port}"
    mails_url = f"http://{settings.smtp_host}:{settings.mail_http_port}"
    partners = urlsplit(settings.partners_url)
    partners_host, partners_port = partners.hostname or "127.0.0.1", partners.port or 80
    return [
        Part(
            name="temporal",
            title=text("Temporal server", "Temporal 服务器"),
            command=server_command(
                STATE_DIR / "temporal.db", temporal_host, int(temporal_port), settings.temporal_ui_port, _codec(settings)
            ),
            ready=serves_temporal(settings.temporal_address, settings.temporal_namespace),
            ports=(
                Port(int(temporal_port), "Temporal", "REDRESS_TEMPORAL_ADDRESS", temporal_host),
                Port(settings.temporal_ui_port, "Temporal UI", "REDRESS_TEMPORAL_UI_PORT", temporal_host),
            ),
            addresses={text("Temporal UI", "Temporal 界面"): ui_url, "Temporal (gRPC)": settings.temporal_address},
        ),
        Part(
            name="migrate",
            title=text("Database schema", "数据库结构"),
            command=_module("storage", "migrate"),
            addresses={text("Database", "数据库"): make_url(settings.database_url).render_as_string(hide_password=True)},
        ),
        Part(
            name="partners",
            title=text("Partner systems", "合作方系统"),
            command=_module("partners"),
            ready=answers_http(f"{settings.partners_url}/healthz"),
            ports=(Port(partners_port, text("partners", "合作方系统"), "REDRESS_PARTNERS_URL", partners_host),),
            addresses={text("Partner systems", "合作方系统"): f"{settings.partners_url}/docs"},
        ),
        Part(
            name="mailsink",
            title=text("Mail sink", "邮件接收器"),
            command=_module("partners.mailsink"),
            ready=answers_http(f"{mails_url}/healthz"),
            ports=(
                Port(settings.smtp_port, "SMTP", "REDRESS_SMTP_PORT", settings.smtp_host),
                Port(settings.mail_http_port, text("mails", "邮件"), "REDRESS_MAIL_HTTP_PORT", settings.smtp_host),
            ),
            addresses={text("Mails sent", "已发邮件"): f"{mails_url}/messages"},
        ),
        Part(
            name="worker",
            title=text("Worker", "工作进程"),
            command=_module("worker"),
            ready=polls(settings.temporal_address, settings.temporal_namespace, settings.task_queue),
            after=("temporal", "migrate"),
            grace=20,
        ),
        Part(
            name="api",
            title="API",
            command=_module("api"),
            ready=answers_http(f"http://{settings.api_host}:{settings.api_port}/readyz"),
            after=("temporal", "migrate"),
            ports=(Port(settings.api_port, "API", "REDRESS_API_PORT", settings.api_host),),
            grace=20,
            addresses={"API": settings.api_url, text("API reference", "API 文档"): f"{settings.api_url}/docs"},
        ),
    ]


def environment(settings: Settings) -> dict[str, str]:
    """The settings as variables, so that all parts see the same ones whatever they read them with."""
    ours = {f"{PREFIX}{name}".upper(): str(value) for name, value in settings.model_dump().items() if value is not None}
    # Whoever reads the mails of this stack sits at this machine.
    ours[f"{PREFIX}DECISION_LINK_URL"] = settings.decision_link_url or settings.api_url
    partners = urlsplit(settings.partners_url)
    # The programs at the edge of the world import nothing of ours and have variables of their own.
    theirs = {
        "PARTNERS_HOST": partners.hostname or "127.0.0.1",
        "PARTNERS_PORT": str(partners.port or 80),
        "PARTNERS_WEBHOOK_URL": f"{settings.api_url}/v1/webhooks/partners",
        "PARTNERS_WEBHOOK_SECRET": settings.partner_webhook_secret,
        "MAILSINK_HOST": settings.smtp_host,
        "MAILSINK_SMTP_PORT": str(settings.smtp_port),
        "MAILSINK_HTTP_PORT": str(settings.mail_http_port),
    }
    return {**ours, **theirs, "REDRESS_PORT_OFFSET": "0", "PYTHONUNBUFFERED": "1"}


def _codec(settings: Settings) -> str:
    """Where this machine's UI, which has no login, has payloads opened: an address that is its own key."""
    return f"{settings.api_url}/codec/{settings.codec_key}" if settings.codec_key else ""


def _module(*arguments: str) -> list[str]:
    return [str(Path(sys.executable)), "-m", *arguments]
