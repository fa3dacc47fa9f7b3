from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.national_id import (
    InvalidKk,
    InvalidNik,
    check_kk,
    holds_number,
    nik_warnings,
    parse_nik,
)

MAN = "6371031708450001"
WOMAN = "6371035708450001"


def test_a_nik_tells_region_birth_date_sex_and_serial():
    """Six digits of region, the day of birth as it is for men, the serial from 0001."""
    nik = parse_nik(MAN)

    assert (nik.region, nik.serial, nik.sex) == ("637103", 1, "male")
    assert (nik.birth_day, nik.birth_month, nik.birth_year) == (17, 8, 45)


def test_a_woman_s_day_of_birth_has_forty_added():
    """Day 57 is the 17th."""
    nik = parse_nik(WOMAN)

    assert (nik.birth_day, nik.sex) == (17, "female")


@pytest.mark.parametrize("day_and_month", ["2902", "6902", "3112", "7112", "0101", "4101"])
def test_days_that_exist_are_accepted(day_and_month):
    """The first and last days, a leap day of 2000, for men and women."""
    assert parse_nik(f"637103{day_and_month}000001").birth_year == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "637103170845000",
        "63710317084500011",
        "63710317084500O1",
        "637103 17084500",
        " 637103170845001",
        "٦٣٧١٠٣١٧٠٨٤٥٠٠٠١",
        "6371033208450001",
        "6371034008450001",
        "6371037208450001",
        "6371030008450001",
        "6371031713450001",
        "6371031700450001",
        "6371032902010001",
        "6371037102450001",
        "6371031708450000",
    ],
)
def test_what_cannot_be_a_nik_is_refused_without_being_repeated(text):
    """Wrong length or script, an impossible date, serial 0000; the message holds no digit group."""
    with pytest.raises(InvalidNik) as caught:
        parse_nik(text)

    assert caught.value.code == "invalid_nik"
    assert caught.value.__cause__ is None
    assert not text or text not in str(caught.value)


def test_a_nik_never_shows_itself():
    """Neither repr nor str gives the number or the birth date away, in a log or a traceback."""
    nik = parse_nik(MAN)

    assert repr(nik) == str(nik) == "Nik(hidden)"


@pytest.mark.parametrize(
    ("text", "birth_date", "sex", "warnings"),
    [
        (MAN, date(1945, 8, 17), "male", ()),
        (WOMAN, date(1945, 8, 17), "female", ()),
        (MAN, None, None, ()),
        (MAN, date(1945, 8, 18), "male", ("nik_birth_date_differs",)),
        (MAN, date(1945, 9, 17), "male", ("nik_birth_date_differs",)),
        (MAN, date(1946, 8, 17), "male", ("nik_birth_date_differs",)),
        (MAN, date(1945, 8, 17), "female", ("nik_sex_differs",)),
        ("3171031708450001", date(1945, 8, 17), "male", ("nik_other_region",)),
        (
            "3171035708450001",
            date(1946, 8, 17),
            "male",
            ("nik_other_region", "nik_birth_date_differs", "nik_sex_differs"),
        ),
    ],
)
def test_what_differs_is_a_warning_and_no_refusal(text, birth_date, sex, warnings):
    """A NIK keeps the place of first registration and may carry an old slip."""
    assert nik_warnings(parse_nik(text), birth_date, sex) == warnings


@given(st.dates(date(1900, 1, 1), date(2026, 12, 31)), st.sampled_from(["female", "male"]))
def test_every_birth_date_fits_a_nik(birth_date, sex):
    """Whoever was born on a real day is neither refused nor warned about."""
    day = birth_date.day + (40 if sex == "female" else 0)
    nik = parse_nik(f"637103{day:02}{birth_date:%m%y}0001")

    assert nik_warnings(nik, birth_date, sex) == ()


@given(st.text(max_size=20))
def test_any_text_is_parsed_or_refused(text):
    """No input makes the parser fail in another way."""
    with suppress(InvalidNik):
        assert parse_nik(text).number == text


def test_a_family_card_number_has_16_digits():
    """Only its shape is looked at, since the number changes with the household."""
    check_kk("6371030101200001")
    for text in ("", "637103010120000", "637103010120000X", "٦٣٧١٠٣٠١٠١٢٠٠٠٠١"):
        with pytest.raises(InvalidKk) as caught:
            check_kk(text)
        assert caught.value.code == "invalid_kk"
        assert not any(character.isdigit() for character in str(caught.value).replace("16", ""))


@pytest.mark.parametrize("text", [MAN, f"visit-{MAN}", f"nik{MAN}_1", f"{MAN}."])
def test_a_number_is_found_inside_a_text(text):
    """Wherever it stands by itself."""
    assert holds_number(text)


@pytest.mark.parametrize("text", ["", "4711", f"{MAN}7", f"0{MAN}", f"{MAN}beef5ca1ab1edad0"])
def test_other_digits_are_no_number(text):
    """Fewer or more, or part of an identifier in hexadecimal."""
    assert not holds_number(text)
