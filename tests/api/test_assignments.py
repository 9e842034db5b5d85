"""Who has how many, and a whole shift handed over, over HTTP."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from api.identity import Me
from api.staff import speaking_for
from domain.actor import Actor, Role
from domain.commands import GiveOpinion
from tests.api.steps import AGENT, done, until
from tests.api.world import INTAKE, World, as_role

# The points platform: what is handed over there waits for the other one's word.
MEI, HAO = (as_role(Role.AGENT, id=id, tenant="loyalty-demo") for id in ("mei", "hao"))
FROZEN = {
    "category": "account_frozen",
    "channel": "hotline",
    "customer": {"name": "周宁", "phone": "13200000001", "customer_id": "hd-mem-0001"},
    "content": "账户突然不能用了。",
}


async def held_by(world: World, person: str, **intake: Any) -> str:
    """A complaint that this person has, in the lists too."""
    complaint = str((await world.file({**INTAKE, **intake})).json()["complaint_id"])
    await until(lambda: world.get(f"/v1/complaints/{complaint}"), lambda case: case["assignee"] is not None)
    await done(await world.command(complaint, "hand_over", {"to": person, "reason": "值班"}, AGENT))
    await listed(world, complaint, person)
    return complaint


async def shown(world: World, complaint: str, path: str, headers: dict[str, str], **filters: Any) -> dict[str, Any]:
    """The row of the complaint, once it stands in that list."""
    page = await until(
        lambda: world.get(path, headers, **filters), lambda page: any(row["complaint_id"] == complaint for row in page["rows"])
    )
    [row] = [row for row in page["rows"] if row["complaint_id"] == complaint]
    return dict(row)


async def listed(world: World, complaint: str, person: str, headers: dict[str, str] | None = None) -> None:
    """The complaint stands in that person's list: a shift is handed over by the lists."""
    await until(
        lambda: world.get("/v1/complaints", headers, assignee=person, sort="newest", limit=200),
        lambda page: any(row["complaint_id"] == complaint for row in page["rows"]),
    )


async def handed_over(world: World, order: dict[str, str], headers: dict[str, str] | None = None) -> dict[str, dict[str, Any]]:
    answer = await done(await world.http.post("/v1/hand-overs", json=order, headers=headers or AGENT))
    return {each["complaint_id"]: each for each in answer["complaints"]}


@pytest.mark.clause("ECO-ASG-01")
async def test_who_has_how_many_is_seen(manned: World) -> None:
    before = {each["person"]: each for each in (await done(await manned.get("/v1/assignments")))["people"]}
    assert "ops" not in before
    assert {"lin", "zhao", "chen", "zhou", "qian"} <= set(before)
    await held_by(manned, "qian")
    await held_by(manned, "qian")
    counted = await until(
        lambda: manned.get("/v1/assignments", days=7),
        lambda loads: any(each["person"] == "qian" and each["open"] >= before["qian"]["open"] + 2 for each in loads["people"]),
    )
    [qian] = [each for each in counted["people"] if each["person"] == "qian"]
    assert (qian["name"], qian["roles"], qian["taken"] >= 2, qian["overdue"] >= 0) == ("钱进", ["manager"], True, True)
    assert counted["unassigned"] >= 0
    assert (await manned.get("/v1/assignments", days=0)).status_code == 422


@pytest.mark.clause("ECO-HND-01")
async def test_a_whole_shift_is_handed_over_and_each_complaint_answered_for_itself(manned: World) -> None:
    free, about_them = await held_by(manned, "sun"), await held_by(manned, "sun", against_staff="he")
    order = {"from_person": "sun", "to": "he", "reason": "交班"}
    answers = await handed_over(manned, order)
    assert answers[free]["result"] == "handed_over"
    # The complaint is about the one who would take it: it stays where it is, and says why.
    refused = answers[about_them]
    assert (refused["result"], refused["code"]) == ("refused", "complained_of")
    assert refused["zh"]
    assert refused["en"]
    await listed(manned, free, "he")
    await listed(manned, about_them, "sun")


@pytest.mark.clause("ECO-HND-01")
async def test_where_the_other_one_has_to_accept_a_shift_is_offered(manned: World) -> None:
    filed = await manned.file(FROZEN, MEI)
    assert filed.status_code == 201, filed.text
    complaint = filed.json()["complaint_id"]
    await listed(manned, complaint, "mei", MEI)
    answers = await handed_over(manned, {"from_person": "mei", "to": "hao", "reason": "交班"}, MEI)
    assert answers[complaint]["result"] == "offered"
    # The taker sees it where they look for work, and whoever asks for it sees it alone; the giver still has it.
    asked: tuple[tuple[str, dict[str, Any]], ...] = (
        ("/v1/work", {"assignee": "me", "limit": 200}),
        ("/v1/complaints", {"offered_to": "me"}),
    )
    for path, filters in asked:
        row = await shown(manned, complaint, path, HAO, **filters)
        assert (row["offered_to"], row["assignee"]) == ("hao", "mei")
    wrong = await manned.command(complaint, "take_over", {}, MEI)
    assert (wrong.status_code, wrong.json()["code"]) == (403, "offered_to_other")
    await done(await manned.command(complaint, "take_over", {}, HAO))
    await listed(manned, complaint, "hao", HAO)


async def test_a_shift_of_which_nothing_is_open_is_handed_over_in_no_time(manned: World) -> None:
    key = {**AGENT, "Idempotency-Key": str(uuid.uuid4())}
    assert await handed_over(manned, {"from_person": "left-long-ago", "to": "zhou", "reason": "离职"}, key) == {}


@pytest.mark.parametrize(("to", "code"), [("nobody", "unknown_person"), ("lin", "same_person")])
async def test_a_shift_goes_to_somebody_else_of_the_company(manned: World, to: str, code: str) -> None:
    answer = await manned.http.post("/v1/hand-overs", json={"from_person": "lin", "to": to, "reason": "x"}, headers=AGENT)
    assert answer.status_code == 422
    [fault] = answer.json()["errors"]
    assert (fault["field"], fault["code"]) == ("to", code)


@pytest.mark.clause("LOY-FLW-03")
async def test_nobody_speaks_for_another_department_than_their_own(manned: World) -> None:
    complaint = await manned.filed()
    technician = as_role(Role.DEPARTMENT, id="guo")
    other = await manned.command(complaint, "give_opinion", {"department": "warehouse", "opinion": "x"}, technician)
    assert other.status_code == 422
    [fault] = other.json()["errors"]
    assert (fault["field"], fault["code"]) == ("department", "other_department")
    # Their own one was asked nothing.
    own = await manned.command(complaint, "give_opinion", {"opinion": "x"}, technician)
    assert (own.status_code, own.json()["code"]) == (422, "not_consulted")


@pytest.mark.parametrize("named", [{}, {"department": "warehouse"}])
@pytest.mark.parametrize("person", ["lin", "nobody-of-the-file"])
async def test_who_has_no_department_in_the_companys_file_speaks_for_none(
    manned: World, person: str, named: dict[str, str]
) -> None:
    complaint = await manned.filed()
    stranger = as_role(Role.DEPARTMENT, id=person)
    answer = await manned.command(complaint, "give_opinion", {"opinion": "x", **named}, stranger)
    assert answer.status_code == 422
    [fault] = answer.json()["errors"]
    assert (fault["field"], fault["code"]) == ("department", "no_department")
    assert "[[staff]]" in fault["zh"]
    assert "[[staff]]" in fault["en"]


async def test_a_supervisor_speaks_for_any_department_in_its_place(manned: World) -> None:
    parts = manned.app.state.parts
    said = GiveOpinion(department="warehouse", opinion="x")

    def spoken(person: str, *roles: Role, **more: Any) -> GiveOpinion:
        me = Me(Actor(id=person, roles=roles), "home-demo")
        return speaking_for(parts, me, said.model_copy(update=more))

    assert spoken("zhou", Role.SUPERVISOR).on_behalf
    assert spoken("zhou", Role.SUPERVISOR, Role.DEPARTMENT).on_behalf
    # Of two roles the one that the company's file gives for this department is meant.
    both = (Role.SUPERVISOR, Role.DEPARTMENT)
    in_place = {each: spoken("guo", *both, department=each).on_behalf for each in ("warehouse", "installation", None)}
    assert in_place == {"warehouse": True, "installation": False, None: False}
    assert spoken("guo", *both, department=None).department == "installation"
    assert spoken("guo", *both, department="installation", on_behalf=True).on_behalf
    # Over HTTP: let in, and told that nothing was asked.
    complaint = await manned.filed()
    answer = await manned.command(complaint, "give_opinion", said.model_dump(), as_role(Role.SUPERVISOR, id="zhou"))
    assert (answer.status_code, answer.json()["code"]) == (422, "not_consulted")


async def test_an_opinion_in_a_departments_place_is_told_as_that_in_both_languages(manned: World) -> None:
    pushed = {**FROZEN, "category": "pushy_selling", "against": "晴川数码中山店", "content": "店员强行推销。"}
    complaint = str((await manned.file(pushed, MEI)).json()["complaint_id"])
    await listed(manned, complaint, "mei", MEI)
    await done(await manned.command(complaint, "respond", {"message": "已受理，正在核实。"}, MEI))
    verified = {"founded": True, "findings": "与录音相符", "sources": ["通话录音"]}
    await done(await manned.command(complaint, "verify", verified, MEI))
    supervisor = as_role(Role.SUPERVISOR, id="qiu", tenant="loyalty-demo")
    # Only one department is asked: it needs no naming.
    await done(await manned.command(complaint, "give_opinion", {"opinion": "同意致歉"}, supervisor))
    told = {}
    for language in ("en", "zh-CN"):
        page = await until(
            lambda: manned.get(f"/v1/complaints/{complaint}/journal", {**MEI, "Accept-Language": language}),  # noqa: B023
            lambda page: any(line["event"]["kind"] == "opinion_given" for line in page["entries"]),
        )
        [line] = [line for line in page["entries"] if line["event"]["kind"] == "opinion_given"]
        assert (line["by"]["id"], line["event"]["on_behalf"]) == ("qiu", True)
        told[language] = line["story"]
    assert "Supervisor qiu gave the opinion of the department “Merchant department” in its place: “同意致歉”." in told["en"]
    assert "主管 qiu 代商户维护部反馈意见：“同意致歉”。" in told["zh-CN"]


@pytest.mark.clause("LOY-II-02")
async def test_whoever_is_complained_of_is_turned_away(manned: World) -> None:
    complaint = str((await manned.file({**INTAKE, "against_staff": "lin"})).json()["complaint_id"])
    answer = await manned.command(complaint, "respond", {"message": "x"}, AGENT)
    assert (answer.status_code, answer.json()["code"]) == (403, "complained_of")
    case = await until(lambda: manned.get(f"/v1/complaints/{complaint}"), lambda case: case["assignee"] is not None)
    assert case["assignee"] != "lin"
