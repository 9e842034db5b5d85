"""What the real table of parts says, without starting it."""

import re
import stat
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from partners.app import Settings as PartnerSettings
from partners.mailsink import Settings as MailSettings
from settings import Settings, get_settings
from stack.first_steps import first_steps
from stack.health import polls
from stack.keys import make_missing_keys
from stack.parts import environment, redress_parts
from stack.temporal_server import SEARCH_ATTRIBUTES
from tests.stack.test_temporal_for_tests import FollowUp

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"REDRESS_{name}".upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


def _ports() -> dict[str, int]:
    return {port.use: port.number for part in redress_parts(Settings()) for port in part.ports}


def test_the_variable_named_for_a_taken_port_moves_that_port_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = _ports()
    for port in [port for part in redress_parts(Settings()) for port in part.ports]:
        value = {"REDRESS_TEMPORAL_ADDRESS": "127.0.0.1:19999", "REDRESS_PARTNERS_URL": "http://127.0.0.1:19999"}
        with monkeypatch.context() as moved:
            moved.setenv(port.variable, value.get(port.variable, "19999"))
            assert _ports() == {**usual, port.use: 19999}


def test_an_offset_of_200_shares_no_port_with_a_stack_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = set(_ports().values())
    monkeypatch.setenv("REDRESS_PORT_OFFSET", "200")
    assert usual & set(_ports().values()) == set()


def test_the_password_of_the_database_is_shown_to_nobody() -> None:
    parts = redress_parts(Settings(database_url="postgresql://care:hunter2@db.internal/redress"))
    shown = [address for part in parts for address in part.addresses.values()]
    assert "postgresql://care:***@db.internal/redress" in shown


def test_every_part_sees_the_same_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDRESS_PORT_OFFSET", "200")
    make_missing_keys()
    ours = Settings()
    given = environment(ours)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    # Mails of this stack are read at this machine, so that approvers' links lead to its own API.
    assert Settings() == ours.model_copy(update={"port_offset": 0, "decision_link_url": ours.api_url})

    partners = PartnerSettings.of(given)
    assert f"http://{partners.host}:{partners.port}" == ours.partners_url
    assert partners.webhook_url.startswith(ours.api_url)
    assert partners.webhook_secret == ours.partner_webhook_secret != ""
    assert (MailSettings.of().smtp_port, MailSettings.of().http_port) == (ours.smtp_port, ours.mail_http_port)


def test_a_key_for_development_is_made_once_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    make_missing_keys()
    key = (tmp_path / "var" / "dev.key").read_text()
    make_missing_keys()
    assert (tmp_path / "var" / "dev.key").read_text() == key
    assert Settings().token_key == key.strip()
    assert stat.S_IMODE((tmp_path / "var" / "dev.key").stat().st_mode) == 0o600


def test_no_key_is_made_where_one_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REDRESS_TOKEN_KEY", "k" * 40)
    make_missing_keys()
    assert not (tmp_path / "var" / "dev.key").exists()


def test_the_first_steps_name_people_that_the_tenant_has(tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text(
        """
        id = "shop"
        staff = [{id = "li", roles = ["agent"]}, {id = "bo", roles = ["agent"]}, {id = "wu", roles = ["manager", "supervisor"]}]
        """
    )
    lines = [line.partition(" -m api ")[2] for line in first_steps(tmp_path)[1:]]
    assert lines == [
        "token --tenant shop --role intake --id shop",
        "token --tenant shop --role agent --id li",
        "token --tenant shop --role supervisor --id wu",
    ]
    assert first_steps(tmp_path / "nothing") == []


def test_the_first_steps_begin_with_the_company_of_the_readme_and_name_the_others() -> None:
    lines = first_steps(ROOT / "tenants")
    assert "--tenant home-demo" in lines[1]
    others = {file.stem for file in (ROOT / "tenants").glob("*.toml")} - {"home-demo"}
    assert len(others) >= 4
    assert all(each in lines[-1] for each in others)


def test_the_server_knows_every_attribute_that_complaints_are_searched_by() -> None:
    """A workflow that sets an attribute the server does not know fails its task for ever."""
    kinds = {name.lower(): name for name in SEARCH_ATTRIBUTES.values()}
    used = {
        found["name"]: kinds[found["kind"]]
        for package in ("workflows", "desk")
        for file in (ROOT / package).rglob("*.py")
        for found in re.finditer(r'SearchAttributeKey\.for_(?P<kind>\w+)\("(?P<name>\w+)"\)', file.read_text(encoding="utf-8"))
    }
    # The server defines those that begin with its own name.
    assert {name: kind for name, kind in used.items() if not name.startswith("Temporal")} == SEARCH_ATTRIBUTES


async def test_a_worker_is_ready_once_it_polls_and_an_earlier_one_does_not_count(temporal_env: WorkflowEnvironment) -> None:
    queue = f"polled-{uuid.uuid4()}"
    began_at = datetime.now(UTC)
    ready = polls(temporal_env.client.service_client.config.target_host, "default", queue)
    assert not await ready(began_at)
    async with Worker(temporal_env.client, task_queue=queue, workflows=[FollowUp]):
        while not await ready(began_at):
            assert datetime.now(UTC) - began_at < timedelta(seconds=60)
        assert not await ready(datetime.now(UTC) + timedelta(hours=1))
