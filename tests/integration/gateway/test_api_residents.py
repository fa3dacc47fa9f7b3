"""What a resident may do with a case: each is one command to the service that owns it."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from contracts.complaints import (
    AnswerSurvey,
    Element,
    RateComplaint,
    ReopenComplaint,
    SupplementComplaint,
    WithdrawComplaint,
)
from contracts.data_request import (
    AnswerClarification,
    DownloadPackage,
    PackageContent,
    Side,
    SignHandover,
    WithdrawDataRequest,
)
from contracts.envelope import RESIDENT, ContactWay, Message, Role
from contracts.errors import ErrorCode, Refusal
from contracts.intake import SupplementRequest, WithdrawRequest
from contracts.notifications import ChooseWays
from contracts.verification import WithdrawVerification
from tests.case_events import CASE, RECEIVED, TO_THE_LETTER
from tests.complaint_events import COMPLAINED, COMPLAINT, TO_THE_RESOLUTION
from tests.data_request_events import DATA_CASE, TO_THE_HANDOVER
from tests.integration.gateway.desk import KEY, Desk, fields, problem

SUPPLEMENT = {"notes": "Foto loket", "attachments": ["e-1"]}
SCORES = {element.value: 3 for element in Element}
BODIES: dict[str, dict[str, Any]] = {
    "clarification": {"answer": "Tahun 2024."},
    "handover": {"name": "Budi", "edition": 2, "terms_accepted": True},
    "rating": {"score": 4, "words": "Baik."},
    "reopening": {"words": "Belum selesai."},
    "survey": {"scores": SCORES, "words": "Ramah."},
    "notifications": {"ways": ["email"]},
}
COMMANDS: dict[tuple[str, str], Message] = {
    (DATA_CASE, "clarification"): AnswerClarification(
        tracking_number=DATA_CASE, answer="Tahun 2024."
    ),
    (DATA_CASE, "handover"): SignHandover(
        tracking_number=DATA_CASE,
        side=Side.REQUESTER,
        name="Budi",
        edition=2,
        terms_accepted=True,
    ),
    (COMPLAINT, "rating"): RateComplaint(tracking_number=COMPLAINT, score=4, words="Baik."),
    (COMPLAINT, "reopening"): ReopenComplaint(tracking_number=COMPLAINT, words="Belum selesai."),
    **{
        (case, "survey"): AnswerSurvey(
            tracking_number=case, scores=dict.fromkeys(Element, 3), words="Ramah."
        )
        for case in (CASE, DATA_CASE, COMPLAINT)
    },
    **{
        (case, "notifications"): ChooseWays(tracking_number=case, ways=(ContactWay.EMAIL,))
        for case in (CASE, DATA_CASE, COMPLAINT)
    },
}
ONLY_FOR = {
    "clarification": DATA_CASE,
    "handover": DATA_CASE,
    "rating": COMPLAINT,
    "reopening": COMPLAINT,
}
PACKAGE = b"PK and so on"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The gateway in the demo, with a closed case of each kind."""
    desk = Desk(tmp_path_factory.mktemp("home"))
    desk.happened(*TO_THE_LETTER)
    desk.happened(*TO_THE_HANDOVER, case=DATA_CASE)
    desk.happened(*TO_THE_RESOLUTION, case=COMPLAINT)
    yield desk
    desk.close()


@pytest.fixture
def desk(shared: Desk) -> Desk:
    """The gateway, with services that carry everything out and were asked nothing yet."""
    shared.rpc.calls.clear()
    shared.done(*{type(command) for command in COMMANDS.values()})
    shared.done(SupplementComplaint, SupplementRequest, WithdrawComplaint, WithdrawRequest)
    content = PackageContent(sha256="c" * 64, content=base64.b64encode(PACKAGE).decode())
    shared.rpc.replies[DownloadPackage] = lambda ask: content
    return shared


def do(desk: Desk, case: str, name: str, body: Any, headers: dict[str, str] | None = None) -> Any:
    headers = KEY | (headers or desk.code(case))
    return desk.http.post(f"/v1/status/{case}/{name}", json=body, headers=headers)


@pytest.mark.parametrize(("case", "name"), COMMANDS)
def test_each_is_one_command_for_the_resident(desk: Desk, case: str, name: str) -> None:
    """As the body says, with a key; the answer is the case's new state."""
    response = do(desk, case, name, BODIES[name])
    assert (response.status_code, response.json["tracking_number"]) == (200, case)
    ((message, actor, key),) = desk.rpc.calls
    assert message == COMMANDS[case, name]
    assert actor == RESIDENT
    assert key


@pytest.mark.parametrize("name", ONLY_FOR)
def test_what_another_kind_of_case_has_is_no_move_of_this_one(desk: Desk, name: str) -> None:
    """With the right code it is not the number that is wrong."""
    for case in {CASE, DATA_CASE, COMPLAINT} - {ONLY_FOR[name]}:
        assert problem(do(desk, case, name, BODIES[name])) == (409, "illegal_move")
    assert not desk.asked()


@pytest.mark.parametrize("name", BODIES)
def test_an_example_works_as_it_stands(desk: Desk, name: str) -> None:
    """That of the document."""
    path = f"/v1/status/{{tracking_number}}/{name}"
    content = desk.http.get("/openapi.json").json["paths"][path]["post"]["requestBody"]["content"]
    example = content["application/json"]["examples"]["example"]["value"]
    assert do(desk, ONLY_FOR.get(name, CASE), name, example).status_code == 200


@pytest.mark.parametrize(
    ("name", "change", "field", "code"),
    [
        ("handover", {"terms_accepted": "yes"}, "terms_accepted", "wrong_type"),
        ("handover", {"edition": 0}, "edition", "out_of_range"),
        ("rating", {"score": 6}, "score", "out_of_range"),
        ("rating", {"score": "5"}, "score", "wrong_type"),
        ("reopening", {"words": " "}, "words", "too_short"),
        ("survey", {"scores": SCORES | {"fee": 5}}, "scores.fee", "out_of_range"),
        ("survey", {"scores": {"fee": 4}}, "scores.requirements", "required"),
        ("survey", {"scores": SCORES | {"colour": 1}}, "scores.colour", "unknown_field"),
        ("notifications", {"ways": ["pigeon"]}, "ways.0", "not_allowed"),
        ("notifications", {"ways": ["email", "email"]}, "ways", "not_distinct"),
    ],
)
def test_a_wrong_field_is_named(
    desk: Desk, name: str, change: dict[str, Any], field: str, code: str
) -> None:
    """Before anything is asked of a service."""
    response = do(desk, ONLY_FOR.get(name, CASE), name, BODIES[name] | change)
    assert problem(response) == (422, "validation_failed")
    assert fields(response)[field] == code
    assert not desk.asked()


@pytest.mark.parametrize(("case", "begun"), [(CASE, RECEIVED), (COMPLAINT, COMPLAINED)])
def test_a_survey_waits_for_the_end(tmp_path: Any, case: str, begun: Any) -> None:
    """Who is not served yet cannot tell how it was."""
    desk = Desk(tmp_path)
    desk.happened(begun, case=case)
    assert problem(do(desk, case, "survey", BODIES["survey"])) == (409, "case_still_open")
    assert not desk.asked()
    desk.close()


@pytest.mark.parametrize(
    ("name", "code", "status"),
    [
        ("handover", ErrorCode.TERMS_NOT_ACCEPTED, 422),
        ("handover", ErrorCode.PACKAGE_CHANGED, 409),
        ("handover", ErrorCode.ALREADY_SIGNED, 409),
        ("rating", ErrorCode.ALREADY_ANSWERED, 409),
        ("reopening", ErrorCode.REOPENING_TOO_LATE, 409),
        ("survey", ErrorCode.ALREADY_ANSWERED, 409),
        ("notifications", ErrorCode.WAY_NOT_GIVEN, 422),
    ],
)
def test_a_refusal_says_why(desk: Desk, name: str, code: ErrorCode, status: int) -> None:
    """With the code of the service that refused, as the document declares it."""

    def refuse(ask: Message) -> None:
        raise Refusal(code)

    case = ONLY_FOR.get(name, CASE)
    desk.rpc.replies[type(COMMANDS[case, name])] = refuse
    assert problem(do(desk, case, name, BODIES[name])) == (status, code)


def test_the_package_is_downloaded(desk: Desk) -> None:
    """As a ZIP file that nobody on the way keeps; it is asked for on behalf of the resident."""
    path = f"/v1/status/{DATA_CASE}/package"
    response = desk.http.get(path, headers=desk.code(DATA_CASE))
    assert (response.get_data(), response.content_type) == (PACKAGE, "application/zip")
    assert "ETag" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Disposition"] == f"attachment; filename={DATA_CASE}.zip"
    ((message, actor, _),) = desk.rpc.calls
    assert (message, actor) == (DownloadPackage(tracking_number=DATA_CASE), RESIDENT)


def test_a_look_at_the_package_is_no_download(desk: Desk) -> None:
    """HEAD is refused; a caller who has it gets it anew, because it is recorded."""
    path = f"/v1/status/{DATA_CASE}/package"
    response = desk.http.head(path, headers=desk.code(DATA_CASE))
    assert (response.status_code, response.headers["Allow"]) == (405, "GET")
    assert not desk.asked()
    known = desk.code(DATA_CASE) | {"If-None-Match": f'"{"c" * 64}"', "Range": "bytes=0-1"}
    response = desk.http.get(path, headers=known)
    assert (response.status_code, response.get_data()) == (200, PACKAGE)
    assert desk.asked() == [DownloadPackage(tracking_number=DATA_CASE)]


def test_the_package_is_for_who_asked_for_it(desk: Desk) -> None:
    """Not for the staff, not before both have signed, and not of another kind of case."""
    path = f"/v1/status/{DATA_CASE}/package"
    for role in (Role.SOCIAL_WORKER, Role.AGENCY_HEAD, Role.ADMINISTRATOR):
        response = desk.http.get(path, headers=desk.sign_in(role))
        assert problem(response) == (403, "access_denied")
    response = desk.http.get(f"/v1/status/{CASE}/package", headers=desk.code())
    assert problem(response) == (409, "illegal_move")
    assert not desk.asked()

    def refuse(ask: DownloadPackage) -> None:
        raise Refusal(ErrorCode.HANDOVER_NOT_SIGNED)

    desk.rpc.replies[DownloadPackage] = refuse
    response = desk.http.get(path, headers=desk.code(DATA_CASE))
    assert problem(response) == (409, "handover_not_signed")


@pytest.mark.parametrize(
    ("case", "keeper"),
    [(CASE, SupplementRequest), (DATA_CASE, SupplementRequest), (COMPLAINT, SupplementComplaint)],
)
def test_a_supplement_goes_to_who_keeps_the_case(
    desk: Desk, case: str, keeper: type[Message]
) -> None:
    """Intake or complaints."""
    assert do(desk, case, "supplement", SUPPLEMENT).status_code == 200
    (command,) = desk.asked()
    assert command == keeper(tracking_number=case, notes="Foto loket", attachments=("e-1",))  # type: ignore[call-arg]


def refusing(code: ErrorCode) -> Any:
    def refuse(ask: Message) -> None:
        raise Refusal(code)

    return refuse


def test_a_complaint_is_withdrawn_from_its_service(desk: Desk) -> None:
    """Intake never had it."""
    assert do(desk, COMPLAINT, "withdrawal", {}).status_code == 200
    assert desk.asked() == [WithdrawComplaint(tracking_number=COMPLAINT)]


@pytest.mark.parametrize(
    ("case", "owner"), [(CASE, WithdrawVerification), (DATA_CASE, WithdrawDataRequest)]
)
def test_a_request_that_was_handed_over_is_withdrawn_from_its_owner(
    desk: Desk, case: str, owner: type[Message]
) -> None:
    """With the same key, so that a repetition finds its reply there."""
    desk.rpc.replies[WithdrawRequest] = refusing(ErrorCode.ALREADY_HANDED_OVER)
    desk.done(owner)
    assert do(desk, case, "withdrawal", {}).status_code == 200
    (_, _, at_intake), (second, _, at_owner) = desk.rpc.calls
    assert second == owner(tracking_number=case)  # type: ignore[call-arg]
    assert at_intake == at_owner


@pytest.mark.parametrize("name", ["withdrawal", "supplement"])
def test_who_takes_a_case_in_enters_what_is_brought_to_the_counter(desk: Desk, name: str) -> None:
    """Counter officers for requests, complaint officers for complaints; neither for the other's."""
    body = SUPPLEMENT if name == "supplement" else {}
    counter, complaints = Role.COUNTER_OFFICER, Role.COMPLAINT_OFFICER
    for case, desk_of, other in (
        (CASE, counter, complaints),
        (DATA_CASE, counter, complaints),
        (COMPLAINT, complaints, counter),
    ):
        desk.rpc.calls.clear()
        refused = do(desk, case, name, body, desk.sign_in(other))
        assert problem(refused) == (403, "access_denied")
        assert not desk.asked()
        assert do(desk, case, name, body, desk.sign_in(desk_of)).status_code == 200
        assert desk.rpc.calls[0][1].role is desk_of
