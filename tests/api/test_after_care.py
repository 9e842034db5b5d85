"""The numbered sheet, the survey and named times, over HTTP."""

from datetime import UTC, datetime, timedelta

import pytest

from api.sheets import asked
from domain.actor import Role
from tests.after_care import after_care
from tests.api.steps import AGENT, done, until
from tests.api.world import World, as_role
from tests.domain.pure_desk import PureDesk


@pytest.mark.parametrize(
    ("language", "title", "parts"),
    [
        ("zh-CN", "投诉处理单", ("投诉信息", "处理方案", "回复客户", "跟踪回访", "编号", "石板送到时碎了两块")),
        ("en", "Complaint sheet", ("Solution", "Reply to the customer", "Follow-up", "Number", "Two slabs arrived broken")),
    ],
)
async def test_the_sheet_is_a_page_with_the_complaints_own_number(
    manned: World, language: str, title: str, parts: tuple[str, ...]
) -> None:
    complaint = await manned.filed()
    await until(lambda: manned.get(f"/v1/complaints/{complaint}"), lambda case: case["order_check"] == "found")
    answer = await manned.get(f"/v1/complaints/{complaint}/sheet", {**AGENT, "Accept-Language": language})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-language"] == language
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for part in (title, complaint, *parts):
        assert part in answer.text, part


async def test_the_sheet_is_for_those_who_work_on_it(manned: World) -> None:
    complaint = await manned.filed()
    customer = as_role(Role.CUSTOMER, id="wang", complaint=complaint)
    answer = await manned.get(f"/v1/complaints/{complaint}/sheet", customer)
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_role")
    assert (await manned.get("/v1/complaints/cmp_k5x2q7d3m4n6p2r3s4t5u6v7w2/sheet")).status_code == 404


async def test_a_customer_reads_the_survey_of_their_procedure_which_may_have_none(manned: World) -> None:
    complaint = await manned.filed()
    customer = as_role(Role.CUSTOMER, id="wang", complaint=complaint)
    survey = await until(lambda: manned.get(f"/v1/complaints/{complaint}/survey", customer), lambda page: True)
    assert (survey["complaint_id"], survey["questions"], survey["answers"]) == (complaint, [], {})


def test_the_questions_are_asked_in_the_readers_language() -> None:
    desk = PureDesk(datetime(2026, 11, 24, 2, 0, tzinfo=UTC), "installation_delay", pack=after_care())
    [question] = asked(desk.case, desk.pack, "zh-CN").questions
    assert (question.id, question.question, question.clauses) == ("solved", "问题解决了吗？", ("AFT-ASK-01",))
    assert [(choice.id, choice.text) for choice in question.choices] == [("yes", "解决了"), ("no", "没有")]
    assert asked(desk.case, desk.pack, "en").questions[0].question == "Is it solved?"


async def test_a_time_is_promised_and_told_in_the_story(manned: World) -> None:
    complaint = await manned.filed()
    at = (datetime.now(UTC) + timedelta(days=2)).replace(microsecond=0)
    await done(await manned.command(complaint, "promise_time", {"about": "callback", "at": at.isoformat()}, AGENT))
    story = await until(
        lambda: manned.get(f"/v1/complaints/{complaint}/journal", {**AGENT, "Accept-Language": "en"}),
        lambda page: any(line["event"]["kind"] == "time_promised" for line in page["entries"]),
    )
    [line] = [line for line in story["entries"] if line["event"]["kind"] == "time_promised"]
    assert "promised the customer a call back by" in line["story"]
    past = await manned.command(complaint, "promise_time", {"about": "callback", "at": "2020-01-01T00:00:00+00:00"}, AGENT)
    assert past.status_code in (409, 422)
    assert past.json()["code"] == "not_in_the_future"


async def test_a_look_back_has_its_place(manned: World) -> None:
    complaint = await manned.filed()
    early = await manned.command(complaint, "record_follow_up", {"answered": True, "satisfied": True}, AGENT)
    assert (early.status_code, early.json()["code"]) == (409, "wrong_stage")
    unsaid = await manned.command(complaint, "record_follow_up", {"answered": True}, AGENT)
    assert unsaid.status_code == 422
