"""From the counter to the handover, back to the resident, or withdrawn."""

from datetime import timedelta

import pytest

from casework.office import OfficeSettings
from chassis.settings import SettingsError
from contracts.envelope import RESIDENT
from contracts.errors import ErrorCode
from contracts.intake import Reporter, RequirementCheck
from services.intake.models import Request
from tests.integration.intake.counter import AMAT, UNKNOWN, Counter, deadline_in, refused
from tests.unit.intake.samples import NIK, checklist


def test_a_request_is_registered_promised_and_told(counter):
    """The receipt and the event say the same."""
    registered = counter.submit()
    assert registered.tracking_number == "VRF-20261123-0001"
    assert registered.deadline.due.isoformat() == "2026-11-24T16:00:00+08:00"
    assert registered.warnings == ()
    event = counter.last()
    assert (event.subject, event.actor, event.sequence) == (
        registered.tracking_number,
        "staff:amat",
        "1",
    )
    assert deadline_in(event) == registered.deadline
    assert event.data | {"deadline": None} == {
        "kind": "assistance_verification",
        "channel": "counter",
        "purpose": "jamkesda",
        "district": "63.71.03",
        "village": "63.71.03.1003",
        "standard": "aid_verification",
        "standard_version": "2026-1",
        "received_at": "2026-11-23T09:00:00+08:00",
        "deadline": None,
        "warnings": [],
        "attachments": 0,
        "notify": [],
        "step": {"step": "identification", "due": "2026-11-23T10:00:00+08:00"},
    }


def test_numbers_count_on_through_a_day_and_start_again_on_the_next(counter):
    """The day is the office's: it begins at 16:00 UTC."""
    assert [counter.received() for _ in range(2)] == ["VRF-20261123-0001", "VRF-20261123-0002"]
    counter.clock.move(hours=14, minutes=59)
    assert counter.received() == "VRF-20261123-0003"
    counter.clock.move(minutes=1)
    assert counter.received() == "VRF-20261124-0001"


def test_a_refused_submission_uses_no_number(counter):
    """Numbers are without gaps, so that nobody looks for a lost request."""
    with refused(ErrorCode.ATTACHMENT_NOT_FOUND):
        counter.submit(attachments=("8c8e1c0e-7d4b-4d0e-8b3a-0a4f6a1f2b3c",))
    assert counter.emitted() == []
    assert counter.received() == "VRF-20261123-0001"


def test_a_repeated_submission_gets_the_same_number(counter):
    """The same key, the same reply, one request."""
    assert counter.submit(key="k-1") == counter.submit(key="k-1")
    assert counter.emitted() == ["request_received"]


@pytest.mark.parametrize("channel", ["web", "bot", "whatsapp", "email"])
def test_a_resident_submits_online(counter, channel):
    """The channel stands in the event; who submitted is no officer."""
    counter.submit(channel=channel, actor=RESIDENT)
    event = counter.last()
    assert (event.data["channel"], event.actor) == (channel, "resident")


def test_a_third_party_reports_anothers_need(counter):
    """The reporter is known to the office, and not to the event."""
    case = counter.received(channel="third_party", reporter=Reporter(name="Ketua RT 21"))
    assert "Ketua" not in counter.last().model_dump_json()
    assert counter.read(case).reporter.name == "Ketua RT 21"


def test_a_nik_of_elsewhere_is_warned_of_and_accepted(counter):
    """A warning for the officer, no ground for refusal."""
    registered = counter.submit(nik="3171034505850003", birth_date="1985-05-06", sex="male")
    expected = ["nik_other_region", "nik_birth_date_differs", "nik_sex_differs"]
    assert [*registered.warnings] == expected
    assert counter.last().data["warnings"] == expected
    assert [*counter.read(registered.tracking_number).warnings] == expected


def test_the_office_closes_by_its_override_file(tmp_path):
    """The promise follows the office's own calendar, from the file in the settings."""
    override = tmp_path / "override.toml"
    override.write_text(
        '[[closed_days]]\ndate = 2026-11-24\nreason_id = "Banjir"\nreason_en = "Flood"\n'
    )
    counter = Counter(tmp_path, office_override=str(override))
    assert counter.submit().deadline.due.isoformat() == "2026-11-25T16:00:00+08:00"
    counter.bench.close()


@pytest.mark.parametrize("text", [None, "[[closed_days]]", "closed_days = 3", "not toml"])
def test_a_calendar_that_cannot_be_meant_ends_the_start(tmp_path, text):
    """Better than failing at every submission."""
    override = tmp_path / "override.toml"
    if text is not None:
        override.write_text(text)
    with pytest.raises(SettingsError, match="SIGAP_OFFICE_OVERRIDE"):
        OfficeSettings.read({"SIGAP_OFFICE_OVERRIDE": str(override)})


def test_a_second_request_for_the_same_purpose_is_warned_of(counter):
    """The officer sees that it may be the same request, sent again."""
    counter.submit()
    assert counter.submit().warnings == ("likely_duplicate",)
    assert counter.submit(purpose="jampersal").warnings == ()
    assert counter.submit(nik="6371034505850004").warnings == ()


def test_an_open_request_is_a_duplicate_however_old(counter):
    """One that lies with the resident still waits."""
    counter.identify(counter.received(), resident=False)
    counter.clock.move(days=90)
    assert counter.submit().warnings == ("likely_duplicate",)


def test_a_finished_request_is_a_duplicate_for_thirty_days(counter):
    """After that the household's need may well have come again."""
    counter.identify(counter.received())
    counter.clock.move(days=30)
    last_day = counter.submit()
    assert last_day.warnings == ("likely_duplicate",)
    counter.identify(last_day.tracking_number)
    counter.clock.move(days=30, seconds=1)
    assert counter.submit().warnings == ()


def test_a_withdrawn_request_is_no_duplicate(counter):
    """Who withdrew may start over."""
    counter.withdraw(counter.received())
    assert counter.submit().warnings == ()


def test_an_identified_request_goes_on_to_verification(counter):
    """With all that verification needs, and nothing about the person."""
    case = counter.received()
    counter.clock.move(minutes=20)
    assert counter.identify(case) == "completed"
    event = counter.last()
    assert counter.emitted() == ["request_received", "request_completed"]
    assert event.data["received_at"] == "2026-11-23T09:00:00+08:00"
    assert event.data["district"] == "63.71.03"
    assert deadline_in(event).due.isoformat() == "2026-11-24T16:00:00+08:00"


def test_an_incomplete_request_returns_with_what_is_missing_and_a_paused_clock(counter):
    """The resident learns which requirement, and the office loses no time."""
    case = counter.received()
    counter.clock.move(hours=1)
    assert counter.identify(case, identity_document=False) == "returned"
    event = counter.last()
    assert event.data["missing"] == ["identity_document"]
    assert deadline_in(event).paused
    assert deadline_in(event).due is None


def test_a_supplement_lets_the_clock_run_and_the_officer_judge_again(counter):
    """A day with the resident is a day later due; then the request goes on."""
    case = counter.received()
    counter.clock.move(hours=1)
    counter.identify(case, identity_document=False)
    counter.clock.move(days=1)
    file = counter.upload()
    assert counter.supplement(case, file.id, notes="KTP baru") == "received"
    event = counter.last()
    assert event.data["attachments"] == 1
    assert not deadline_in(event).paused
    assert deadline_in(event).due.isoformat() == "2026-11-25T16:00:00+08:00"
    assert counter.identify(case) == "completed"
    assert deadline_in(counter.last()) == deadline_in(event)
    detail = counter.read(case)
    assert detail.supplements == ("KTP baru",)
    assert [each.id for each in detail.attachments] == [file.id]
    assert [line.fulfilled for line in detail.checklist] == [True, True, True]


def test_supplements_stay_in_their_order(counter):
    """Each return may be answered."""
    case = counter.received()
    for note in ("pertama", "kedua"):
        counter.identify(case, resident=False)
        counter.supplement(case, notes=note)
    assert counter.read(case).supplements == ("pertama", "kedua")


def test_a_checklists_notes_reach_the_reader(counter):
    """What the officer wrote for the resident is kept with the judgement."""
    case = counter.received()
    line = RequirementCheck(requirement="resident", fulfilled=False, note="KTP luar kota")
    counter.identify(case, lines=(line, *checklist()[1:]))
    detail = counter.read(case)
    assert (detail.checklist[0].note, detail.checked_at) == (
        "KTP luar kota",
        counter.bench.clock.now(),
    )


def test_only_a_returned_request_is_supplemented(counter):
    """Nobody asked for anything yet."""
    case = counter.received()
    with refused(ErrorCode.ILLEGAL_MOVE):
        counter.supplement(case, notes="tambahan")


def test_a_request_is_judged_once(counter):
    """The second officer learns that the first was faster; one event, one handover."""
    case = counter.received()
    counter.identify(case)
    with refused(ErrorCode.ILLEGAL_MOVE):
        counter.identify(case)
    assert counter.emitted().count("request_completed") == 1


def test_a_refused_checklist_changes_nothing(counter):
    """An incomplete judgement is no judgement."""
    case = counter.received()
    with refused(ErrorCode.CHECKLIST_INCOMPLETE):
        counter.identify(case, lines=checklist()[:2])
    assert counter.read(case).state == "received"
    detail = counter.read(case)
    assert (detail.checklist, detail.checked_at) == ((), None)


@pytest.mark.parametrize("case", [UNKNOWN, "VRF-20261123-0001\x00", NIK, ""])
def test_an_unknown_case_is_refused_by_every_command(counter, case):
    """With one code, whatever the number looks like."""
    calls = (
        lambda: counter.identify(case),
        lambda: counter.supplement(case, notes="x"),
        lambda: counter.withdraw(case),
        lambda: counter.read(case),
        lambda: counter.read_file(case, "8c8e1c0e-7d4b-4d0e-8b3a-0a4f6a1f2b3c"),
    )
    for call in calls:
        with refused(ErrorCode.CASE_NOT_FOUND):
            call()


def test_a_case_keeps_the_standard_that_it_came_under(counter):
    """Version and id are pinned at reception."""
    case = counter.received()
    [row] = counter.rows(Request)
    assert (row.standard, row.standard_version) == ("aid_verification", "2026-1")
    detail = counter.read(case, AMAT)
    assert (detail.standard, detail.standard_version) == ("aid_verification", "2026-1")
    assert detail.received_at.utcoffset() == timedelta(hours=8)
