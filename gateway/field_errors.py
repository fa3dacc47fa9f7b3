"""What is wrong with a field, said without repeating what was sent."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.errors import TEXTS as REFUSALS
from contracts.errors import ErrorCode
from contracts.intake import RequestKind


class FieldError(BaseModel):
    """One field that is not right. Never holds the value."""

    model_config = ConfigDict(title="FieldError")

    field: str = Field(description="Path of the field, as applicant.nik")
    code: str
    message_id: str
    message_en: str


_TEXTS: dict[str, tuple[str, str]] = {
    "required": ("Wajib diisi.", "Required."),
    "unknown_field": ("Isian ini tidak dikenal.", "There is no such field."),
    "wrong_type": ("Jenis isian salah.", "The wrong type of value."),
    "too_short": ("Terlalu pendek{minimum}.", "Too short{minimum}."),
    "too_long": ("Terlalu panjang{maximum}.", "Too long{maximum}."),
    "wrong_format": ("Bentuk isian salah.", "Not in the required form."),
    "not_allowed": ("Bukan salah satu pilihan{choices}.", "Not one of the choices{choices}."),
    "out_of_range": ("Di luar batas{range}.", "Out of range{range}."),
    "missing": ("Wajib diisi.", "Required."),
    "invalid_nik": (
        "NIK tidak benar: 16 angka, dengan tanggal lahir yang ada.",
        "Not a NIK: 16 digits, with a birth date that exists.",
    ),
    "personal_number": (
        "Tidak boleh memuat nomor kependudukan.",
        "May not hold a personal number.",
    ),
    "not_distinct": ("Setiap isian hanya boleh satu kali.", "Each may be given only once."),
    "duplicate": ("Setiap isian hanya boleh satu kali.", "Each may be given only once."),
    "negative": ("Tidak boleh kurang dari nol.", "May not be less than zero."),
    "invalid": ("Bentuk isian salah.", "Not in the required form."),
    "in_the_future": ("Waktunya belum tiba.", "Lies in the future."),
    "too_long_ago": ("Waktunya terlalu lama berlalu.", "Lies too far in the past."),
    "channel_not_open": (
        "Saluran ini hanya untuk petugas.",
        "This channel is for the staff only.",
    ),
    "unknown_verifier": (
        "Bukan petugas verifikasi yang terdaftar.",
        "Not a registered verifier.",
    ),
    "unknown_social_worker": (
        "Bukan pekerja sosial yang terdaftar.",
        "Not a registered social worker.",
    ),
    "unknown_officer": ("Bukan petugas yang terdaftar.", "Not a registered member of staff."),
    "unknown_case": ("Bukan nomor pelacakan Anda.", "Not a tracking number of yours."),
    "staff_only": ("Hanya diisi oleh petugas.", "For the staff to fill in."),
    "unknown_value": ("Isian ini tidak dikenal.", "Not a known value."),
    "too_many": ("Terlalu banyak.", "Too many."),
    "not_given_together": (
        "Isi salah satu saja, bukan keduanya.",
        "Give one of them, not both.",
    ),
}
"""Texts by code, ours and the services'. What stands in braces comes from the model, never from
the caller."""

_CODES: dict[str, str] = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "string_too_short": "too_short",
    "too_short": "too_short",
    "string_too_long": "too_long",
    "too_long": "too_long",
    "enum": "not_allowed",
    "literal_error": "not_allowed",
    "greater_than": "out_of_range",
    "greater_than_equal": "out_of_range",
    "less_than": "out_of_range",
    "less_than_equal": "out_of_range",
    "finite_number": "out_of_range",
    "not_distinct": "not_distinct",
    "not_given_together": "not_given_together",
    "union_tag_invalid": "not_allowed",
    "union_tag_not_found": "required",
}
"""Our codes by pydantic's; other `..._type` are `wrong_type`, the rest `wrong_format`."""

MOST_ERRORS = 50
"""More than a form has fields; a body can have any number of unknown ones."""

_TAGS = frozenset(RequestKind)
"""pydantic puts the kind that was chosen before the path of its fields."""

_HARMLESS_NAME = re.compile(r"[a-zA-Z][a-zA-Z_-]{0,39}")
_HIDDEN = "?"


def field_errors(error: ValidationError) -> list[FieldError]:
    """The first MOST_ERRORS things that pydantic found, in the order of the fields."""
    found = error.errors(include_url=False, include_input=False)
    return [
        field_error(
            _path(_place(item), unknown=item["type"] == "extra_forbidden"),
            _code(item["type"]),
            _limits(item.get("ctx", {})),
        )
        for item in found[:MOST_ERRORS]
    ]


def field_error(field: str, code: str, limits: Mapping[str, Any] | None = None) -> FieldError:
    """The error `code` of `field`; `limits` are the model's own, as pydantic names them."""
    limits = limits or {}
    filled = {
        "minimum": _limit("≥", limits, "min_length"),
        "maximum": _limit("≤", limits, "max_length"),
        "range": _limit(">", limits, "gt")
        + _limit("≥", limits, "ge")
        + _limit("<", limits, "lt")
        + _limit("≤", limits, "le"),
        "choices": f": {limits['expected']}" if "expected" in limits else "",
    }
    text_id, text_en = _texts(code)
    return FieldError(
        field=field,
        code=code,
        message_id=text_id.format(**filled),
        message_en=text_en.format(**filled),
    )


def _place(item: Mapping[str, Any]) -> tuple[int | str, ...]:
    """Where it is; for a body without a kind that we know, the field that tells the kind."""
    loc: tuple[int | str, ...] = item["loc"]
    if str(item["type"]).startswith("union_tag"):
        return (*loc, item["ctx"]["discriminator"].strip("'"))
    return loc[1:] if loc and loc[0] in _TAGS else loc


def _limits(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """The model's own, without what came from the caller."""
    if "expected_tags" in context:
        return {"expected": context["expected_tags"].replace(", ", " or ")}
    return context


def _texts(code: str) -> tuple[str, str]:
    if code in _TEXTS:
        return _TEXTS[code]
    return REFUSALS[ErrorCode(code)] if code in set(ErrorCode) else _TEXTS["wrong_format"]


def _code(pydantic_type: str) -> str:
    if pydantic_type in _CODES:
        return _CODES[pydantic_type]
    return "wrong_type" if pydantic_type.endswith("_type") else "wrong_format"


def _limit(sign: str, limits: Mapping[str, Any], name: str) -> str:
    return f" ({sign} {limits[name]})" if name in limits else ""


def _path(loc: tuple[int | str, ...], *, unknown: bool) -> str:
    """`applicant.nik`, `photos.0.sha256`. An unknown field's name is the caller's own text: it is
    repeated only where it looks like a field's name."""
    parts = [str(part) for part in loc]
    if unknown and not _HARMLESS_NAME.fullmatch(parts[-1]):
        parts[-1] = _HIDDEN
    return ".".join(parts)
