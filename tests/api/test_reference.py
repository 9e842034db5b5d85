"""The API reference: a stranger finds everything there."""

import json
from typing import Any

import pytest

from api.examples import COMMANDS as EXAMPLES
from domain.commands import COMMANDS
from domain.intake import Intake
from tests.api.world import World

# What pydantic and OpenAPI know; anything else would be a slip of ours.
_TYPES = {"object", "array", "string", "integer", "number", "boolean", "null"}


@pytest.fixture(scope="module")
def document(unmanned: World) -> dict[str, Any]:
    made: dict[str, Any] = unmanned.app.openapi()
    return made


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, operation) for path, item in document["paths"].items() for method, operation in item.items()]


async def test_it_is_served(unmanned: World) -> None:
    answer = await unmanned.http.get("/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")
    assert (await unmanned.http.get("/docs")).status_code == 200


def test_every_operation_says_what_it_does(document: dict[str, Any]) -> None:
    known = {tag["name"] for tag in document["tags"]}
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))
    for path, _, operation in operations(document):
        assert operation["summary"], path
        assert operation["description"], path
        assert set(operation["tags"]) <= known, path
        for parameter in operation.get("parameters", ()):
            assert parameter["description"], (path, parameter["name"])


def test_every_field_says_what_it_is(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        assert schema.get("description"), name
        for field, value in schema.get("properties", {}).items():
            assert value.get("description"), f"{name}.{field}"


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            if isinstance(reference := part.get("$ref"), str):
                assert reference.removeprefix("#/components/schemas/") in schemas, reference
            if isinstance(part.get("type"), str) and "properties" in part:
                assert part["type"] in _TYPES
            for each in part.values():
                walk(each)
        elif isinstance(part, list):
            for each in part:
                walk(each)

    walk(document)


def test_every_failure_is_a_declared_problem(document: dict[str, Any]) -> None:
    for path, _, operation in operations(document):
        for status, response in operation["responses"].items():
            assert response["description"], (path, status)
            if int(status) >= 400 and path != "/readyz":
                assert list(response["content"]) == ["application/problem+json"], (path, status)
        if path.startswith("/v1") and "webhooks" not in path and "decisions" not in path:
            assert operation["security"] == [{"token": []}], path
            assert {"401", "403"} <= set(operation["responses"]), path


def test_every_command_has_its_endpoint_and_an_example_that_fits(document: dict[str, Any]) -> None:
    for name, model in COMMANDS.items():
        operation = document["paths"][f"/v1/complaints/{{complaint_id}}/{name}"]["post"]
        assert {"200", "403", "404", "409", "422", "503", "504"} <= set(operation["responses"])
        assert "Open to: " in operation["description"]
        model.model_validate(EXAMPLES[name])
    assert set(EXAMPLES) == set(COMMANDS)


def test_the_examples_of_filing_fit(document: dict[str, Any]) -> None:
    body = document["paths"]["/v1/complaints"]["post"]["requestBody"]["content"]["application/json"]
    for example in body["examples"].values():
        Intake.model_validate_json(json.dumps(example["value"]))


async def test_policies_are_read_in_both_languages(unmanned: World) -> None:
    listed = (await unmanned.get("/v1/policies")).json()
    current = next(policy for policy in listed if policy["current"])
    category = next(each for each in current["categories"] if each["id"] == "transport_damage")
    assert category["title"]["zh"]
    assert category["title"]["en"]
    assert "order_number" in category["required"]
    pack = (await unmanned.get(current["url"])).json()
    assert {clause["id"] for clause in pack["clause"]} >= {"HOM-TRN-01", "HOM-INS-10"}
    assert (await unmanned.get("/v1/policies/home@1999-01")).status_code == 404


async def test_an_address_that_is_none_is_a_problem_too(unmanned: World) -> None:
    for method, path, status in (("GET", "/nowhere", 404), ("DELETE", "/v1/complaints", 405)):
        answer = await unmanned.http.request(method, path)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
