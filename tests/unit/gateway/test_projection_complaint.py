"""What the events of a complaint add up to, step by step."""

from datetime import timedelta

import pytest

from contracts.complaints import (
    ComplaintKind,
    ComplaintWithdrawn,
    Element,
    EscalationTarget,
    LaporReconciled,
    LaporStatus,
    Missing,
    Referral,
)
from contracts.envelope import EventData
from gateway.case_view import CaseView
from gateway.complaint_texts import MISSING, REFERRALS
from gateway.presentation import status_json, status_page
from gateway.projection import fold
from gateway.stages import CaseKind, Stage
from tests.case_events import RECEIPT, RECEIVED_AT, Story
from tests.complaint_events import (
    ANSWERED,
    ASKED,
    CHECKED,
    COMPLAINED,
    COMPLAINT,
    ESCALATED,
    INCOMPLETE,
    NOT_OURS,
    RATED,
    REMINDED,
    REOPENED,
    REOPENED_DUE,
    RESOLVED,
    RESPONDED,
    SUPPLEMENTED,
    SURVEYED,
    TO_THE_RESOLUTION,
)


def case_after(*steps: EventData) -> CaseView:
    return fold(COMPLAINT, Story(COMPLAINT).tell(*steps))


@pytest.mark.parametrize(
    ("steps", "stage", "actions", "step"),
    [
        pytest.param(1, Stage.RECEIVED, ["withdrawal"], "check", id="received"),
        pytest.param(2, Stage.CHECKED, ["withdrawal"], "coordination", id="checked"),
        pytest.param(3, Stage.COORDINATING, ["withdrawal"], "coordination", id="partner asked"),
        pytest.param(4, Stage.COORDINATED, ["withdrawal"], "response", id="partner answered"),
        pytest.param(5, Stage.RESPONDED, [], "resolution", id="responded"),
        pytest.param(6, Stage.RESOLVED, ["rating", "reopening", "survey"], None, id="resolved"),
        pytest.param(7, Stage.RESOLVED, ["reopening", "survey"], None, id="rated"),
        pytest.param(8, Stage.RESOLVED, ["reopening"], None, id="surveyed"),
    ],
)
def test_each_step_brings_the_complaint_to_its_stage_and_the_complainant_to_their_moves(
    steps: int, stage: Stage, actions: list[str], step: str | None
) -> None:
    """In the order of the mechanism."""
    case = case_after(*TO_THE_RESOLUTION[:steps])
    page = status_page(case)
    assert (case.kind, case.stage) == (CaseKind.COMPLAINT, stage)
    assert page["actions"] == actions
    assert (page["step"] and page["step"]["id"]) == step


def test_the_office_speaks_in_the_words_of_its_mechanism() -> None:
    """The administrative check and the coordination are named as they are published."""
    pages = [status_page(case_after(*TO_THE_RESOLUTION[:count])) for count in (1, 3, 5)]
    assert pages[0]["next"]["id"] == "Petugas melakukan cek administrasi."
    assert pages[0]["deadline"]["text"]["id"].startswith("Direspon paling lambat")
    assert pages[1]["label"]["id"] == "Koordinasi internal/eksternal"
    assert pages[2]["next"]["id"] == (
        "Penyelesaian pengaduan sesuai dengan kondisi dan permasalahan yang ada."
    )


def test_an_incomplete_complaint_says_what_is_missing_and_stops_the_clock() -> None:
    """In words, whether the standard has them or the office."""
    both = INCOMPLETE.model_copy(update={"missing": (Missing.IDENTITY, Missing.EVIDENCE)})
    page = status_page(case_after(COMPLAINED, both))
    assert (page["status"], page["actions"]) == ("incomplete", ["withdrawal", "supplement"])
    assert [each["label"]["id"] for each in page["missing"]] == [
        "Identitas lengkap",
        "Bukti pendukung",
    ]
    assert page["deadline"]["pauses"][0]["text"]["en"] == (
        "waiting for the complainant to complete the complaint"
    )
    assert page["step"] is None


def test_a_supplemented_complaint_is_checked_again_by_its_owner() -> None:
    """Nothing is missing any more."""
    case = case_after(COMPLAINED, INCOMPLETE, SUPPLEMENTED)
    assert (case.stage, case.missing, case.assigned_to) == (Stage.RECEIVED, (), "dewi")


def test_what_is_not_the_offices_business_is_referred_elsewhere() -> None:
    """The complainant reads where to go; the referral is the response."""
    case = case_after(COMPLAINED, NOT_OURS)
    page = status_page(case)
    assert (page["status"], page["closed"]) == ("redirected", True)
    assert page["referral"]["code"] == "civil_registry"
    assert page["referral"]["name"]["id"].startswith("Dinas Kependudukan")
    assert page["referral"]["address"]["en"]
    assert case.kept is not None
    assert (case.kept.in_time, case.kept.working_minutes) == (True, 60)


def test_every_referral_and_everything_missing_has_its_words() -> None:
    """In both languages."""
    assert set(REFERRALS) == set(Referral)
    assert set(MISSING) == set(Missing)


def test_a_second_partner_is_waited_for_too() -> None:
    """A reminder changes nothing; only the last answer ends the coordination."""
    second = ASKED.model_copy(update={"coordination": 2})
    before = (COMPLAINED, CHECKED, ASKED, second, REMINDED, ANSWERED)
    assert case_after(*before).stage is Stage.COORDINATING
    answered = ANSWERED.model_copy(update={"coordination": 2})
    assert case_after(*before, answered).stage is Stage.COORDINATED


def test_an_answer_that_comes_after_the_response_does_not_turn_the_case_back() -> None:
    """The partner was late; the complainant has an answer."""
    assert case_after(COMPLAINED, CHECKED, ASKED, RESPONDED, ANSWERED).stage is Stage.RESPONDED


def test_an_escalation_is_a_mark_beside_the_stage() -> None:
    """The highest level counts, and the step that waits goes on."""
    lapor = ESCALATED.model_copy(update={"to": EscalationTarget.LAPOR})
    page = status_page(case_after(COMPLAINED, CHECKED, lapor, ESCALATED))
    assert (page["status"], page["escalated_to"]) == ("checked", "lapor")
    assert page["step"]["id"] == "coordination"
    assert page["timeline"][-2]["label"]["id"] == "Pengaduan diteruskan ke SP4N-LAPOR!"


def test_a_reopened_complaint_is_passed_upward_anew() -> None:
    """How far it was before does not count: who has the task then is whom it is passed to."""
    higher = ESCALATED.model_copy(update={"to": EscalationTarget.AGENCY_HEAD})
    story = (COMPLAINED, CHECKED, higher, RESPONDED, RESOLVED, REOPENED)
    assert case_after(*story).escalated_to is None
    assert case_after(*story, ESCALATED).escalated_to is EscalationTarget.DIVISION_HEAD


def test_word_from_lapor_stands_in_the_timeline() -> None:
    """It moves nothing."""
    word = LaporReconciled(status=LaporStatus.ANSWERED, agrees=True)
    case = case_after(COMPLAINED, CHECKED, word)
    assert case.stage is Stage.CHECKED
    assert status_page(case)["timeline"][-1]["label"]["en"] == "SP4N-LAPOR!: answered"


def test_a_reopened_complaint_is_promised_an_answer_anew() -> None:
    """It is checked and open again; the first answer stays on record."""
    case = case_after(*TO_THE_RESOLUTION[:7], REOPENED)
    page = status_page(case)
    assert (page["status"], page["closed"]) == ("checked", False)
    assert (page["score"], page["reopen_until"], page["deadline"]["in_time"]) == (None, None, None)
    assert page["deadline"]["due"] == REOPENED_DUE.isoformat()
    assert [kept.working_minutes for kept in case.kept_before] == [600]


def test_the_promise_is_for_the_first_answer() -> None:
    """A second one, later than the promise, does not make it late."""
    second = RESPONDED.model_copy(update={"number": 2, "in_time": False})
    case = case_after(COMPLAINED, CHECKED, RESPONDED, second)
    assert case.kept is not None
    assert case.kept.in_time is True
    again = case_after(COMPLAINED, CHECKED, RESPONDED, RESOLVED, REOPENED, second)
    assert again.kept is not None
    assert again.kept.in_time is False


def test_the_page_says_until_when_it_may_be_reopened_and_how_it_was_rated() -> None:
    """The page itself does not change with time."""
    page = status_page(case_after(*TO_THE_RESOLUTION))
    assert page["reopen_until"] == (RECEIVED_AT + timedelta(days=14)).isoformat()
    assert (page["score"], page["survey_answered"]) == (4, True)


def test_a_withdrawn_complaint_is_closed() -> None:
    """In the words of a complaint."""
    page = status_page(case_after(COMPLAINED, ComplaintWithdrawn()))
    assert (page["status"], page["closed"]) == ("withdrawn", True)
    assert page["label"]["en"] == "Complaint withdrawn"


def test_a_suggestion_is_recorded_as_one() -> None:
    """Saran dan masukan take the same way."""
    suggestion = COMPLAINED.model_copy(update={"kind": ComplaintKind.SUGGESTION})
    page = status_page(case_after(suggestion))
    assert page["timeline"][0]["label"]["id"] == "Saran dan masukan dicatat"


def test_the_page_names_no_officer() -> None:
    """Neither who has the complaint nor whom it is about."""
    about = COMPLAINED.model_copy(update={"officer": "budi"})
    case = case_after(about, *TO_THE_RESOLUTION[1:])
    assert (case.assigned_to, case.concerns) == ("dewi", "budi")
    assert "dewi" not in status_json(case)
    assert "budi" not in status_json(case)


def test_the_check_may_find_out_whom_it_is_about() -> None:
    """What it does not say stays as it was received."""
    found = CHECKED.model_copy(update={"officer": "andi"})
    assert case_after(COMPLAINED, found).concerns == "andi"
    about = COMPLAINED.model_copy(update={"officer": "budi"})
    assert case_after(about, CHECKED).concerns == "budi"


def test_a_survey_alone_makes_no_complaint() -> None:
    """It follows a case of any kind."""
    assert not case_after(SURVEYED).known
    assert not case_after(RATED, RECEIPT).known


def test_a_survey_that_leaves_out_an_element_is_none() -> None:
    """The index is of all nine."""
    partial = SURVEYED.model_copy(update={"scores": {Element.TIME: 4}})
    assert case_after(*TO_THE_RESOLUTION[:6], partial).survey is None


def test_a_receipt_of_a_complaint_is_called_so() -> None:
    """Not a receipt of a request."""
    documents = status_page(case_after(COMPLAINED, RECEIPT))["documents"]
    assert documents[0]["label"]["id"] == "Tanda Terima Pengaduan"
