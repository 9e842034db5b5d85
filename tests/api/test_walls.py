"""Walls: every endpoint, asked by everybody. The table is in `tests/api/walls.py`; what it does not open is closed."""

from __future__ import annotations

import dataclasses
import re
import time
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
import pytest_asyncio
from sqlalchemy import select

from activities.contract import IncidentStart
from api.app import assembled
from api.examples import COMMANDS as EXAMPLES
from api.incident_examples import EXAMPLES as INCIDENT_EXAMPLES
from api.local_issuer import mint, mint_link
from api.shield import Rules
from domain.actor import SYSTEM, Actor, Role
from domain.reconciliation import Finding
from settings.signing import DEV_ISSUER, signing_key
from storage.articles import Articles, ArticleText
from storage.blacklist import Blacklist
from storage.delegations import Delegations
from storage.incident_tables import incident_journal
from storage.incidents import Incidents
from storage.keys import ApiKeys, Scope
from storage.reconciliation import Done, Findings
from storage.tables import metadata
from tests.api.steps import until
from tests.api.test_deliveries import a_dead_one
from tests.api.test_incidents import Reading
from tests.api.walls import CALLERS, DOCUMENTS, OPEN, SIGNED, WHO_MAY, documented
from tests.api.world import INTAKE, TENANT, TOKEN_KEY, World, as_role

OTHER_TENANTS = sorted(file.stem for file in Path("tenants").glob("*.toml") if file.stem != TENANT)
NOWHERE = "cmp_" + "a" * 26  # could be an id of ours, and is none
_PARTS = {
    "complaint_id": NOWHERE, "incident_id": "inc_" + "a" * 26,
    "report": "transport_summary", "ref": "home@2026-11", "delivery": "msg_" + "0" * 32, "way": "decode",
    "key_id": "rdk_" + "a" * 16, "customer_id": "nobody", "finding_id": "none",
    "entry_id": "bl_none", "article_id": "art_none", "delegation_id": "dlg_" + "a" * 16, "token": "none",
}  # fmt: skip
_BODIES: dict[str, dict[str, Any]] = {
    **EXAMPLES,
    **{f"incident_{name}": body for name, body in INCIDENT_EXAMPLES.items()},
    "file_complaint": INTAKE,
    "make_customer_link": {},
    "suggest_category": {"content": "x"},
    "make_api_key": {"name": "x", "scopes": ["intake"]},
    "erase_customer": {"reason": "x"},
    "reconcile": {"from_on": "2026-11-01", "to_on": "2026-11-02"},
    "settle_finding": {"reason": "x"},
    "codec": {"payloads": []},
    "enter_on_blacklist": {
        "complaint_id": NOWHERE,
        "limits": ["purchases"],
        "reason": "x",
        "expires_at": "2099-01-01T00:00:00Z",
    },
    "decide_on_blacklist": {"keep": False, "reason": "x"},
    "appeal_blacklisting": {"grounds": "x"},
    "write_article": {"title": {"zh": "x", "en": "x"}, "text": {"zh": "x", "en": "x"}},
    "review_case_library": {"month": "2026-10", "note": "x"},
    "hand_over": {"to": "ana", "reason": "x"},  # somebody of the other tenant
    "decide_many": {"decisions": [{"complaint_id": NOWHERE, "number": 1, "decision": "approve"}]},
    "make_delegation": {"to_person": "ana", "until_at": "2026-12-01T00:00:00Z", "reason": "x"},
    "hand_over_shift": {"from_person": "lin", "to": "ana", "reason": "x"},
}


@dataclasses.dataclass
class Door:
    """The whole API, to be asked by anybody; nobody works behind it, and it waits for nobody."""

    http: httpx.AsyncClient
    operations: dict[str, tuple[str, str]]
    tokens: dict[str, dict[str, str]]
    bodies: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)

    async def ask(self, operation: str, headers: dict[str, str], **parts: str) -> httpx.Response:
        method, path = self.operations[operation]
        filled = re.sub(r"\{(\w+)\}", lambda name: {**_PARTS, **parts}[name[1]], path)
        sent = {**headers, **({"Idempotency-Key": str(uuid.uuid4())} if operation == "file_complaint" else {})}
        return await self.http.request(method, filled, headers=sent, json={**_BODIES, **self.bodies}.get(operation))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def door(unmanned: World) -> AsyncIterator[Door]:
    parts = unmanned.app.state.parts
    quick = dataclasses.replace(parts, desk=dataclasses.replace(parts.desk, patience=timedelta(milliseconds=50)))
    app = assembled(quick, Rules(refusals_per_minute=10**9, caller_requests_per_second=10**6, caller_burst=10**9))
    kept, now = ApiKeys(unmanned.database), datetime.now(UTC)
    tokens = {role.value: as_role(role, complaint=NOWHERE if role is Role.CUSTOMER else None) for role in Role}
    for scope in Scope:
        _, key = await kept.make(TENANT, scope, [scope], "root", now, None)
        tokens[f"key:{scope}"] = {"Authorization": f"Bearer {key}"}
    paths = app.openapi()["paths"]
    operations = {each["operationId"]: (method.upper(), path) for path, item in paths.items() for method, each in item.items()}
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://redress.test") as http:
        yield Door(http, operations, tokens)


def strangers() -> dict[str, dict[str, str]]:
    """Tokens that open nothing anywhere, though they name every right there is."""
    everything = [role.value for role in Role if role not in (Role.SYSTEM, Role.CUSTOMER)]
    claims = {"iss": DEV_ISSUER, "aud": "redress", "sub": "root", "tenant": TENANT, "roles": everything, "exp": 4102444800}
    forged = jwt.encode(claims, signing_key("a secret that somebody made up by themselves", DEV_ISSUER), algorithm="EdDSA")
    stale = jwt.encode({**claims, "exp": int(time.time()) - 60}, signing_key(TOKEN_KEY, DEV_ISSUER), algorithm="EdDSA")
    old_link = mint_link("a link key that was taken out long ago", "link-1", TENANT, timedelta(hours=1), NOWHERE, "lin")
    return {
        "no token": {},
        "forged": {"Authorization": f"Bearer {forged}"},
        "expired": {"Authorization": f"Bearer {stale}"},
        "a link under a key that is gone": {"Authorization": f"Bearer {old_link}"},
        "an API key that never was": {"Authorization": f"Bearer rdk_{'a' * 16}_{'a' * 43}"},
        "the software itself": as_role(Role.SYSTEM),
    }


def test_every_endpoint_has_its_line_in_the_table(door: Door) -> None:
    known = {*WHO_MAY, *OPEN, *SIGNED}
    assert set(door.operations) == known, "add the new endpoint to tests/api/walls.py, and docs/identity.md says who may"


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_the_documents_hold_the_same_table(document: Path) -> None:
    assert documented() in document.read_text(encoding="utf-8"), "run python -m tests.api.walls"


@pytest.mark.parametrize("operation", sorted(WHO_MAY))
async def test_an_endpoint_is_open_to_whom_the_table_says_and_closed_to_everybody_else(door: Door, operation: str) -> None:
    answers = {caller: await door.ask(operation, door.tokens[caller]) for caller in CALLERS}
    let_in = {caller for caller, answer in answers.items() if answer.status_code not in (401, 403)}
    assert let_in == WHO_MAY[operation]
    shut_out = {caller: answers[caller].json()["code"] for caller in CALLERS if caller not in let_in}
    assert {answers[caller].status_code for caller in shut_out} <= {403}
    assert set(shut_out.values()) <= {"wrong_role", "wrong_scope"}
    assert not [
        caller for caller in let_in if answers[caller].status_code >= 500 and answers[caller].status_code not in (503, 504)
    ]


@pytest.mark.parametrize("operation", sorted(WHO_MAY))
async def test_strangers_are_turned_away_everywhere(door: Door, operation: str) -> None:
    answers = {name: await door.ask(operation, headers) for name, headers in strangers().items()}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 401)
    assert {answer.json()["code"] for answer in answers.values()} == {"unauthenticated"}


@pytest.mark.parametrize("operation", sorted(WHO_MAY))
async def test_a_tenant_that_is_not_here_has_no_door(door: Door, operation: str) -> None:
    everything = tuple(role for role in Role if role not in (Role.SYSTEM, Role.CUSTOMER))
    answer = await door.ask(operation, as_role(*everything, tenant="nobody"))
    assert (answer.status_code, answer.json()["code"]) == (403, "unknown_tenant")


@pytest.mark.parametrize("operation", sorted(name for name, who in WHO_MAY.items() if "customer" in who))
async def test_a_customer_of_another_complaint_is_turned_away(door: Door, operation: str) -> None:
    other = as_role(Role.CUSTOMER, complaint="cmp_" + "b" * 26)
    answer = await door.ask(operation, other)
    assert (answer.status_code, answer.json()["code"]) == (403, "other_complaint")


async def test_what_needs_no_token_takes_none(door: Door) -> None:
    for operation in OPEN:
        assert (await door.ask(operation, {})).status_code in (200, 503)
    for operation in SIGNED:
        for headers in ({}, door.tokens["administrator"]):
            assert (await door.ask(operation, headers)).json()["code"] == "bad_signature"


@dataclasses.dataclass(frozen=True)
class Belongings:
    """What one tenant has, by the parts of the addresses that name it; what bodies may name of it; what nobody else may read."""

    parts: dict[str, str]
    bodies: dict[str, dict[str, Any]]
    secrets: tuple[str, ...]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ours(manned: World) -> Belongings:
    """One of everything that an address or a body can name."""
    database, now, customer = manned.database, datetime.now(UTC), f"cust-{uuid.uuid4().hex[:12]}"
    answer = await manned.file({**INTAKE, "customer": {**INTAKE["customer"], "customer_id": customer}})
    complaint = str(answer.json()["complaint_id"])
    case = await until(lambda: manned.get(f"/v1/complaints/{complaint}"), lambda case: case["assignee"] is not None)
    record, _ = await ApiKeys(database).make(TENANT, "Ours", [Scope.INTAKE], "root", now, None)
    incident = await Reading(manned).begun(2)
    opening, opened_at = await Incidents(database).opening(TENANT, incident)
    await manned.client.start_workflow(
        "IncidentWorkflow", IncidentStart(opening=opening, opened_at=opened_at), id=f"incident/{TENANT}/{incident}",
        task_queue="nobody-works-here",
    )  # fmt: skip
    delegation = await Delegations(database).make(
        TENANT, "zhou", "wu", now, now + timedelta(days=30), "our holidays", "zhou", now
    )
    finding = Finding(kind="twice", complaint_id=complaint, key=f"{TENANT}:{complaint}/1/refund")
    done = Done(done_at=now, from_at=now, to_at=now, asked_by="zhou", effects=1, lines=1, complaints=1, found=1)
    await Findings(database).enter(TENANT, [finding], done)
    listed = await Blacklist(database).enter(
        TENANT, complaint, customer, limits=("purchases",), reason="our reason", clause="X-1", by="zhou", at=now,
        expires_at=now + timedelta(days=30),
    )  # fmt: skip
    both = {"zh": "我们的文章", "en": "our article"}
    article = await Articles(database).write(TENANT, ArticleText.model_validate({"title": both, "text": both}), "zhou", now)
    parts = {
        "complaint_id": complaint, "customer_id": customer, "key_id": record.key_id, "incident_id": incident,
        "delivery": await a_dead_one(manned, "ours"), "delegation_id": delegation.delegation_id,
        "finding_id": finding.id(TENANT), "entry_id": listed.entry_id, "article_id": article.article_id,
    }  # fmt: skip
    bodies = {
        "decide_many": {"decisions": [{"complaint_id": complaint, "number": 1, "decision": "approve"}]},
        "enter_on_blacklist": {**_BODIES["enter_on_blacklist"], "complaint_id": complaint},
        "erase_customer": {"reason": "x", "complaints": [complaint]},
        "hand_over_shift": {"from_person": case["assignee"], "to": case["assignee"], "reason": "x"},
    }
    words = ("王小明", "13800000001", "wang@example.com", "石板", "our holidays", "our reason", "our article", "我们的文章")
    return Belongings(parts, bodies, (*parts.values(), *words))


def test_everything_that_an_address_can_name_is_there(door: Door, ours: Belongings) -> None:
    named = {part for operation in WHO_MAY for part in re.findall(r"\{(\w+)\}", door.operations[operation][1])}
    assert named - set(ours.parts) == {"report", "ref", "way"}, "what all companies have alike, and the kinds of sheets"


async def standing(manned: World, ours: Belongings) -> dict[str, Any]:
    """All that is kept of our company, but for what goes on by itself: other complaints, and what is done for this one."""
    held: dict[str, Any] = {}
    async with manned.database.reading() as connection:
        for table in metadata.sorted_tables:
            if "tenant" in table.c and table.name not in ("complaints", "ledger"):
                rows = await connection.execute(select(table).where(table.c.tenant == TENANT).order_by(*table.primary_key))
                held[table.name] = [dict(row._mapping) for row in rows]
        mine = select(incident_journal).where(incident_journal.c.incident_id == ours.parts["incident_id"])
        held["incident_journal"] = [dict(row._mapping) for row in await connection.execute(mine)]
    entries = await manned.cases.journal(TENANT, ours.parts["complaint_id"])
    held["journal"] = [entry for entry in entries if entry.by != SYSTEM]
    case = await manned.cases.get(TENANT, ours.parts["complaint_id"])
    held["case"] = case and (case.stage, case.assignee, case.intake)
    incident = manned.client.get_workflow_handle(f"incident/{TENANT}/{ours.parts['incident_id']}")
    held["events of the incident"] = [event.event_type async for event in incident.fetch_history_events()]
    return held


def _naming(manned: World, tenant: str) -> dict[str, dict[str, Any]]:
    """Bodies that name somebody: of the company of whoever asks, or it would end at the name."""
    person = manned.tenants.get(tenant).staff[0].id
    named = {"hand_over": "to", "incident_name_team": "lead", "make_delegation": "to_person"}
    return {operation: {**_BODIES[operation], field: person} for operation, field in named.items()}


# Nothing of another company can be named in these: they are asked for one's own alone.
_NAMES_NOTHING = {"file_complaint", "codec", "reconcile", "make_api_key"}


@pytest.mark.parametrize("operation", sorted(set(WHO_MAY) - _NAMES_NOTHING))
async def test_every_other_tenant_meets_a_wall_with_every_role(
    manned: World, door: Door, ours: Belongings, operation: str
) -> None:
    """Whoever may do it in their own company finds nothing of ours: no row, no trace, no effect."""
    before = await standing(manned, ours)
    named = set(re.findall(r"\{(\w+)\}", door.operations[operation][1]))
    sent = str(ours.bodies.get(operation, ""))
    for other in OTHER_TENANTS:
        everything = tuple(role for role in Role if role not in (Role.SYSTEM, Role.CUSTOMER))
        tokens = [as_role(*everything, id="stranger", tenant=other)]
        if "customer" in WHO_MAY[operation]:
            tokens.append(as_role(Role.CUSTOMER, tenant=other, complaint=ours.parts["complaint_id"]))
        for headers in tokens:
            asked = dataclasses.replace(door, http=manned.http, bodies={**ours.bodies, **_naming(manned, other)})
            answer = await asked.ask(operation, headers, **ours.parts)
            if named & set(ours.parts):
                assert answer.status_code == 404 or (operation == "erase_customer" and "not_theirs" in answer.text), answer.text
            # What the stranger wrote themselves may be repeated to them.
            assert not [secret for secret in ours.secrets if secret in answer.text and secret not in sent]
    assert await standing(manned, ours) == before


def test_a_token_for_the_table_is_made_like_any_other() -> None:
    """The walk would prove nothing if its tokens were wrong in some other way."""
    token = mint(TOKEN_KEY, Actor(id="x", roles=(Role.AGENT,)), TENANT, timedelta(hours=1))
    assert jwt.decode(token, options={"verify_signature": False})["roles"] == ["agent"]
