"""The city's districts and villages."""

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel

from gateway.answers import NOT_CHANGED, answer, public
from standards import regions

api = APIBlueprint(
    "regions",
    __name__,
    url_prefix="/v1/regions",
    abp_tags=[Tag(name="regions", description="Districts and villages of the city")],
)


class Village(BaseModel):
    """A kelurahan, with its Kemendagri code."""

    code: str
    name: str


class District(BaseModel):
    """A kecamatan with its villages."""

    code: str
    name: str
    villages: tuple[Village, ...]


class City(BaseModel):
    code: str
    name: str
    districts: tuple[District, ...]


@api.get("", responses={200: City, **NOT_CHANGED})
def list_regions() -> Response:
    """The city with its districts and villages, by Kemendagri code"""
    city = regions.city()
    districts = tuple(_district(each) for each in regions.districts())
    return public(answer(City(code=city.code, name=city.name, districts=districts)))


def _district(district: regions.Region) -> District:
    villages = tuple(
        Village(code=each.code, name=each.name) for each in regions.villages(district.code)
    )
    return District(code=district.code, name=district.name, villages=villages)
