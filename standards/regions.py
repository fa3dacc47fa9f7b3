"""Kota Banjarmasin, its districts (kecamatan) and villages (kelurahan), by Kemendagri code."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import ClassVar, Literal, cast

CITY_CODE = "63.71"

Level = Literal["city", "district", "village"]


class UnknownRegion(LookupError):
    """The code names no region of that level in this city."""

    code: ClassVar[str] = "unknown_region"


@dataclass(frozen=True, slots=True)
class Region:
    """A region: its dotted code, its level, the code of the region around it, its name."""

    code: str
    level: Level
    parent: str
    name: str


def city() -> Region:
    """The city itself."""
    return _region(CITY_CODE, "city")


def districts() -> tuple[Region, ...]:
    """The city's districts, ordered by code."""
    return _inside("district", CITY_CODE)


def district(code: str) -> Region:
    """The district with that code; raises UnknownRegion."""
    return _region(code, "district")


def villages(district_code: str | None = None) -> tuple[Region, ...]:
    """The villages of one district, or of the whole city, ordered by code; raises UnknownRegion."""
    if district_code is None:
        return tuple(village for each in districts() for village in _inside("village", each.code))
    return _inside("village", district(district_code).code)


def village(code: str) -> Region:
    """The village with that code; raises UnknownRegion."""
    return _region(code, "village")


def district_of(village_code: str) -> Region:
    """The district that the village lies in; raises UnknownRegion."""
    return district(village(village_code).parent)


def _inside(level: Level, parent: str) -> tuple[Region, ...]:
    found = (region for region in _regions().values() if region.parent == parent)
    return tuple(region for region in found if region.level == level)


def _region(code: str, level: Level) -> Region:
    region = _regions().get(code)
    if region is None or region.level != level:
        raise UnknownRegion(f"no {level} of the city has this code")
    return region


@cache
def _regions() -> dict[str, Region]:
    text = files("standards").joinpath("regions.csv").read_text(encoding="utf-8")
    rows = sorted(csv.DictReader(text.splitlines()), key=lambda row: row["code"])
    return {
        row["code"]: Region(row["code"], cast(Level, row["level"]), row["parent"], row["name"])
        for row in rows
    }
