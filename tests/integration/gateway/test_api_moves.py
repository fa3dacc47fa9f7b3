"""The moves of an aid verification: each is one command to the service that owns it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.envelope import Message, Role
from contracts.errors import ErrorCode, Refusal
from contracts.intake import IdentifyRequest, RequirementCheck
from contracts.verification import (
    AssessEligibility,
    AssignVerifier,
    ClaimVerification,
    DecideVerification,
    DeliverResult,
    DeliveryMethod,
    Outcome,
    Photo,
    Position,
    ReportVisit,
    TeamDiscussion,
    VisitOutcome,
)
from tests.case_events import CASE
from tests.integration.gateway.desk import KEY, Desk, fields, problem

ROLES = {
    "identification": Role.COUNTER_OFFICER,
    "claim": Role.VERIFIER,
    "assignment": Role.DIVISION_HEAD,
    "visit-report": Role.VERIFIER,
    "assessment": Role.SOCIAL_WORKER,
    "decision": Role.DIVISION_HEAD,
    "delivery": Role.COUNTER_OFFICER,
}
COMMANDS: dict[str, type[Message]] = {
    "identification": IdentifyRequest,
    "claim": ClaimVerification,
    "assignment": AssignVerifier,
    "visit-report": ReportVisit,
    "assessment": AssessEligibility,
    "decision": DecideVerification,
    "delivery": DeliverResult,
}
SHA = "ab" * 32


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The gateway in the demo."""
    desk = Desk(tmp_path_factory.mktemp("home"))
    yield desk
    desk.close()


@pytest.fixture
def desk(shared: Desk) -> Desk:
    """The gateway, with services that carry out every move and were asked nothing yet."""
    shared.rpc.calls.clear()
    shared.done(*COMMANDS.values())
    return shared


def move(desk: Desk, name: str, body: dict[str, Any] | None = None) -> Any:
    headers = KEY | desk.sign_in(ROLES[name])
    return desk.http.post(f"/v1/verifications/{CASE}/{name}", json=body or {}, headers=headers)


def example(desk: Desk, name: str) -> dict[str, Any]:
    document = desk.http.get("/openapi.json").json
    operation = document["paths"][f"/v1/verifications/{{tracking_number}}/{name}"]["post"]
    content = operation["requestBody"]["content"]["application/json"]
    value: dict[str, Any] = content["examples"]["example"]["value"]
    return value


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_of_each_move_works_as_it_stands(desk: Desk, name: str) -> None:
    """One command, for the actor, with a key; the answer is the case's new state."""
    response = move(desk, name, example(desk, name))
    assert (response.status_code, response.json["tracking_number"]) == (200, CASE)
    ((message, actor, key),) = desk.rpc.calls
    assert type(message) is COMMANDS[name]
    assert message.tracking_number == CASE
    assert (actor.id, actor.role) == (ROLES[name].value, ROLES[name])
    assert key


def test_a_checklist_reaches_intake_line_by_line(desk: Desk) -> None:
    """With its notes."""
    move(
        desk,
        "identification",
        {
            "checklist": [
                {"requirement": "resident", "fulfilled": True},
                {"requirement": "identity_document", "fulfilled": False, "note": "KTP lama"},
            ]
        },
    )
    (command,) = desk.asked()
    assert command.checklist == (
        RequirementCheck(requirement="resident", fulfilled=True),
        RequirementCheck(requirement="identity_document", fulfilled=False, note="KTP lama"),
    )


@pytest.mark.parametrize("verifier", ["nobody", "auditor"])
def test_only_a_known_verifier_can_be_appointed(desk: Desk, verifier: str) -> None:
    """A name that is no account, or another role's."""
    response = move(desk, "assignment", {"verifier": verifier})
    assert problem(response) == (422, "validation_failed")
    assert fields(response) == {"verifier": "unknown_verifier"}
    assert not desk.asked()


def test_a_visit_report_reaches_verification_whole(desk: Desk) -> None:
    """Photos and position too; the time as the moment that it is."""
    body = {
        "visit": "v-1",
        "outcome": "household_visited",
        "visited_at": "2026-11-23T09:30:00+08:00",
        "findings": "Rumah sewa.\nSatu kamar.",
        "household_members": 4,
        "monthly_income_idr": 0,
        "photos": [{"attachment": "a-1", "sha256": SHA}],
        "position": {"latitude": -3.3, "longitude": 114, "accuracy_m": 8.5},
    }
    move(desk, "visit-report", body)
    assert desk.asked() == [
        ReportVisit(
            tracking_number=CASE,
            visit="v-1",
            outcome=VisitOutcome.HOUSEHOLD_VISITED,
            visited_at=datetime(2026, 11, 23, 1, 30, tzinfo=UTC),
            findings="Rumah sewa.\nSatu kamar.",
            household_members=4,
            monthly_income_idr=0,
            photos=(Photo(attachment="a-1", sha256=SHA),),
            position=Position(latitude=-3.3, longitude=114, accuracy_m=8.5),
        )
    ]


def test_an_assessment_reaches_verification_with_the_teams_discussion(desk: Desk) -> None:
    """Who took part, and what they concluded."""
    body = {
        "recommendation": "not_eligible",
        "grounds": "Mampu.",
        "team_discussion": {"participants": ["Siti", "Andi"], "conclusion": "Sepakat."},
    }
    move(desk, "assessment", body)
    team = TeamDiscussion(participants=("Siti", "Andi"), conclusion="Sepakat.")
    assert desk.asked() == [
        AssessEligibility(
            tracking_number=CASE,
            recommendation=Outcome.NOT_ELIGIBLE,
            grounds="Mampu.",
            team_discussion=team,
        )
    ]


def test_decision_and_delivery_reach_verification(desk: Desk) -> None:
    """As the head decided and the officer told."""
    move(desk, "decision", {"decision": "send_back", "grounds": "Alamat lain."})
    move(desk, "delivery", {"delivery": "oral_and_letter"})
    assert desk.asked() == [
        DecideVerification(tracking_number=CASE, decision="send_back", grounds="Alamat lain."),
        DeliverResult(tracking_number=CASE, delivery=DeliveryMethod.ORAL_AND_LETTER),
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_an_unknown_field_is_refused_in_every_move(desk: Desk, name: str) -> None:
    """Nothing is dropped in silence."""
    response = move(desk, name, example(desk, name) | {"colour": "red"})
    assert problem(response) == (422, "validation_failed")
    assert fields(response) == {"colour": "unknown_field"}
    assert not desk.asked()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_move_needs_an_idempotency_key(desk: Desk, name: str) -> None:
    """Each of them."""
    response = desk.http.post(
        f"/v1/verifications/{CASE}/{name}",
        json=example(desk, name),
        headers=desk.sign_in(ROLES[name]),
    )
    assert problem(response) == (400, "idempotency_key_missing")


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (ErrorCode.ALREADY_CLAIMED, 409),
        (ErrorCode.OTHER_DISTRICT, 403),
        (ErrorCode.ILLEGAL_MOVE, 409),
        (ErrorCode.CASE_NOT_FOUND, 404),
        (ErrorCode.IDEMPOTENCY_KEY_REUSED, 422),
    ],
)
def test_a_refused_move_says_why(desk: Desk, code: ErrorCode, status: int) -> None:
    """With the code of the service that refused."""

    def refuse(ask: ClaimVerification) -> None:
        raise Refusal(code)

    desk.rpc.replies[ClaimVerification] = refuse
    assert problem(move(desk, "claim")) == (status, code)


def test_the_callers_trace_goes_on_to_the_services(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A well-formed traceparent; anything else stays behind."""
    seen: list[str | None] = []
    call = desk.rpc.call
    monkeypatch.setattr(
        desk.rpc,
        "call",
        lambda message, actor, key=None, trace=None: (
            seen.append(trace) or call(message, actor, key)
        ),
    )
    trace = f"00-{'a' * 32}-{'b' * 16}-01"
    for given in (trace, f"{trace}\n", "6371034107900001"):
        headers = KEY | desk.sign_in(Role.VERIFIER) | {"traceparent": given.strip("\n")}
        desk.http.post(f"/v1/verifications/{CASE}/claim", headers=headers)
    assert seen == [trace, trace, None]
