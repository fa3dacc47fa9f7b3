import pytest

from standards import regions
from standards.regions import Region, UnknownRegion


def test_the_city_has_five_districts_and_52_villages():
    """Kemendagri's codes for 63.71, in order."""
    assert regions.city() == Region("63.71", "city", "63", "Kota Banjarmasin")
    assert [(district.code, district.name) for district in regions.districts()] == [
        ("63.71.01", "Banjarmasin Selatan"),
        ("63.71.02", "Banjarmasin Timur"),
        ("63.71.03", "Banjarmasin Barat"),
        ("63.71.04", "Banjarmasin Utara"),
        ("63.71.05", "Banjarmasin Tengah"),
    ]
    assert len(regions.villages()) == 52


def test_villages_are_listed_by_district():
    """Every village belongs to the one district that lists it."""
    counts = [len(regions.villages(district.code)) for district in regions.districts()]
    listed = [
        village for district in regions.districts() for village in regions.villages(district.code)
    ]

    assert counts == [12, 9, 9, 10, 12]
    assert tuple(listed) == regions.villages()
    assert {village.level for village in listed} == {"village"}


def test_a_village_is_found_with_its_district():
    """The office itself stands in Pelambuan, Banjarmasin Barat."""
    assert regions.village("63.71.03.1003").name == "Pelambuan"
    assert regions.district_of("63.71.03.1003").name == "Banjarmasin Barat"
    assert regions.district("63.71.03").name == "Banjarmasin Barat"


@pytest.mark.parametrize("code", ["63.71.03", "63.71", "63.71.09.1001", "6371031003", ""])
def test_a_code_that_is_no_village_is_refused_without_being_repeated(code):
    """A district, another city's code or a wrong form is an unknown village."""
    for look_up in (regions.village, regions.district_of):
        with pytest.raises(UnknownRegion) as caught:
            look_up(code)
        assert caught.value.code == "unknown_region"
        assert str(caught.value) == "no village of the city has this code"


@pytest.mark.parametrize("code", ["63.71.03.1003", "63.71", "63.72.01", ""])
def test_a_code_that_is_no_district_is_refused(code):
    """Villages are listed of a district only; nothing else is an empty district."""
    with pytest.raises(UnknownRegion):
        regions.villages(code)
    with pytest.raises(UnknownRegion):
        regions.district(code)
