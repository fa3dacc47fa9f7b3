"""The OpenAPI document of a running system: what it says is so, and its examples work."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from tests.e2e.documented_api import (
    PROBLEM,
    RESIDENT,
    Api,
    Json,
    Operation,
    operations,
    references,
    validator,
)
from tests.e2e.embedded import Embedded
from tests.real import eventually

CASE = "/v1/status/{tracking_number}"
VERIFICATION = "/v1/verifications/{tracking_number}"
DATA_REQUEST = "/v1/data-requests/{tracking_number}"
COMPLAINT = "/v1/complaints/{tracking_number}"


@pytest.fixture(scope="module")
def api(tmp_path_factory) -> Iterator[Api]:
    """A fresh embedded system and its document."""
    embedded = Embedded(tmp_path_factory.mktemp("embedded"))
    try:
        embedded.start()
        with httpx.Client(base_url=embedded.url, timeout=30) as http:
            yield Api(http, http.get("/openapi.json").json())
    finally:
        embedded.close()


def submitted(api: Api, example: str = "example") -> str:
    return str(api.post("/v1/requests", example=example)["tracking_number"])


def complained(api: Api) -> str:
    return str(api.post("/v1/complaints")["tracking_number"])


def awaited(api: Api, case: str, reached: Callable[[Json], bool], what: str) -> Json:
    def look() -> Json | None:
        status = api.get(CASE, RESIDENT, tracking_number=case).json()
        return status if reached(status) else None

    return dict(eventually(look, what))


def move(api: Api, path: str, role: str, case: str, status: str) -> None:
    """Send the example of a move, and wait until the resident sees what it led to."""
    api.post(path, role, tracking_number=case)
    awaited(api, case, lambda page: page["status"] == status, status)


@pytest.fixture(scope="module")
def delivered(api: Api) -> str:
    """A verification made from the examples alone, in the order of the procedure."""
    api.upload("/v1/attachments")
    case = submitted(api)
    move(api, f"{VERIFICATION}/identification", "counter_officer", case, "announced")
    move(api, f"{VERIFICATION}/claim", "verifier", case, "assigned")
    move(api, f"{VERIFICATION}/visit-report", "verifier", case, "visited")
    move(api, f"{VERIFICATION}/assessment", "social_worker", case, "assessed")
    move(api, f"{VERIFICATION}/decision", "division_head", case, "decided")
    awaited(api, case, lambda page: len(page["documents"]) == 2, "receipt and letter")
    move(api, f"{VERIFICATION}/delivery", "counter_officer", case, "delivered")
    api.post(f"{CASE}/survey", RESIDENT, tracking_number=case)
    api.post(f"{CASE}/notifications", RESIDENT, tracking_number=case)
    return case


@pytest.fixture(scope="module")
def handed_over(api: Api) -> str:
    """A request for data made from the examples alone, in the order of the procedure."""
    case = submitted(api, "data_request")

    def arrived() -> bool:
        detail = api.get("/v1/cases/{tracking_number}", "agency_head", tracking_number=case).json()
        return detail["data_request"] is not None

    awaited(api, case, lambda page: True, "the case")
    eventually(arrived, "the letter on the desk of the agency head")
    move(api, f"{DATA_REQUEST}/disposition", "agency_head", case, "dispositioned")
    question = {"decision": "clarify", "words": "Tingkat kelurahan?"}
    api.send(f"{DATA_REQUEST}/review", "division_head", question, tracking_number=case)
    move(api, f"{CASE}/clarification", RESIDENT, case, "dispositioned")
    move(api, f"{DATA_REQUEST}/review", "division_head", case, "in_preparation")
    api.upload(f"{DATA_REQUEST}/tables", "social_worker", tracking_number=case)
    move(api, f"{DATA_REQUEST}/package", "social_worker", case, "prepared")
    move(api, f"{DATA_REQUEST}/handover", "division_head", case, "signed_by_office")
    move(api, f"{CASE}/handover", RESIDENT, case, "handed_over")
    return case


@pytest.fixture(scope="module")
def reopened(api: Api) -> str:
    """A complaint made from the examples alone, in the order of the mechanism."""
    case, officer = complained(api), "complaint_officer"
    move(api, f"{COMPLAINT}/check", officer, case, "checked")
    move(api, f"{COMPLAINT}/coordination", officer, case, "coordinating")
    answer = f"{COMPLAINT}/coordination/{{coordination}}/answer"
    api.post(answer, officer, tracking_number=case, coordination="1")
    move(api, f"{COMPLAINT}/response", officer, case, "responded")
    move(api, f"{COMPLAINT}/resolution", officer, case, "resolved")
    api.post(f"{CASE}/rating", RESIDENT, tracking_number=case)
    api.post(f"{CASE}/reopening", RESIDENT, tracking_number=case)
    awaited(api, case, lambda page: not page["closed"], "the complaint reopened")
    return case


@pytest.fixture(scope="module")
def escalated(api: Api) -> str:
    """A complaint beyond the office's power, at LAPOR! in the end."""
    case, officer = complained(api), "complaint_officer"
    move(api, f"{COMPLAINT}/check", officer, case, "checked")
    api.post(f"{COMPLAINT}/escalation", officer, tracking_number=case)
    awaited(api, case, lambda page: page["escalated_to"] == "division_head", "the head's turn")
    to_lapor = {"to": "lapor", "words": "Di luar wewenang Dinas Sosial."}
    api.send(f"{COMPLAINT}/escalation", "agency_head", to_lapor, tracking_number=case)
    awaited(api, case, lambda page: page["escalated_to"] == "lapor", "LAPOR!")
    api.get(f"{COMPLAINT}/lapor", "agency_head", tracking_number=case)
    api.get(f"{COMPLAINT}/lapor", "agency_head", "?format=csv", tracking_number=case)
    api.post(f"{COMPLAINT}/lapor", "agency_head", tracking_number=case)
    return case


@pytest.fixture(scope="module")
def detours(api: Api) -> str:
    """What the straight way leaves out: appointed, returned and supplemented, withdrawn."""
    appointed, returned = submitted(api), submitted(api)
    move(api, f"{VERIFICATION}/identification", "counter_officer", appointed, "announced")
    move(api, f"{VERIFICATION}/assignment", "division_head", appointed, "assigned")
    path = f"{VERIFICATION}/identification"
    complete = api.examples(path)["example"]
    lacking = {"checklist": [line | {"fulfilled": False} for line in complete["checklist"]]}
    api.send(path, "counter_officer", lacking, tracking_number=returned)
    awaited(api, returned, lambda page: page["missing"], "returned")
    api.post(f"{CASE}/supplement", "counter_officer", tracking_number=returned)
    api.post(f"{CASE}/withdrawal", "counter_officer", tracking_number=returned)
    return returned


@pytest.fixture(scope="module")
def told(api: Api) -> None:
    """A webhook, added and removed, and a message sent again."""
    webhook = api.post("/v1/webhooks", "administrator")["webhook"]
    case = submitted(api)

    def found() -> list[Json]:
        page = api.get("/v1/deliveries", "administrator").json()
        return [each for each in page["deliveries"] if each["tracking_number"] == case]

    (delivery, *_) = eventually(found, "a message on its way")
    api.get("/v1/webhooks", "administrator")
    api.get("/v1/webhooks/{webhook}/deliveries", "administrator", webhook=webhook)
    replay, removal = "/v1/deliveries/{notification}/replay", "/v1/webhooks/{webhook}/removal"
    api.post(replay, "administrator", notification=delivery["notification"])
    api.post(removal, "administrator", webhook=webhook)


@pytest.fixture(scope="module")
def looked_at(
    api: Api, delivered: str, detours: str, handed_over: str, reopened: str, escalated: str
) -> None:
    """Every call that reads, on what is there by now."""
    upload = api.upload("/v1/attachments")
    api.upload("/v1/attachments", query="?for=complaints")
    with_file = api.examples("/v1/requests")["example"] | {"attachments": [upload["id"]]}
    case = api.send("/v1/requests", None, with_file)["tracking_number"]
    page = awaited(api, delivered, lambda page: page["closed"], "the end")
    code = page["documents"][0]["code"]
    (standard, *_) = api.get("/v1/service-standards").json()["standards"]
    api.get("/v1/service-standards/{id}", id=standard["id"])
    for each, role in (
        (delivered, "counter_officer"),
        (handed_over, "social_worker"),
        (reopened, "complaint_officer"),
        (escalated, "agency_head"),
    ):
        detail = api.get("/v1/cases/{tracking_number}", role, tracking_number=each).json()
        assert detail["personal_data_shown"] is True
    for each in (detours, handed_over, reopened):
        api.get(f"{CASE}/correspondence", RESIDENT, tracking_number=each)
    attachment = "/v1/cases/{tracking_number}/attachments/{attachment}"
    awaited(api, case, lambda page: True, "the case with a file")
    api.get(attachment, "counter_officer", tracking_number=case, attachment=upload["id"])
    assert api.stream(f"{CASE}/stream", "counter_officer", tracking_number=case)
    api.get("/v1/documents/{code}", "counter_officer", code=code)
    api.get("/v1/verify/{code}", code=code)
    assert api.get(f"{CASE}/package", RESIDENT, tracking_number=handed_over).content[:2] == b"PK"
    for role in ("counter_officer", "agency_head", "complaint_officer"):
        api.get("/v1/tasks", role)
    for report in ("service-levels", "satisfaction", "data-register"):
        api.get(f"/v1/reports/{report}", "agency_head")
        api.get(f"/v1/reports/{report}", "auditor", "?format=csv")
    api.get("/v1/events", "auditor")
    for path in ("/v1/regions", "/health/live", "/health/ready", "/metrics"):
        api.get(path)


def test_every_call_with_a_body_was_made_with_its_own_examples(api, looked_at, told):
    """A new call needs an example that works, and its place in the procedures above."""
    with_body = {
        (path, name)
        for method, path in operations(api.document)
        if method == "post"
        for name in api.examples(path)
    }
    assert len(with_body) >= 35
    assert with_body - api.made_by_example == set()


def test_every_call_answers_as_the_document_says(api, looked_at, told):
    """No call was left out; each answer was held against its schema when it came."""
    assert set(operations(api.document)) == api.made


def test_a_refusal_answers_as_the_document_says(api, delivered):
    """Whatever is refused, and why: the problem has its schema too."""
    wrong: list[tuple[Operation, Json]] = [
        (("post", "/v1/requests"), {"json": {"kind": 1, "applicant": {}}}),
        (("post", "/v1/requests"), {"content": b"{"}),
        (("post", "/v1/login"), {"json": {"username": "x", "password": "y"}}),
        (("get", "/v1/tasks"), {}),
        (("get", f"{CASE}"), {"headers": {"X-Access-Code": "AAAAAAAAAA"}}),
        (("post", f"{CASE}/withdrawal"), {"headers": {"X-Access-Code": "AAAAAAAAAA"}}),
    ]
    for (method, path), content in wrong:
        address = path.format(tracking_number=delivered)
        answer = api.http.request(method, address, **content)
        assert answer.is_client_error
        assert answer.headers["Content-Type"] == PROBLEM
        api.check((method, path), answer)


def test_the_document_is_openapi_3_1_and_whole(api):
    """Every reference leads somewhere, and every schema is one."""
    assert re.fullmatch(r"3\.1\.\d+", api.document["openapi"])
    for reference in set(references(api.document)):
        node: Any = api.document
        for name in reference.removeprefix("#/").split("/"):
            node = node[name]
        assert node
    for schema in api.document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_example_fits_its_own_schema(api):
    """Of the bodies; what works and what is written are one."""
    for (_, path), operation in operations(api.document).items():
        for media in operation.get("requestBody", {}).get("content", {}).values():
            for example in media["examples"].values():
                validator(api.document, media["schema"]).validate(example["value"])
                assert example["summary"], path


def test_the_pages_to_read_need_nobody_else(api):
    """They load, and no address in them leads to another host; `.example` is nobody's."""
    page = api.http.get("/docs")
    assert page.is_success
    assert page.headers["Content-Type"].startswith("text/html")
    assets = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert {"/openapi.json", "/docs/docs.js", "/docs/docs.css"} <= set(assets)
    for text in (page.text, *(api.http.get(asset).text for asset in assets)):
        hosts = re.findall(r"(?:https?:)?//([a-z0-9.-]+\.[a-z]+)", text)
        assert all(host.endswith(".example") for host in hosts)
    assert all(api.http.get(asset).is_success for asset in assets)
