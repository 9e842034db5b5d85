"""What to say and do now, over HTTP."""

import pytest

from domain.actor import Role
from tests.api.steps import AGENT, done, until
from tests.api.world import World, as_role


@pytest.mark.clause("HOM-TRN-03", "HOM-TRN-04")
async def test_the_agent_is_told_what_to_say_in_their_language_with_the_clause(manned: World) -> None:
    complaint = await manned.filed()
    path = f"/v1/complaints/{complaint}/advice"
    first = await until(lambda: manned.get(path, {**AGENT, "Accept-Language": "en"}), lambda page: len(page["advice"]) == 1)
    assert (first["stage"], first["locale"]) == ("received", "en")
    (line,) = first["advice"]
    assert (line["row"], line["clauses"]) == ("first_words_transport", ["HOM-TRN-03"])
    assert line["text"].startswith("Tell the customer that it is recorded")
    await done(await manned.command(complaint, "respond", {"message": "x"}, AGENT))
    chinese = {**AGENT, "Accept-Language": "zh-CN"}
    after = await until(lambda: manned.get(path, chinese), lambda page: page["stage"] == "verifying" and page["advice"])
    assert [(each["clauses"], each["text"][:5]) for each in after["advice"]] == [(["HOM-TRN-04"], "查运输轨迹")]


async def test_advice_is_for_those_who_work_on_it(manned: World) -> None:
    complaint = await manned.filed()
    customer = as_role(Role.CUSTOMER, id="wang", complaint=complaint)
    answer = await manned.get(f"/v1/complaints/{complaint}/advice", customer)
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_role")
    await until(lambda: manned.get(f"/v1/complaints/{complaint}/advice"), lambda page: True)
    assert (await manned.get("/v1/complaints/cmp_k5x2q7d3m4n6p2r3s4t5u6v7w2/advice")).status_code == 404
