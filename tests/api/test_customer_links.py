"""Links for customers: one complaint, for a time, and nothing of the house's own business."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from api.local_issuer import mint_link
from domain.actor import Role
from tests.api.steps import AGENT, done, until
from tests.api.world import TENANT, TOKEN_KEY, World, as_role

SHOP = as_role(Role.AGENT, id="shop")


async def linked(world: World, complaint: str, by: dict[str, str], **asked: Any) -> Any:
    answer = await world.http.post(f"/v1/complaints/{complaint}/customer-link", json=asked, headers=by)
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_a_link_reads_and_answers_one_complaint(manned: World) -> None:
    complaint, other = await manned.filed(), await manned.filed()
    path = f"/v1/complaints/{complaint}"
    assigned = await until(lambda: manned.get(path), lambda case: case["assignee"] is not None)
    await done(await manned.command(complaint, "respond", {"message": "已登记"}, AGENT))
    me = bearer((await linked(manned, complaint, SHOP))["token"])
    story = await until(lambda: manned.get(f"{path}/journal", me), lambda page: "已登记" in str(page))
    case = (await manned.get(path, me)).json()
    promises = (await manned.get(f"{path}/deadlines", me)).json()
    for read in (story, case, promises):
        assert f'"{assigned["assignee"]}"' not in json.dumps(read)
        assert '"lin"' not in json.dumps(read)
    assert (case["assignee"], case["intake"]["content"]) == (None, assigned["intake"]["content"])
    assert promises["deadlines"] != []
    assert (await manned.get(f"/v1/complaints/{other}", me)).json()["code"] == "other_complaint"
    assert (await manned.get("/v1/complaints", me)).status_code == 403
    await done(await manned.command(complaint, "withdraw", {"reason": "已自行解决"}, me))
    journal = await until(lambda: manned.get(f"{path}/journal"), lambda page: page["entries"][-1]["event"]["kind"] == "closed")
    withdrawn = next(line for line in journal["entries"] if line["event"]["kind"] == "withdrawn")
    assert withdrawn["by"]["id"].startswith("link-")
    assert (withdrawn["by"]["roles"], withdrawn["by"]["made_by"]) == (["customer"], "shop")
    mine = (await manned.get(f"{path}/journal", me)).json()["entries"]
    assert "made_by" not in next(line for line in mine if line["event"]["kind"] == "withdrawn")["by"]


async def test_who_files_for_customers_cannot_act_as_them(manned: World) -> None:
    complaint = await manned.filed()
    answer = await manned.http.post(f"/v1/complaints/{complaint}/customer-link", json={}, headers=as_role(Role.INTAKE, id="app"))
    assert answer.status_code == 403


async def test_who_files_for_customers_sees_what_a_customer_may_see(manned: World) -> None:
    complaint = await manned.filed()
    path, shop = f"/v1/complaints/{complaint}", as_role(Role.INTAKE, id="app")
    await until(lambda: manned.get(path), lambda case: case["assignee"] is not None)
    await done(await manned.command(complaint, "respond", {"message": "已登记"}, AGENT))
    await done(await manned.command(complaint, "verify", {"founded": True, "findings": "仓库漏包"}, AGENT))
    staff = await until(lambda: manned.get(f"{path}/journal"), lambda page: "仓库漏包" in str(page))
    story = (await manned.get(f"{path}/journal", shop)).json()
    assert 0 < len(story["entries"]) < len(staff["entries"])
    case = (await manned.get(path, shop)).json()
    promises = (await manned.get(f"{path}/deadlines", shop)).json()
    assert (case["stage"], case["assignee"]) == ("assessing", None)
    for read in (story, case, promises):
        assert [word for word in ('"lin"', "仓库漏包") if word in json.dumps(read, ensure_ascii=False)] == []


async def test_how_long_a_link_holds_is_said(manned: World) -> None:
    complaint = await manned.filed()
    for asked, days in (({}, 14), ({"valid_for": "P90D"}, 90)):
        link = await linked(manned, complaint, AGENT, **asked)
        claims = jwt.decode(link["token"], options={"verify_signature": False})
        ends = datetime.fromisoformat(link["expires_at"])
        assert abs(ends - datetime.fromtimestamp(claims["exp"], UTC)) < timedelta(seconds=5)
        assert timedelta(0) <= timedelta(days=days) - (ends - datetime.now(UTC)) < timedelta(minutes=5)
        assert (claims["complaint"], claims["tenant"], claims["roles"]) == (complaint, TENANT, ["customer"])
    for wrong in ("PT1S", "P91D", "soon"):
        answer = await manned.http.post(f"/v1/complaints/{complaint}/customer-link", json={"valid_for": wrong}, headers=AGENT)
        assert [each["field"] for each in answer.json()["errors"]] == ["valid_for"]


async def test_a_link_ends(unmanned: World) -> None:
    complaint = await unmanned.filed()
    over = mint_link(TOKEN_KEY, "link-1", TENANT, timedelta(seconds=-10), complaint, "lin")
    answer = await unmanned.get(f"/v1/complaints/{complaint}", bearer(over))
    assert answer.status_code == 401
    assert "expired" in answer.json()["detail"]


async def test_a_customer_makes_no_further_links(manned: World) -> None:
    complaint = await manned.filed()
    me = bearer((await linked(manned, complaint, SHOP))["token"])
    answer = await manned.http.post(f"/v1/complaints/{complaint}/customer-link", json={}, headers=me)
    assert answer.status_code == 403


async def test_a_complaint_that_nobody_works_on_yet_has_its_link(unmanned: World) -> None:
    complaint = await unmanned.filed()
    assert (await linked(unmanned, complaint, SHOP))["url"] is None


async def test_there_is_no_link_to_nothing(unmanned: World) -> None:
    for complaint in ("cmp_" + "a" * 26, "nonsense"):
        answer = await unmanned.http.post(f"/v1/complaints/{complaint}/customer-link", json={}, headers=AGENT)
        assert answer.status_code == 404


@pytest.mark.parametrize(
    ("secret", "url", "wanted"),
    [(TOKEN_KEY, "https://shop.example/{complaint_id}#t={token}", 201), (TOKEN_KEY, "", 201), ("", "", 503)],
)
async def test_the_page_is_the_companys_own_and_without_a_secret_there_are_no_links(
    manned: World, secret: str, url: str, wanted: int
) -> None:
    complaint = await manned.filed()
    parts = manned.app.state.parts
    door = dataclasses.replace(parts.doorkeeper, link_secret=secret, link_url=url)
    manned.app.state.parts = dataclasses.replace(parts, doorkeeper=door)
    try:
        answer = await manned.http.post(f"/v1/complaints/{complaint}/customer-link", json={}, headers=AGENT)
    finally:
        manned.app.state.parts = parts
    assert answer.status_code == wanted
    if wanted == 503:
        assert answer.json()["code"] == "no_customer_links"
        assert "REDRESS_CUSTOMER_LINK_KEYS" in answer.json()["detail"]
    else:
        made = answer.json()
        assert made["url"] == (f"https://shop.example/{complaint}#t={made['token']}" if url else None)
