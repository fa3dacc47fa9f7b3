"""What the events of a data request add up to, step by step."""

import pytest

from contracts.data_request import (
    DataRequestWithdrawn,
    DeadlineApproaching,
    RejectionGround,
    Side,
)
from contracts.deadlines import ClockName
from contracts.documents import DocumentRevoked
from contracts.envelope import EventData, Role
from contracts.intake import RequestWithdrawn
from gateway.case_view import CaseView
from gateway.presentation import status_json, status_page
from gateway.projection import fold
from gateway.stages import CaseKind, Stage
from tests.case_events import DUE, Story
from tests.complaint_events import SURVEYED
from tests.data_request_events import (
    APPROVED,
    ASKED,
    CLARIFIED,
    DATA_ASKED,
    DATA_CASE,
    DATA_COMPLETED,
    DISPOSITIONED,
    DOWNLOADED,
    DRAFT,
    HANDED_OVER,
    PREPARED,
    RECORD,
    REJECTED,
    SHA256,
    SIGNED_BY_OFFICE,
    SIGNED_BY_REQUESTER,
    TO_THE_HANDOVER,
)

BEFORE_REVIEW = (DATA_ASKED, DATA_COMPLETED, DISPOSITIONED)


def case_after(*steps: EventData) -> CaseView:
    return fold(DATA_CASE, Story(DATA_CASE).tell(*steps))


@pytest.mark.parametrize(
    ("steps", "stage", "actions"),
    [
        pytest.param(1, Stage.RECEIVED, ["withdrawal"], id="letter recorded"),
        pytest.param(2, Stage.RECEIVED, ["withdrawal"], id="with the agency head"),
        pytest.param(3, Stage.DISPOSITIONED, ["withdrawal"], id="dispositioned"),
        pytest.param(4, Stage.IN_PREPARATION, ["withdrawal"], id="approved"),
        pytest.param(6, Stage.PREPARED, ["withdrawal", "handover"], id="prepared"),
        pytest.param(
            7, Stage.SIGNED_BY_OFFICE, ["withdrawal", "handover"], id="signed by the office"
        ),
        pytest.param(9, Stage.HANDED_OVER, ["download", "survey"], id="handed over"),
        pytest.param(11, Stage.HANDED_OVER, ["download", "survey"], id="downloaded"),
    ],
)
def test_each_step_brings_the_request_to_its_stage_and_the_resident_to_their_moves(
    steps: int, stage: Stage, actions: list[str]
) -> None:
    """From the letter to the download, in the order of the standard."""
    case = case_after(*TO_THE_HANDOVER[:steps])
    page = status_page(case)
    assert (case.kind, case.stage) == (CaseKind.DATA_REQUEST, stage)
    assert page["actions"] == actions
    assert page["closed"] is (stage is Stage.HANDED_OVER)


def test_the_office_speaks_in_the_words_of_its_standard() -> None:
    """Disposition, review, preparation and handover are named as they are published."""
    pages = [status_page(case_after(*TO_THE_HANDOVER[:count])) for count in (2, 3, 4, 6)]
    assert [page["next"]["id"] for page in pages] == [
        "Kepala Dinas mendisposisi surat permohonan kepada Kepala Bidang.",
        "Kepala Bidang menelaah surat permohonan yang telah didisposisi Kepala Dinas.",
        "Pekerja Sosial mengumpulkan, mengolah, menganalisa dan menyajikan data sesuai dengan "
        "permintaan serta menyiapkan konsep Berita Acara Serah Terima Data.",
        "Penyerahan data dan penandatanganan Berita Acara Serah Terima Data oleh kedua pihak.",
    ]
    assert pages[0]["label"]["en"].startswith("Letter received")
    assert pages[0]["timeline"][0]["label"]["en"] == "Letter recorded"


def test_the_disposition_waits_from_the_receipt_to_the_disposition() -> None:
    """That intake hands the letter over at once ends no step."""
    steps = [status_page(case_after(*TO_THE_HANDOVER[:count]))["step"] for count in (1, 2, 3)]
    assert [step["id"] for step in steps] == ["disposition", "disposition", "review"]


def test_an_alarm_tells_of_a_step_that_no_event_began() -> None:
    """Its owner has the case, though it has not moved it yet."""
    received = DATA_ASKED.model_copy(update={"step": None})
    alarm = DeadlineApproaching(
        clock=ClockName.STEP, step="disposition", due=DUE, role=Role.AGENCY_HEAD
    )
    page = status_page(case_after(received, DATA_COMPLETED, alarm))
    assert (page["status"], page["step"]["id"]) == ("received", "disposition")
    assert status_page(case_after(received, DATA_COMPLETED))["step"] is None


def test_a_clarification_stops_the_clock_and_says_why() -> None:
    """The requester may answer; no step waits at the office meanwhile."""
    page = status_page(case_after(*BEFORE_REVIEW, ASKED))
    assert (page["status"], page["step"]) == ("clarification_requested", None)
    assert page["actions"] == ["withdrawal", "clarification"]
    (pause,) = page["deadline"]["pauses"]
    assert (pause["reason_code"], pause["end"]) == ("clarification_requested", None)
    assert pause["text"]["id"] == "menunggu klarifikasi dari pemohon"


def test_a_clarified_request_is_reviewed_again() -> None:
    """The deadline is back, and the review waits anew."""
    page = status_page(case_after(*BEFORE_REVIEW, ASKED, CLARIFIED))
    assert (page["status"], page["step"]["id"]) == ("dispositioned", "review")
    assert page["deadline"]["due"] is not None


def test_the_review_sets_the_promised_time() -> None:
    """By complexity and data types: the approval's deadline takes the place of the first."""
    deadline = status_page(case_after(*BEFORE_REVIEW, APPROVED))["deadline"]
    assert (deadline["working_days"], deadline["missed"], deadline["in_time"]) == (5, False, None)
    assert deadline["promise"]["id"].startswith("3 sd 14 Hari Kerja")


def test_a_rejection_names_its_ground_in_the_standards_words() -> None:
    """It closes the case and ends the promise."""
    case = case_after(*BEFORE_REVIEW, REJECTED)
    page = status_page(case)
    assert page["rejection"] == {
        "ground": RejectionGround.POLITICAL_PURPOSE,
        "label": {
            "id": "Data diminta untuk kepentingan politik",
            "en": "The data are asked for politics",
        },
    }
    assert (page["closed"], page["deadline"]["in_time"]) == (True, True)
    assert case.kept is not None
    assert case.kept.working_minutes == 120


def test_the_page_shows_the_package_who_signed_it_and_how_often_it_was_fetched() -> None:
    """Once it is prepared, and never what is in it."""
    assert status_page(case_after(*BEFORE_REVIEW, APPROVED))["package"] is None
    page = status_page(case_after(*TO_THE_HANDOVER))
    assert page["package"] == {"edition": 1, "sha256": SHA256, "size": 2048}
    assert (page["signed"], page["downloads"]) == (["office", "requester"], 1)
    assert [document["label"]["id"] for document in page["documents"]] == [
        "Konsep Berita Acara Serah Terima Data",
        "Berita Acara Serah Terima Data",
    ]


def test_a_newer_package_is_signed_anew() -> None:
    """What was signed before was another one."""
    newer = PREPARED.model_copy(update={"edition": 2})
    case = case_after(*TO_THE_HANDOVER[:7], newer)
    assert (case.stage, case.signed) == (Stage.PREPARED, ())
    assert case.package is not None
    assert case.package.edition == 2


def test_the_requester_may_sign_first() -> None:
    """Then the office's signature is what is left, and no move is the requester's but one."""
    case = case_after(*BEFORE_REVIEW, APPROVED, PREPARED, SIGNED_BY_REQUESTER)
    assert (case.stage, case.signed) == (Stage.SIGNED_BY_REQUESTER, (Side.REQUESTER,))
    assert status_page(case)["actions"] == ["withdrawal"]
    assert status_page(case)["step"]["id"] == "handover"
    both = case_after(*BEFORE_REVIEW, APPROVED, PREPARED, SIGNED_BY_REQUESTER, SIGNED_BY_OFFICE)
    assert (both.stage, both.signed) == (Stage.HANDED_OVER, (Side.OFFICE, Side.REQUESTER))


def test_a_withdrawal_stands_once_in_the_timeline() -> None:
    """Intake repeats what the data-request service has said."""
    echo = RequestWithdrawn(stage="data_request")
    case = case_after(*BEFORE_REVIEW, DataRequestWithdrawn(), echo)
    assert case.stage is Stage.WITHDRAWN
    assert [moment.event for moment in case.timeline][-1] == "data_request_withdrawn"
    assert status_page(case)["actions"] == ["survey"]


def test_the_survey_is_answered_once() -> None:
    """It moves nothing, and is no move of the resident's any more."""
    page = status_page(case_after(*TO_THE_HANDOVER, SURVEYED))
    assert (page["status"], page["survey_answered"]) == ("handed_over", True)
    assert page["actions"] == ["download"]


def test_a_superseded_draft_says_that_there_is_a_newer_one() -> None:
    """In the timeline, and on the document."""
    page = status_page(
        case_after(*TO_THE_HANDOVER[:6], DocumentRevoked(code=DRAFT.code, reason="superseded"))
    )
    assert page["timeline"][-1]["label"]["en"] == "Document replaced by a newer one"
    assert page["documents"][0]["revoked"] is True


def test_events_that_come_before_intakes_are_shown_once_it_has_spoken() -> None:
    """A handover says of itself that it is of a data request; a disposition does not."""
    assert not case_after(DISPOSITIONED, APPROVED).known
    assert case_after(HANDED_OVER, RECORD, DOWNLOADED).kind is CaseKind.DATA_REQUEST


def test_the_page_does_not_say_who_prepares_the_data() -> None:
    """A requester reads roles, not names."""
    case = case_after(*TO_THE_HANDOVER)
    assert case.assigned_to == "wulan"
    assert "wulan" not in status_json(case)


def test_the_promise_is_the_last_owners_whatever_the_clocks_say() -> None:
    """Intake's deadline never takes the place of the data-request service's."""
    story = Story(DATA_CASE)
    story.tell(*BEFORE_REVIEW, APPROVED)
    late = story.events[1].model_copy(update={"time": DUE, "causationid": "command"})
    case = fold(DATA_CASE, [story.events[0], late, *story.events[2:]])
    assert case.deadline is not None
    assert case.deadline.working_days == 5
