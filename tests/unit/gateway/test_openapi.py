"""The OpenAPI document: complete, valid, and in step with the table of calls."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

from chassis.store import Store
from contracts.errors import ErrorCode
from contracts.intake import RequestKind
from gateway.app import RESOURCES, build_app
from gateway.calls import CALLS
from gateway.models import Base
from gateway.problems import STATUS
from gateway.settings import GatewaySettings
from tests.support import RecordedRpc, StoppedClock

Operation = dict[str, Any]

FROM_THE_DESIGN = {
    "GET /v1/service-standards",
    "GET /v1/service-standards/{id}",
    "GET /v1/regions",
    "POST /v1/attachments",
    "POST /v1/requests",
    "POST /v1/complaints",
    "GET /v1/status/{tracking_number}",
    "GET /v1/status/{tracking_number}/stream",
    "POST /v1/status/{tracking_number}/withdrawal",
    "POST /v1/status/{tracking_number}/supplement",
    "POST /v1/status/{tracking_number}/clarification",
    "POST /v1/status/{tracking_number}/handover",
    "GET /v1/status/{tracking_number}/package",
    "GET /v1/status/{tracking_number}/correspondence",
    "POST /v1/status/{tracking_number}/rating",
    "POST /v1/status/{tracking_number}/reopening",
    "POST /v1/status/{tracking_number}/survey",
    "POST /v1/status/{tracking_number}/notifications",
    "GET /v1/documents/{code}",
    "GET /v1/verify/{code}",
    "POST /v1/login",
    "GET /v1/login/oidc",
    "POST /v1/login/oidc",
    "POST /v1/logout",
    "GET /v1/tasks",
    "GET /v1/cases/{tracking_number}",
    "GET /v1/cases/{tracking_number}/attachments/{attachment}",
    "POST /v1/verifications/{tracking_number}/identification",
    "POST /v1/verifications/{tracking_number}/claim",
    "POST /v1/verifications/{tracking_number}/assignment",
    "POST /v1/verifications/{tracking_number}/visit-report",
    "POST /v1/verifications/{tracking_number}/assessment",
    "POST /v1/verifications/{tracking_number}/decision",
    "POST /v1/verifications/{tracking_number}/delivery",
    "POST /v1/data-requests/{tracking_number}/disposition",
    "POST /v1/data-requests/{tracking_number}/review",
    "POST /v1/data-requests/{tracking_number}/tables",
    "POST /v1/data-requests/{tracking_number}/package",
    "POST /v1/data-requests/{tracking_number}/handover",
    "POST /v1/complaints/{tracking_number}/check",
    "POST /v1/complaints/{tracking_number}/coordination",
    "POST /v1/complaints/{tracking_number}/coordination/{coordination}/answer",
    "POST /v1/complaints/{tracking_number}/response",
    "POST /v1/complaints/{tracking_number}/resolution",
    "POST /v1/complaints/{tracking_number}/escalation",
    "POST /v1/complaints/{tracking_number}/lapor",
    "GET /v1/complaints/{tracking_number}/lapor",
    "GET /v1/reports/service-levels",
    "GET /v1/reports/satisfaction",
    "GET /v1/reports/data-register",
    "POST /v1/webhooks",
    "GET /v1/webhooks",
    "POST /v1/webhooks/{webhook}/removal",
    "GET /v1/webhooks/{webhook}/deliveries",
    "GET /v1/deliveries",
    "POST /v1/deliveries/{notification}/replay",
    "GET /v1/events",
    "GET /v1/ledger/checkpoint",
    "GET /v1/ledger/key",
    "GET /v1/ledger/proof/inclusion",
    "GET /v1/ledger/proof/consistency",
    "GET /health/live",
    "GET /health/ready",
    "GET /metrics",
}


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The document of a fresh application."""
    http = application(tmp_path_factory.mktemp("home")).test_client()
    return cast(dict[str, Any], http.get("/openapi.json").json)


def application(home: Path) -> Any:
    settings = GatewaySettings(home=home)
    return build_app(settings, Store(Base.metadata), RecordedRpc(), StoppedClock(), dict)


def operations(document: dict[str, Any]) -> Iterator[tuple[str, Operation]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from references(each)


def test_every_call_of_the_table_is_in_the_application_and_the_reverse(tmp_path: Path) -> None:
    """A view that is missing in the table could not be called; a row without a view is dead."""
    endpoints = {rule.endpoint for rule in application(tmp_path).url_map.iter_rules()}
    assert endpoints == set(CALLS)


def test_the_calls_are_those_of_the_design(document: dict[str, Any]) -> None:
    """Nothing is missing, and nothing is there without a decision."""
    assert {name for name, _ in operations(document)} == FROM_THE_DESIGN


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    """And stays inside the document."""
    for reference in references(document):
        assert reference.startswith("#/")
        part: Any = document
        for key in reference[2:].split("/"):
            part = part[key]


def test_every_schema_is_json_schema(document: dict[str, Any]) -> None:
    """OpenAPI 3.1 takes JSON Schema 2020-12."""
    assert document["openapi"].startswith("3.1")
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_path_parameter_is_declared(document: dict[str, Any]) -> None:
    """Each name in braces is a required parameter of the path, and the reverse."""
    for name, operation in operations(document):
        declared = [p for p in operation.get("parameters", []) if p["in"] == "path"]
        assert {p["name"] for p in declared} == set(re.findall(r"{(\w+)}", name)), name
        assert all(p["required"] for p in declared)


def test_every_call_says_what_it_does_who_may_and_how_it_fails(document: dict[str, Any]) -> None:
    """Summary, callers, tag, a name of its own, and problems for its failures."""
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(names) == len(set(names))
    tags = {tag["name"] for tag in document["tags"]}
    for name, operation in operations(document):
        assert operation["summary"], name
        assert "Who: " in operation["description"], name
        assert set(operation["tags"]) <= tags
        for status, response in operation["responses"].items():
            assert response["description"], name
            if status >= "400" and status != "414" and name != "GET /health/ready":
                schema = response["content"]["application/problem+json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Problem"}


def test_staff_calls_need_the_bearer_token_and_open_calls_nothing(
    document: dict[str, Any],
) -> None:
    """As the table says; `{}` is OpenAPI's word for without."""
    security = {name: operation["security"] for name, operation in operations(document)}
    assert security["GET /v1/tasks"] == [{"staff": []}]
    assert security["POST /v1/requests"] == [{}, {"staff": []}]
    assert security["GET /v1/status/{tracking_number}"] == [{"access_code": []}, {"staff": []}]
    assert security["GET /v1/regions"] == [{}]
    assert set(document["components"]["securitySchemes"]) == {"staff", "access_code"}


SIGNING_IN_AND_OUT = {"POST /v1/login", "POST /v1/login/oidc", "POST /v1/logout"}


def test_every_post_but_signing_in_and_out_takes_an_idempotency_key(
    document: dict[str, Any],
) -> None:
    """And no GET does."""
    for name, operation in operations(document):
        keys = [p for p in operation.get("parameters", []) if p["name"] == "Idempotency-Key"]
        moves = name.startswith("POST") and name not in SIGNING_IN_AND_OUT
        assert [p["required"] for p in keys] == ([True] if moves else []), name


def test_every_request_body_has_an_example_that_fits_its_schema(document: dict[str, Any]) -> None:
    """By the schema in the document, as a front end's generator would check it."""
    for name, operation in operations(document):
        assert ("requestBody" in operation) == name.startswith("POST"), name
        for media in operation.get("requestBody", {}).get("content", {}).values():
            schema = media["schema"] | {"components": document["components"]}
            validator = validator_for(schema, Draft202012Validator)(
                schema, format_checker=Draft202012Validator.FORMAT_CHECKER
            )
            assert media["examples"], name
            for example in media["examples"].values():
                validator.validate(example["value"])


def test_a_schemas_name_means_one_thing() -> None:
    """Two models of one name in different resources would take each other's place."""
    schemas: dict[str, Any] = {}
    for resource in RESOURCES:
        for name, schema in resource.api.components_schemas.items():
            assert schemas.setdefault(name, schema) == schema, name


def test_forms_refuse_unknown_fields_in_the_document_too(document: dict[str, Any]) -> None:
    """A generated client learns it before it calls."""
    forms = {n: s for n, s in document["components"]["schemas"].items() if n.endswith("Form")}
    assert forms
    assert all(schema["additionalProperties"] is False for schema in forms.values())


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/v1/verifications/{tracking_number}/visit-report", "visited_at"),
        ("/v1/complaints/{tracking_number}/lapor", "occurred_at"),
    ],
)
def test_what_happened_in_an_example_happened_today(
    document: dict[str, Any], path: str, field: str
) -> None:
    """A fixed date would be refused one day as too long ago, or as before the case."""
    content = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    assert content["examples"]["example"]["value"][field] == "2026-11-23T09:00:00+08:00"


def test_each_kind_of_request_has_a_schema_and_an_example(document: dict[str, Any]) -> None:
    """Told apart by `kind`."""
    body = document["paths"]["/v1/requests"]["post"]["requestBody"]["content"]["application/json"]
    schema = document["components"]["schemas"][body["schema"]["$ref"].split("/")[-1]]
    assert schema["discriminator"]["propertyName"] == "kind"
    kinds = {example["value"]["kind"] for example in body["examples"].values()}
    assert kinds == set(schema["discriminator"]["mapping"]) == set(RequestKind)
    assert len(schema["oneOf"]) == len(kinds)


def test_a_call_names_the_codes_it_is_refused_with(document: dict[str, Any]) -> None:
    """Its own, under their status; what its path names is not found."""
    for name, endpoint in (
        ("POST /v1/complaints/{tracking_number}/lapor", "complaints.reconcile_lapor"),
        ("POST /v1/requests", "requests.submit_request"),
        ("POST /v1/status/{tracking_number}/handover", "residents.sign_handover"),
    ):
        responses = dict(operations(document))[name]["responses"]
        for code in CALLS[endpoint].codes:
            assert f"`{code}`" in responses[str(STATUS[code].value)]["description"]
    file = dict(operations(document))["GET /v1/cases/{tracking_number}/attachments/{attachment}"]
    assert "`attachment_not_found`" in file["responses"]["404"]["description"]


def test_every_code_has_a_status() -> None:
    """A refusal without one could not be answered."""
    assert set(STATUS) == set(ErrorCode)


def test_the_document_is_the_same_for_every_application(tmp_path: Path) -> None:
    """Building it twice changes nothing in it."""
    first, second = (
        application(tmp_path).test_client().get("/openapi.json").get_data() for _ in range(2)
    )
    assert json.loads(first) == json.loads(second)
