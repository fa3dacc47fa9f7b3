"""The satisfaction survey: nine elements, once for a closed case of any kind."""

import pytest

from contracts.complaints import Element
from contracts.errors import ErrorCode
from services.complaints.models import Survey
from tests.integration.complaints.desk import CASE, refused, refused_fields

WORDS = "Bu Ratna di loket dua sangat ramah"


@pytest.mark.parametrize("case", ["VRF-20261120-0007", "DTA-20261120-0002", CASE])
def test_a_case_of_any_kind_is_surveyed_once(desk, case):
    """Each element has its score; a second answer is refused."""
    desk.go_to("closed")
    done = desk.answer_survey(case, words=WORDS, fee=1)
    assert (done.tracking_number, done.state) == (case, "closed")
    told = desk.emitted("survey_answered")[-1]
    assert told.subject == case
    assert told.data == {"scores": {element.value: 4 for element in Element} | {"fee": 1}}
    refused(ErrorCode.ALREADY_ANSWERED, desk.answer_survey, case)
    assert len(desk.emitted("survey_answered")) == 1


def test_the_words_are_sealed_under_a_key_of_their_own(desk):
    """They belong to no complainant; without words nothing is sealed."""
    desk.answer_survey("VRF-20261120-0007", words=WORDS)
    desk.answer_survey("DTA-20261120-0002")
    [first, second] = desk.rows(Survey)
    context = "survey:VRF-20261120-0007:words"
    assert desk.vault.open(first.wrapped_key, first.sealed, context).decode() == WORDS
    assert second.sealed is None
    assert second.scores["fee"] == 4


def test_every_element_is_asked(desk):
    """What is missing or out of range is named."""
    scores = {"time": None, "fee": 5}
    assert refused_fields(desk.answer_survey, "VRF-20261120-0007", **scores) == [
        ("scores.time", "required"),
        ("scores.fee", "out_of_range"),
    ]
    assert desk.rows(Survey) == []


@pytest.mark.parametrize("case", ["ADU-20261123-0009", "XYZ", "VRF-1"])
def test_what_is_no_case_is_not_surveyed(desk, case):
    """A complaint is known here, of the others only the form."""
    refused(ErrorCode.CASE_NOT_FOUND, desk.answer_survey, case)
