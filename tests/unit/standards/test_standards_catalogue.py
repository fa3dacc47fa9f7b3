from dataclasses import asdict, fields, is_dataclass, replace
from importlib.resources import files

import pytest

from standards.catalogue import Catalogue, InvalidStandard, UnknownStandard, all_standards, load


@pytest.fixture
def folder(tmp_path):
    """A folder that holds the published aid standard, as published."""
    name = "aid_verification-2026-1.toml"
    text = files("standards").joinpath(name).read_text(encoding="utf-8")
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def add_version(folder, version):
    """Puts a later version of the aid standard beside the first."""
    text = (folder / "aid_verification-2026-1.toml").read_text(encoding="utf-8")
    changed = text.replace('version = "2026-1"', f'version = "{version}"')
    (folder / f"aid_verification-{version}.toml").write_text(changed, encoding="utf-8")


def texts(value):
    """Every string in a standard, however deep."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))
    elif isinstance(value, tuple):
        for entry in value:
            yield from texts(entry)


def test_aid_is_verified_in_one_working_day_for_free():
    """The promise and the fee as published under SK 080."""
    standard = load("aid_verification")

    assert (standard.version, standard.decree) == ("2026-1", "080")
    assert (standard.time.min_working_days, standard.time.max_working_days) == (1, 1)
    assert standard.time.text_id == "1 Hari Kerja setelah pengajuan"
    assert (standard.fee.rupiah, standard.fee.text_id) == (0, "Tidak dipungut biaya")


def test_aid_requirements_are_checked_at_the_counter():
    """Residence, a family card and/or identity card, and what the institution asks for."""
    requirements = {entry.id: entry for entry in load("aid_verification").requirements}

    assert list(requirements) == ["resident", "identity_document", "institution_documents"]
    assert all(entry.checked_at_counter for entry in requirements.values())
    identity = requirements["identity_document"]
    assert identity.text_id == "Kartu Keluarga dan atau KTP Kota Banjarmasin"
    assert [item.id for item in identity.any_of] == ["family_card", "identity_card"]
    assert requirements["institution_documents"].only_if_asked
    assert not requirements["resident"].only_if_asked


def test_aid_procedure_has_the_six_published_steps():
    """Numbered from the counter to the delivery of the result, each with its role."""
    steps = load("aid_verification").procedure

    assert [(step.number, step.id, step.actor_role) for step in steps] == [
        (1, "submission", "resident"),
        (2, "identification", "counter_officer"),
        (3, "announcement", "social_worker"),
        (4, "visit", "verifier"),
        (5, "assessment", "social_worker"),
        (6, "delivery", "counter_officer"),
    ]


def test_aid_field_work_has_the_office_s_figure():
    """How often a household is visited at most."""
    assert load("aid_verification").field_work.max_visits == 3


def test_data_are_handed_over_in_3_to_14_working_days_for_free():
    """The promise of the data service, and no field work."""
    standard = load("data_request")

    assert (standard.time.min_working_days, standard.time.max_working_days) == (3, 14)
    assert (standard.fee.rupiah, standard.decree) == (0, "080")
    assert standard.field_work is None
    assert [step.id for step in standard.procedure] == [
        "submission",
        "review",
        "preparation",
        "handover",
    ]


def test_a_data_request_letter_has_four_contents_and_two_lawful_purposes():
    """Purpose, data types, coverage and year are all needed; either purpose suffices."""
    purpose, letter = load("data_request").requirements

    assert [item.id for item in purpose.any_of] == [
        "social_welfare_development",
        "academic_research",
    ]
    assert [item.id for item in letter.all_of] == ["purpose", "data_types", "coverage", "year"]
    assert not purpose.checked_at_counter
    assert not letter.checked_at_counter


def test_complaint_handling_is_a_standard_of_its_own():
    """Answered in three working days, for free, by the officer for complaints."""
    standard = load("complaint")

    assert (standard.version, standard.decree) == ("2026-1", "080")
    assert standard.title_id == "Penanganan Pengaduan, saran dan masukan"
    assert (standard.time.min_working_days, standard.time.max_working_days) == (3, 3)
    assert (standard.fee.rupiah, standard.fee.text_id) == (0, "Tidak dipungut biaya")
    assert [requirement.id for requirement in standard.requirements] == ["identity", "matter"]
    assert [(step.number, step.id, step.actor_role) for step in standard.procedure] == [
        (1, "submission", "resident"),
        (2, "administrative_check", "complaint_officer"),
        (3, "coordination", "complaint_officer"),
        (4, "response", "complaint_officer"),
        (5, "resolution", "complaint_officer"),
    ]
    assert standard.time.max_working_days == standard.complaints.response_working_days


def test_complaints_can_also_be_made_through_lapor():
    """It is no channel of the office's own, so it stands beside them."""
    for standard in (load("complaint"), load("data_request")):
        (lapor,) = standard.complaints.also
        assert (lapor.id, lapor.address) == ("lapor", "www.lapor.go.id")
        assert "LAPOR!" in lapor.text_id
        assert "lapor" not in {channel.id for channel in standard.complaints.channels}


def test_the_complaint_standard_says_what_the_published_ones_say():
    """The words on complaints, the fee and the contact; LAPOR! is named in one of the two only."""
    aid, complaint, data = all_standards()

    assert complaint.complaints == data.complaints
    assert replace(complaint.complaints, also=()) == aid.complaints
    assert complaint.fee == aid.fee == data.fee
    assert complaint.contact == aid.contact == data.contact


@pytest.mark.parametrize("standard", all_standards(), ids=lambda standard: standard.id)
def test_complaints_are_taken_by_five_channels_and_answered_in_three_days(standard):
    """All standards name the same channels, stages and response time."""
    complaints = standard.complaints

    assert {channel.id: channel.address for channel in complaints.channels} == {
        "box": None,
        "email": "dinsosbjm.aduanbansos@gmail.com",
        "website": "www.dinsos.banjarmasinkota.go.id",
        "whatsapp": "0887.4360.59071",
        "counter": None,
    }
    assert [channel.form for channel in complaints.channels] == ["written"] * 4 + ["oral"]
    assert [stage.id for stage in complaints.stages] == ["administrative_check", "coordination"]
    assert complaints.response_working_days == 3


@pytest.mark.parametrize("standard", all_standards(), ids=lambda standard: standard.id)
def test_no_copying_fault_is_published_on(standard):
    """No letter of another script anywhere, and the right site in every address."""
    assert all(text.isascii() and text.strip() == text != "" for text in texts(standard))
    assert standard.contact.website == "dinsos.banjarmasinkota.go.id"
    assert standard.contact.village_code == "63.71.03.1003"


def test_all_standards_are_listed_once_in_their_newest_version():
    """What the public list shows, and it goes into JSON as it is."""
    assert [standard.id for standard in all_standards()] == [
        "aid_verification",
        "complaint",
        "data_request",
    ]
    assert asdict(all_standards()[0])["requirements"][0]["id"] == "resident"


def test_versions_live_side_by_side(folder):
    """A case finds the version it was received under after newer ones came; 10 is after 9."""
    add_version(folder, "2026-9")
    add_version(folder, "2026-10")
    catalogue = Catalogue(folder)

    assert catalogue.load("aid_verification").version == "2026-10"
    assert catalogue.load("aid_verification", "2026-1").version == "2026-1"
    assert [standard.version for standard in catalogue.all_standards()] == ["2026-10"]


def test_an_unknown_standard_or_version_is_named():
    """The error says what was asked for and carries a stable code."""
    with pytest.raises(UnknownStandard, match="'marriage'"):
        load("marriage")
    with pytest.raises(UnknownStandard, match="'1999-1'") as caught:
        load("aid_verification", "1999-1")
    assert caught.value.code == "unknown_standard"


def test_a_version_is_a_year_and_a_number(folder):
    """Anything else could not be ordered, so it is refused even under its own name."""
    add_version(folder, "draft")

    with pytest.raises(InvalidStandard, match="draft"):
        Catalogue(folder)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("rupiah = 0", "dollars = 0", "dollars"),
        ("[time]", "[hours]", "time"),
        ('version = "2026-1"', 'version = "2026"', "2026-1.toml"),
        ('version = "2026-1"', "version = 2026", "2026-1.toml"),
        ('version = "2026-1"', 'version = "2026-2"', "holds aid_verification 2026-2"),
        ("[fee]", "[fee", "2026-1.toml"),
        ("channels = [", "also = [", "channels"),
        ("approach_minutes = 120\n", "", "approach_minutes"),
        ("[[steps]]", "[[step]]", "steps"),
        ("office_minutes = 180", "", "step visit needs"),
        ("office_minutes = 180", "office_minutes = 180\nworking_days = 1", "step visit needs"),
        ("office_minutes = 180", "office_minutes = 0", "step visit needs"),
        ("office_minutes = 180", "office_minutes = 60", "step visit is reminded"),
        ("approach_minutes = 30", "approach_minutes = -1", "step delivery is reminded"),
    ],
)
def test_a_damaged_standard_is_refused_by_name(folder, old, new, message):
    """A file that is not a standard, or not the one its name says, never becomes one."""
    path = folder / "aid_verification-2026-1.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    with pytest.raises(InvalidStandard, match=message):
        Catalogue(folder)
