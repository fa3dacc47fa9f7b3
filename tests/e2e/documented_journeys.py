"""Cases made from the examples of the OpenAPI document alone, in the order of the procedures."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx
import pytest

from tests.e2e.documented_api import RESIDENT, Api, Json
from tests.e2e.embedded import Embedded
from tests.real import eventually

CASE = "/v1/status/{tracking_number}"
VERIFICATION = "/v1/verifications/{tracking_number}"
DATA_REQUEST = "/v1/data-requests/{tracking_number}"
COMPLAINT = "/v1/complaints/{tracking_number}"


TRIED_FREELY = {
    "SIGAP_WRONG_CODES_PER_CLIENT": "1000000000",
    "SIGAP_FAILED_LOGINS_PER_CLIENT": "1000000000",
}
"""All calls come from one address, and some of them guess."""


@pytest.fixture(scope="session")
def api(request, tmp_path_factory) -> Iterator[Api]:
    """A fresh embedded system and its document; with SIGAP_FUZZ_ON=fleet processes and servers."""
    if os.environ.get("SIGAP_FUZZ_ON") == "fleet":
        with (
            request.getfixturevalue("new_fleet")(**TRIED_FREELY) as fleet,
            documented(fleet.url) as api,
        ):
            yield api
        return
    embedded = Embedded(tmp_path_factory.mktemp("embedded"))
    embedded.extra = TRIED_FREELY
    try:
        embedded.start()
        with documented(embedded.url) as api:
            yield api
    finally:
        embedded.close()


@contextmanager
def documented(url: str) -> Iterator[Api]:
    with httpx.Client(base_url=url, timeout=30) as http:
        yield Api(http, http.get("/openapi.json").json())


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


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
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
    # Its time is that of the document, which may be minutes before the escalation.
    came_back = f"{COMPLAINT}/lapor"
    api.made_by_example.add((came_back, "example"))
    body = api.examples(came_back)["example"] | {"occurred_at": datetime.now(UTC).isoformat()}
    api.send(came_back, "agency_head", body, tracking_number=case)
    return case


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
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
