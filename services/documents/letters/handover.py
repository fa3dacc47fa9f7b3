"""Berita Acara Serah Terima Data, and its draft (konsep): product of the data request standard."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from contracts.data_request import DataRequestDetail, PackageDetail, Side, SmallCells
from contracts.intake import ApplicationDetail, Purpose
from services.documents.indonesian import OFFICE_TIME, day_in_words, moment_text
from services.documents.rendering import Imprint, paragraphs, render
from standards import catalogue

PURPOSES = {
    Purpose.SOCIAL_WELFARE_DEVELOPMENT: "Pembangunan kesejahteraan sosial",
    Purpose.ACADEMIC_RESEARCH: "Penelitian akademik",
}


@dataclass(frozen=True, slots=True)
class Party:
    """One side of the handover. A draft knows no signature; every field but the name may be
    empty, and before anybody has signed for the office the name too."""

    name: str = ""
    position: str = ""
    institution: str = ""
    signed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HandedFile:
    """A file of the package; `size` in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class HandoverRecord:
    """`handed_over_on` is absent in a draft. `use`, `data_source` and `data_method` may have
    several lines; without `files` the package has been replaced by a newer one."""

    imprint: Imprint
    edition: int
    tracking_number: str
    handed_over_on: date | None
    office_party: Party
    requester_party: Party
    purpose: str
    use: str
    data_types: tuple[str, ...]
    coverage: str
    years: tuple[int, ...]
    package_sha256: str
    files: tuple[HandedFile, ...]
    data_source: str
    data_method: str
    small_cells: str
    terms: tuple[str, ...]

    @property
    def draft(self) -> bool:
        return self.handed_over_on is None


def handover_draft_of(
    application: ApplicationDetail,
    case: DataRequestDetail,
    *,
    edition: int,
    package_sha256: str,
    imprint: Imprint,
) -> HandoverRecord:
    """The draft for the package of that edition; its files only while it is the newest."""
    return _record(
        application,
        case,
        edition=edition,
        package=case.package if case.package and case.package.edition == edition else None,
        package_sha256=package_sha256,
        parties=(Party(), _requester(application)),
        handed_over_on=None,
        imprint=imprint,
    )


def handover_record_of(
    application: ApplicationDetail,
    case: DataRequestDetail,
    *,
    package_sha256: str,
    handed_over_at: datetime,
    imprint: Imprint,
) -> HandoverRecord:
    """The record that both sides signed."""
    signed = {signature.side: signature for signature in case.signatures}
    office, requester = signed[Side.OFFICE], signed[Side.REQUESTER]
    asked = _requester(application)
    return _record(
        application,
        case,
        edition=case.package.edition if case.package else 1,
        package=case.package,
        package_sha256=package_sha256,
        parties=(
            Party(
                office.name,
                office.position or "",
                office.institution or imprint.office.full_name,
                office.signed_at,
            ),
            Party(
                requester.name,
                requester.position or asked.position,
                requester.institution or asked.institution,
                requester.signed_at,
            ),
        ),
        handed_over_on=handed_over_at.astimezone(OFFICE_TIME).date(),
        imprint=imprint,
    )


def render_handover(record: HandoverRecord) -> bytes:
    """The PDF of the record or its draft; see `render`."""
    on = record.handed_over_on
    content = asdict(record) | {
        "draft": record.draft,
        "day": day_in_words(on) if on else "",
        "parties": [_signed(record.office_party), _signed(record.requester_party)],
        "use": paragraphs(record.use),
        "data_source": paragraphs(record.data_source),
        "data_method": paragraphs(record.data_method),
        "years": ", ".join(map(str, record.years)),
        "files": [asdict(file) | {"size": _bytes(file.size)} for file in record.files],
    }
    unprinted = {"handed_over_on", "office_party", "requester_party"}
    shown = {key: value for key, value in content.items() if key not in unprinted}
    return render("handover", record.imprint, shown)


def _record(
    application: ApplicationDetail,
    case: DataRequestDetail,
    *,
    edition: int,
    package: PackageDetail | None,
    package_sha256: str,
    parties: tuple[Party, Party],
    handed_over_on: date | None,
    imprint: Imprint,
) -> HandoverRecord:
    standard = catalogue.load(case.standard, case.standard_version)
    files = package.files if package else ()
    return HandoverRecord(
        imprint=imprint,
        edition=edition,
        tracking_number=case.tracking_number,
        handed_over_on=handed_over_on,
        office_party=parties[0],
        requester_party=parties[1],
        purpose=PURPOSES[application.purpose],
        use=application.use,
        data_types=application.data_types,
        coverage=application.coverage,
        years=application.years,
        package_sha256=package_sha256,
        files=tuple(HandedFile(file.name, file.sha256, file.size) for file in files),
        data_source=package.data_source if package else "",
        data_method=package.data_method if package else "",
        small_cells=_small_cells(package, standard.release.smallest_cell)
        if package and standard.release
        else "",
        terms=tuple(term.text_id for term in standard.release.terms) if standard.release else (),
    )


def _requester(application: ApplicationDetail) -> Party:
    requester = application.requester
    return Party(requester.name, requester.position or "", requester.institution)


def _small_cells(package: PackageDetail, smallest: int) -> str:
    if package.small_cells is SmallCells.SUPPRESS:
        return f"{package.suppressed_cells} sel dengan nilai di bawah {smallest} tidak ditampilkan"
    return f"{package.flagged_cells} sel dengan nilai di bawah {smallest} diberi tanda"


def _signed(party: Party) -> dict[str, str]:
    signed_at = moment_text(party.signed_at) if party.signed_at else ""
    return asdict(party) | {"signed_at": signed_at}


def _bytes(size: int) -> str:
    return f"{size:,} byte".replace(",", ".")
