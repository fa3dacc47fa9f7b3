"""Who complains stays with those who handle it: every call with every role, and never the officer
whom a complaint is about."""

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import gateway
from contracts import catalogue
from contracts.complaints import (
    ComplaintChannel,
    ComplaintDetail,
    ComplaintKind,
    ComplaintRegistered,
    EscalationTarget,
    ExportLapor,
    ReadComplaint,
    ReadContacts,
    ReadEvidence,
    SubmitComplaint,
)
from contracts.documents import DocumentContent, DocumentKind, ReadDocument
from contracts.envelope import Actor, AttachmentContent, Role
from contracts.errors import ErrorCode, Refusal
from contracts.notifications import (
    Deliveries,
    ListDeliveries,
    ListWebhooks,
    Webhooks,
)
from gateway.calls import CALLS, COMPLAINT_HANDLERS, STAFF
from tests.case_events import DEADLINE, RECEIPT, RECEIVED_AT
from tests.complaint_events import CHECKED, COMPLAINED, COMPLAINT, ESCALATED
from tests.integration.gateway.desk import KEY, NIK, Desk, fields, problem
from tests.integration.gateway.replies import COMPLAINT_EXAMPLE, DELIVERY, RECORD, WEBHOOK

NEW = "ADU-20261123-0005"
"""A complaint that nobody has checked yet."""

UNKNOWN = "ADU-20261123-9999"

ABOUT = "dewi.concerned"
"""User name of the officer whom the complaints are about."""

LETTER = RECEIPT.model_copy(update={"code": "ADU-L3TT3R"})
NOWHERE: EscalationTarget | None = None
CASES: dict[EscalationTarget | None, str] = {
    NOWHERE: COMPLAINT,
    EscalationTarget.DIVISION_HEAD: "ADU-20261123-0002",
    EscalationTarget.AGENCY_HEAD: "ADU-20261123-0003",
    EscalationTarget.LAPOR: "ADU-20261123-0004",
}
SEES_IDENTITY: dict[EscalationTarget | None, set[Role]] = {
    NOWHERE: {Role.COMPLAINT_OFFICER},
    EscalationTarget.DIVISION_HEAD: {Role.COMPLAINT_OFFICER, Role.DIVISION_HEAD},
    EscalationTarget.AGENCY_HEAD: set(COMPLAINT_HANDLERS),
    EscalationTarget.LAPOR: set(COMPLAINT_HANDLERS),
}
"""By how far a complaint was escalated."""

EVIDENCE = b"%PDF evidence"


class Complaints:
    """The complaints service's rule of who sees what."""

    def __init__(self) -> None:
        self.actor = Actor(id="nobody", role=Role.SYSTEM)

    def level(self, case: str) -> EscalationTarget | None:
        return next((level for level, each in CASES.items() if each == case), None)

    def sees(self, case: str) -> bool:
        return self.actor.role in SEES_IDENTITY[self.level(case)]

    def guarded(self, answer: Any) -> Callable[[Any], Any]:
        """The answer for who sees the identity; a refusal for others."""

        def reply(ask: Any) -> Any:
            if not self.sees(ask.tracking_number):
                raise Refusal(ErrorCode.ACCESS_DENIED)
            return answer

        return reply

    def detail(self, ask: ReadComplaint) -> ComplaintDetail:
        if self.actor.role not in COMPLAINT_HANDLERS:
            raise Refusal(ErrorCode.ACCESS_DENIED)
        return ComplaintDetail(
            tracking_number=ask.tracking_number,
            state="checked",
            kind=ComplaintKind.COMPLAINT,
            channel=ComplaintChannel.WEBSITE,
            complainant=RECORD.complainant if self.sees(ask.tracking_number) else None,
            matter="Loket tutup.",
            about_case=None,
            owner="dewi",
            escalated_to=self.level(ask.tracking_number),
            attachments=(),
            coordinations=(),
            written=(),
            missing=(),
            referral=None,
            received_at=RECEIVED_AT,
            entered_at=RECEIVED_AT,
            standard="complaint",
            standard_version="2026-1",
            deadline=DEADLINE,
            score=None,
        )


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The gateway, with a complaint at each level of escalation, all about the same officer."""
    desk = Desk(tmp_path_factory.mktemp("home"))
    for number, (level, case) in enumerate(CASES.items()):
        letter = LETTER.model_copy(update={"code": f"{LETTER.code}-{number}"})
        about = COMPLAINED.model_copy(update={"officer": ABOUT})
        raised = [ESCALATED.model_copy(update={"to": level})] if level else []
        desk.happened(about, CHECKED, letter, *raised, case=case)
    service, call = Complaints(), desk.rpc.call

    def asked(message: Any, actor: Actor, *more: Any, **named: Any) -> Any:
        service.actor = actor
        return call(message, actor, *more, **named)

    desk.rpc.call = asked  # type: ignore[method-assign]
    pdf = base64.b64encode(f"%PDF Siti {NIK}".encode()).decode()
    desk.rpc.replies |= {
        ReadComplaint: service.detail,
        ReadEvidence: service.guarded(
            AttachmentContent(
                media_type="application/pdf", content=base64.b64encode(EVIDENCE).decode()
            )
        ),
        ExportLapor: service.guarded(RECORD),
        ReadDocument: lambda ask: DocumentContent(
            number="1", kind=DocumentKind.RECEIPT, sha256="a" * 64, content=pdf
        ),
    }
    desk.happened(COMPLAINED.model_copy(update={"officer": ABOUT}), case=NEW)
    yield desk
    desk.close()


def signed_in(desk: Desk, role: Role, name: str | None = None) -> dict[str, str]:
    actor = Actor(id=name or role.value, role=role, districts=("63.71.03",))
    return desk.sign_in_as(actor)


LETTER_OF = {case: f"{LETTER.code}-{number}" for number, case in enumerate(CASES.values())}
SECRETS: dict[str, Callable[[str], str]] = {
    "identity": lambda case: f"/v1/cases/{case}",
    "evidence": lambda case: f"/v1/cases/{case}/attachments/e-1",
    "letter": lambda case: f"/v1/documents/{LETTER_OF[case]}",
    "lapor export": lambda case: f"/v1/complaints/{case}/lapor",
    "lapor export as CSV": lambda case: f"/v1/complaints/{case}/lapor?format=csv",
}


@pytest.mark.parametrize("level", CASES, ids=str)
@pytest.mark.parametrize("role", sorted(STAFF))
@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_told_to_whom_the_table_allows_and_to_nobody_else(
    desk: Desk, secret: str, role: Role, level: EscalationTarget | None
) -> None:
    """Every cell: identity, evidence, letter and export, by role and level of escalation."""
    response = desk.http.get(SECRETS[secret](CASES[level]), headers=signed_in(desk, role))
    told = NIK in response.text or response.get_data() == EVIDENCE
    assert told is (role in SEES_IDENTITY[level])
    if not told and secret != "identity":
        assert problem(response) == (403, "access_denied")


@pytest.mark.parametrize("level", CASES, ids=str)
@pytest.mark.parametrize("role", sorted(STAFF))
def test_the_matter_is_read_by_who_handles_it_and_the_status_by_any_staff(
    desk: Desk, role: Role, level: EscalationTarget | None
) -> None:
    """Who is told of the matter without the identity sees that it is kept back."""
    case = desk.http.get(f"/v1/cases/{CASES[level]}", headers=signed_in(desk, role)).json
    assert case["status"]["kind"] == "complaint"
    assert (case["complaint"] is not None) is (role in COMPLAINT_HANDLERS)
    assert case["personal_data_shown"] is (role in SEES_IDENTITY[level])
    assert case["request"] is case["application"] is case["data_request"] is None


def test_the_contacts_are_read_by_no_call() -> None:
    """They are for messages only: the gateway does not even know the question."""
    for path in Path(gateway.__file__).parent.rglob("*.py"):
        assert ReadContacts.__name__ not in path.read_text("utf-8"), path


def bodies(desk: Desk) -> dict[tuple[str, str], Any]:
    """(method, rule) -> the example of the call's body."""
    found = {}
    for path, methods in desk.http.get("/openapi.json").json["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            examples = content.get("application/json", {}).get("examples", {})
            found[method.upper(), path] = examples.get("example", {}).get("value")
    return found


def rules(desk: Desk) -> Iterator[tuple[str, str, str]]:
    """(endpoint, method, rule) of every staff call that names a case or a document."""
    for rule in desk.app.url_map.iter_rules():
        call = CALLS[rule.endpoint]
        if call.roles and not call.anyone and rule.arguments & {"tracking_number", "code"}:
            for method in (rule.methods or set()) & {"GET", "POST"}:
                yield rule.endpoint, method, rule.rule


def filled(rule: str, case: str, code: str) -> str:
    names = {"tracking_number": case, "code": code, "coordination": "1", "attachment": "e-1"}
    for name, value in names.items():
        rule = rule.replace(f"<{name}>", value)
    return rule


@pytest.fixture
def knows_nothing(desk: Desk) -> Iterator[Desk]:
    """The gateway, whose services know no case and no document."""

    def refuse(ask: Any) -> None:
        is_document = isinstance(ask, ReadDocument)
        raise Refusal(ErrorCode.DOCUMENT_NOT_FOUND if is_document else ErrorCode.CASE_NOT_FOUND)

    kept = dict(desk.rpc.replies)
    desk.rpc.replies |= dict.fromkeys(catalogue.MESSAGES, refuse)
    yield desk
    desk.rpc.replies |= kept


def test_a_complaint_does_not_exist_for_the_officer_it_is_about(knows_nothing: Desk) -> None:
    """In any call, in any role: the answer is that to an unknown number, to the byte."""
    desk, examples = knows_nothing, bodies(knows_nothing)
    not_found = 0
    for endpoint, method, rule in rules(desk):
        body = examples[method, rule.replace("<", "{").replace(">", "}")]
        for role in sorted(CALLS[endpoint].roles):
            headers = KEY | signed_in(desk, role, ABOUT)
            hidden, absent = (
                desk.http.open(filled(rule, case, code), method=method, headers=headers, json=body)
                for case, code in ((COMPLAINT, LETTER_OF[COMPLAINT]), (UNKNOWN, "N0TH1NG"))
            )
            if endpoint == "data_requests.store_table":
                assert problem(absent)[0] == 415  # takes no JSON, and no complaint
                continue
            assert problem(hidden)[0] in (403, 404), (rule, role)
            assert hidden.get_data() == absent.get_data(), (rule, role)
            not_found += hidden.status_code == 404
    assert not_found > 40


def test_tasks_and_deliveries_leave_it_out_too(desk: Desk) -> None:
    """A list says nothing that a look at the case would not."""
    listed = desk.http.get("/v1/tasks", headers=signed_in(desk, Role.COMPLAINT_OFFICER)).text
    assert NEW in listed
    own = desk.http.get("/v1/tasks", headers=signed_in(desk, Role.COMPLAINT_OFFICER, ABOUT)).text
    assert "ADU-" not in own

    delivery = DELIVERY.model_copy(update={"tracking_number": COMPLAINT})
    page = Deliveries(deliveries=(delivery,), next_cursor=None)
    desk.rpc.replies[ListDeliveries] = lambda ask: page
    desk.rpc.replies[ListWebhooks] = lambda ask: Webhooks(webhooks=(WEBHOOK,))
    for path in ("/v1/deliveries", "/v1/webhooks/w-1/deliveries"):
        listed = desk.http.get(path, headers=signed_in(desk, Role.ADMINISTRATOR)).text
        assert COMPLAINT in listed
        own = desk.http.get(path, headers=signed_in(desk, Role.ADMINISTRATOR, ABOUT)).text
        assert json.loads(own)["deliveries"] == []


def test_an_officer_names_no_case_that_is_kept_from_them(desk: Desk) -> None:
    """As the subject of another complaint; for a colleague it is a case like any other."""
    registered = ComplaintRegistered(tracking_number=NEW, deadline=DEADLINE)
    desk.rpc.replies[SubmitComplaint] = lambda ask: registered
    for name, status in ((ABOUT, 422), ("dewi", 201)):
        headers = KEY | signed_in(desk, Role.COMPLAINT_OFFICER, name)
        body = COMPLAINT_EXAMPLE | {"about_case": COMPLAINT}
        response = desk.http.post("/v1/complaints", json=body, headers=headers)
        assert response.status_code == status
        assert status == 201 or fields(response) == {"about_case": "unknown_case"}
