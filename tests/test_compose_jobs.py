"""The jobs of docker-compose.yml, run as they stand against a real Temporal server and a real PostgreSQL."""

from __future__ import annotations

import os
import shutil
import subprocess
import uuid

import pytest
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.testing import WorkflowEnvironment

from stack.postgres import own_server, why_not
from stack.temporal_server import SEARCH_ATTRIBUTES, temporal_binary
from storage.__main__ import migrate_database
from storage.database import DatabaseNotReady, open_database
from tests.compose import filled_in, services
from tests.doubles import ROOT


async def test_the_namespace_has_its_search_attributes_and_retention_however_often_the_job_runs(
    temporal_env: WorkflowEnvironment,
) -> None:
    job = services()["temporal-namespace"]
    client = temporal_env.client
    namespace = f"compose-{uuid.uuid4().hex[:8]}"
    told = {name: filled_in(value, {"REDRESS_TEMPORAL_NAMESPACE": namespace}) for name, value in job["environment"].items()}
    told["TEMPORAL_ADDRESS"] = str(client.service_client.config.target_host)
    path = {"PATH": f"{temporal_binary().parent}:{os.environ['PATH']}"}
    command = [*job["entrypoint"], filled_in(job["command"][0], {})]
    for _ in range(2):
        done = subprocess.run(command, env={**os.environ, **path, **told}, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
    made = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace=namespace))
    assert set(SEARCH_ATTRIBUTES) <= set(made.custom_attributes)
    described = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=namespace))
    assert described.config.workflow_execution_retention_ttl.ToTimedelta().days == 30


async def test_each_program_has_a_role_and_a_database_of_its_own() -> None:
    if (reason := why_not()) is not None or not shutil.which("psql"):
        pytest.skip(reason or "no psql here")
    passwords = {"REDRESS_DATABASE_PASSWORD": 'it\'s "$HOME"', "TEMPORAL_DATABASE_PASSWORD": "another"}
    # Everybody is asked for a password but the one who makes the roles, as in the image.
    rules = b"local all root trust\nlocal all all scram-sha-256\n"
    with own_server(files={"pg_hba.conf": rules}, owner="root") as server:
        host = str(server.url.query["host"])
        job = {**os.environ, **passwords, "POSTGRES_USER": "root", "PGHOST": host}
        done = subprocess.run(["sh", ROOT / "ops/postgres/roles.sh"], env=job, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        ours = server.url.set(username="redress", password=passwords["REDRESS_DATABASE_PASSWORD"], database="redress")
        theirs = server.url.set(username="temporal", password="another", database="redress")
        database = open_database(ours.render_as_string(hide_password=False))
        await migrate_database(database)
        await database.check()
        await database.close()
        for url, wrong in ((ours.set(password="guessed"), "password"), (theirs, "permission denied")):
            stranger = open_database(url.render_as_string(hide_password=False))
            with pytest.raises(DatabaseNotReady, match=wrong):
                await stranger.ping()
            await stranger.close()
