"""Whose cases a right is for. The rules are data: the checks and the documents are made of them."""

from dataclasses import dataclass
from enum import StrEnum

from contracts.envelope import Role
from contracts.errors import ErrorCode
from gateway.stages import CaseKind
from standards.wording import Text

GATEWAY = "gateway"

EVERY_KIND = frozenset(CaseKind)
VERIFICATION = frozenset({CaseKind.ASSISTANCE_VERIFICATION})
DATA = frozenset({CaseKind.DATA_REQUEST})
COMPLAINT = frozenset({CaseKind.COMPLAINT})
REQUESTS = VERIFICATION | DATA

ROLE_NAMES: dict[Role, Text] = {
    Role.RESIDENT: Text("Warga", "resident"),
    Role.COUNTER_OFFICER: Text("Petugas Loket", "counter officer"),
    Role.VERIFIER: Text("Petugas Verifikasi", "verifier"),
    Role.SOCIAL_WORKER: Text("Pekerja Sosial", "social worker"),
    Role.DIVISION_HEAD: Text("Kepala Bidang", "division head"),
    Role.AGENCY_HEAD: Text("Kepala Dinas", "agency head"),
    Role.COMPLAINT_OFFICER: Text("Petugas Pengaduan", "complaint officer"),
    Role.AUDITOR: Text("Auditor", "auditor"),
    Role.ADMINISTRATOR: Text("Administrator", "administrator"),
}
"""Everybody who calls from outside."""

STAFF = frozenset(ROLE_NAMES) - {Role.RESIDENT}


class Whose(StrEnum):
    """Which cases a right is for, of those of its kinds."""

    ANY = "any"
    WITH_ITS_CODE = "with_its_code"
    NOT_ABOUT_THEM = "not_about_them"
    OFFERED = "offered"
    ASSIGNED = "assigned"
    OFFERED_OR_ASSIGNED = "offered_or_assigned"
    INSTRUCTED = "instructed"
    OWNED = "owned"
    OWNED_OR_FREE = "owned_or_free"
    OWNED_OR_ESCALATED = "owned_or_escalated"
    ESCALATED = "escalated"
    ESCALATED_EVER = "escalated_ever"
    BELOW_LAPOR = "below_lapor"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a `Whose` means, the refusal for every other case, and who keeps it.

    `kept_by` is the gateway, or the service that knows best whose the case is at that moment.
    """

    text: Text
    refusal: ErrorCode | None
    kept_by: str = GATEWAY


RULES: dict[Whose, Rule] = {
    Whose.ANY: Rule(Text("setiap kasus", "every case"), None),
    Whose.WITH_ITS_CODE: Rule(
        Text(
            "hanya kasus yang dibuka oleh kode akses; yang lain seolah tidak ada",
            "only the case that the access code opens; any other is as unknown "
            "(`document_not_found` for a document)",
        ),
        ErrorCode.CASE_NOT_FOUND,
    ),
    Whose.NOT_ABOUT_THEM: Rule(
        Text(
            "bukan pengaduan tentang dirinya; bagi mereka pengaduan itu tidak ada",
            "no complaint about themselves; for them it is as unknown "
            "(`document_not_found` for a document)",
        ),
        ErrorCode.CASE_NOT_FOUND,
    ),
    Whose.OFFERED: Rule(
        Text(
            "kasus yang ditawarkan ke kecamatannya",
            "a case that is offered to one of their districts",
        ),
        ErrorCode.OTHER_DISTRICT,
        "verification",
    ),
    Whose.ASSIGNED: Rule(
        Text("kasus yang ditugaskan kepadanya", "a case that is assigned to them"),
        ErrorCode.NOT_THE_ASSIGNED_VERIFIER,
        "verification",
    ),
    Whose.OFFERED_OR_ASSIGNED: Rule(
        Text(
            "kasus yang ditugaskan kepadanya, atau yang ditawarkan ke kecamatannya dan belum "
            "diambil",
            "a case that is assigned to them, or offered to one of their districts and taken by "
            "nobody",
        ),
        ErrorCode.ACCESS_DENIED,
    ),
    Whose.INSTRUCTED: Rule(
        Text(
            "permohonan yang diperintahkan kepadanya untuk disiapkan",
            "a request that they are instructed to prepare",
        ),
        ErrorCode.NOT_THE_INSTRUCTED_SOCIAL_WORKER,
        "data_request",
    ),
    Whose.OWNED: Rule(
        Text("pengaduan yang ditanganinya", "a complaint that they own"),
        ErrorCode.NOT_THE_OWNER,
        "complaints",
    ),
    Whose.OWNED_OR_FREE: Rule(
        Text(
            "pengaduan yang ditanganinya, atau yang belum ditangani siapa pun",
            "a complaint that they own, or that nobody owns yet",
        ),
        ErrorCode.NOT_THE_OWNER,
        "complaints",
    ),
    Whose.OWNED_OR_ESCALATED: Rule(
        Text(
            "pengaduan yang ditanganinya, atau yang pernah diteruskan kepadanya atau lebih tinggi",
            "a complaint that they own, or that was ever passed to them or higher",
        ),
        ErrorCode.NOT_THE_OWNER,
        "complaints",
    ),
    Whose.ESCALATED: Rule(
        Text(
            "pengaduan yang diteruskan kepadanya atau lebih tinggi sejak terakhir dibuka kembali",
            "a complaint that was passed to them or higher since it was last reopened",
        ),
        ErrorCode.ACCESS_DENIED,
    ),
    Whose.ESCALATED_EVER: Rule(
        Text(
            "pengaduan yang pernah diteruskan kepadanya atau lebih tinggi",
            "a complaint that was ever passed to them or higher",
        ),
        ErrorCode.ACCESS_DENIED,
        "complaints",
    ),
    Whose.BELOW_LAPOR: Rule(
        Text("setiap pengaduan, tetapi tidak ke LAPOR!", "every complaint, but not to LAPOR!"),
        ErrorCode.ACCESS_DENIED,
        "complaints",
    ),
}
"""Every rule about whose case it is. What a service keeps is tested against the running service."""


@dataclass(frozen=True, slots=True)
class Grant:
    """These roles may, for cases of these kinds, for whose `whose` says."""

    roles: frozenset[Role]
    whose: Whose = Whose.ANY
    kinds: frozenset[CaseKind] = EVERY_KIND

    @property
    def refusal(self) -> ErrorCode | None:
        """What every other case of these kinds is refused with."""
        return RULES[self.whose].refusal


def grants_of(
    grants: tuple[Grant, ...], role: Role, kind: CaseKind | None = None
) -> tuple[Grant, ...]:
    """Those that the role has, for that kind of case if one is named."""
    return tuple(
        grant for grant in grants if role in grant.roles and (kind is None or kind in grant.kinds)
    )
