"""What the fields of a submission must hold. Pure; no content is ever repeated in a refusal."""

from collections.abc import Iterable, Iterator

from casework.contacts import contact_errors
from contracts.errors import ErrorCode, InvalidFields, Refusal
from contracts.intake import (
    AID_PURPOSES,
    DATA_PURPOSES,
    Channel,
    RequestKind,
    SubmitDataRequest,
    SubmitRequest,
)
from standards import national_id

MOST_DATA_TYPES = 20
MOST_YEARS = 30
FIRST_YEAR = 1945

Errors = list[tuple[str, str]]


def check_submission(ask: SubmitRequest) -> national_id.Nik:
    """The applicant's NIK, when all that a request needs is there; raises InvalidFields."""
    errors = [(field, "required") for field in _missing_fields(ask)]
    errors += _known_kind(ask)
    errors += contact_errors(ask.notify)
    try:
        if ask.applicant.family_card is not None:
            national_id.check_kk(ask.applicant.family_card)
    except national_id.InvalidKk as error:
        errors.append(("applicant.family_card", error.code))
    try:
        nik = national_id.parse_nik(ask.applicant.nik)
    except national_id.InvalidNik as error:
        raise InvalidFields(*errors, ("applicant.nik", error.code)) from None
    if errors:
        raise InvalidFields(*errors)
    return nik


def check_application(ask: SubmitDataRequest, year: int) -> national_id.Nik | None:
    """The requester's NIK, if given; `year` is the office's present one.

    The letter has at least purpose, types of data, coverage and year (requirement 2 of the
    standard). Raises InvalidFields; a refusal with purpose_not_served (requirement 1).
    """
    if ask.purpose.strip() and ask.purpose not in DATA_PURPOSES:
        raise Refusal(ErrorCode.PURPOSE_NOT_SERVED, field="purpose")
    texts = {
        "purpose": ask.purpose,
        "use": ask.use,
        "coverage": ask.coverage,
        "letter": ask.letter,
        "requester.name": ask.requester.name,
        "requester.institution": ask.requester.institution,
    }
    errors = [(field, "required") for field, text in texts.items() if not text.strip()]
    errors += _list_errors("data_types", ask.data_types, MOST_DATA_TYPES)
    errors += _list_errors("years", ask.years, MOST_YEARS)
    errors += [
        (f"years.{place}", "out_of_range")
        for place, each in enumerate(ask.years)
        if not FIRST_YEAR <= each <= year
    ]
    errors += contact_errors(ask.notify)
    nik = None
    try:
        nik = national_id.parse_nik(ask.requester.nik) if ask.requester.nik is not None else None
    except national_id.InvalidNik as error:
        errors.append(("requester.nik", error.code))
    if errors:
        raise InvalidFields(*errors)
    return nik


def _known_kind(ask: SubmitRequest) -> Iterator[tuple[str, str]]:
    if ask.kind is not RequestKind.ASSISTANCE_VERIFICATION:
        yield "kind", "unknown_value"
    if ask.purpose not in AID_PURPOSES:
        yield "purpose", "unknown_value"


def _missing_fields(ask: SubmitRequest) -> Iterator[str]:
    texts = {
        "applicant.name": ask.applicant.name,
        "address.street": ask.address.street,
        "target_institution": ask.target_institution,
    }
    if ask.reporter is not None:
        texts["reporter.name"] = ask.reporter.name
    elif ask.channel is Channel.THIRD_PARTY:  # a report (laporan masyarakat) names its reporter
        yield "reporter"
    yield from (field for field, text in texts.items() if not text.strip())


def _list_errors(field: str, entries: Iterable[str | int], most: int) -> Errors:
    said = [str(entry).strip().casefold() for entry in entries]
    if not said:
        return [(field, "required")]
    errors = [(f"{field}.{place}", "required") for place, text in enumerate(said) if not text]
    if len(said) > most:
        errors.append((field, "too_many"))
    elif len({*said}) < len(said):
        errors.append((field, "not_distinct"))
    return errors
