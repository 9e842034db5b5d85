"""A category suggested at intake, over HTTP."""

from domain.actor import Role
from tests.api.world import World, as_role

GROCER = as_role(Role.INTAKE, tenant="grocery-demo")
PATH = "/v1/policies/grocery@2026-11/suggestions"


async def test_whoever_files_sees_what_a_text_may_be_about_and_why(unmanned: World) -> None:
    answer = await unmanned.http.post(PATH, json={"content": "没有筷子，发票也没给。"}, headers=GROCER)
    assert answer.status_code == 200
    first, second = answer.json()
    assert (first["category"], first["because"], first["clauses"]) == ("invoice", ["发票"], ["GRO-INV-01"])
    assert (second["category"], second["because"]) == ("missing_components", ["没有筷子"])


async def test_a_text_that_says_nothing_of_the_kind_gets_no_suggestion(unmanned: World) -> None:
    answer = await unmanned.http.post(PATH, json={"content": "味道一般。"}, headers=GROCER)
    assert (answer.status_code, answer.json()) == (200, [])


async def test_an_empty_text_is_told_by_its_field(unmanned: World) -> None:
    answer = await unmanned.http.post(PATH, json={"content": ""}, headers=GROCER)
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == ["content"]


async def test_another_companys_procedure_is_not_there(unmanned: World) -> None:
    answer = await unmanned.http.post(PATH, json={"content": "没有筷子"}, headers=as_role(Role.INTAKE))
    assert answer.status_code == 404
