"""Whose move it is: for each role the stages that wait for it, and what it is to do."""

from dataclasses import dataclass
from enum import StrEnum

from contracts.envelope import Role
from gateway.stages import CaseKind, Stage
from standards.wording import Text


class Reach(StrEnum):
    """Which of the cases at a stage wait for an actor.

    All of them; those offered to their districts; their own; what nobody has, and their own; what
    is escalated to their role, and their own.
    """

    OFFICE = "office"
    OFFERED = "offered"
    OWN = "own"
    FREE = "free"
    ESCALATED = "escalated"


_CALLS = {
    CaseKind.ASSISTANCE_VERIFICATION: "verifications",
    CaseKind.DATA_REQUEST: "data-requests",
    CaseKind.COMPLAINT: "complaints",
}


@dataclass(frozen=True, slots=True)
class Duty:
    """What a role does at some stages. `move` is the last part of the path of the call for it."""

    role: Role
    stages: tuple[Stage, ...]
    move: str
    text: Text
    reach: Reach = Reach.OFFICE
    kind: CaseKind = CaseKind.ASSISTANCE_VERIFICATION

    def path(self, tracking_number: str) -> str:
        """The call that does it."""
        return f"/v1/{_CALLS[self.kind]}/{tracking_number}/{self.move}"


_APPOINT = Text(
    "Belum ada petugas verifikasi yang mengambil; tunjuk seorang petugas",
    "No verifier has taken it; designate one",
)
_TELL = Text(
    "Sampaikan Hasil Verifikasi secara lisan; suratnya belum terbit",
    "Give the result orally; the letter is not issued yet",
)
_DELIVER = Text(
    "Sampaikan Hasil Verifikasi secara lisan dan/atau dengan surat",
    "Give the result orally and/or as a letter",
)

_VERIFICATION: tuple[Duty, ...] = (
    Duty(
        Role.COUNTER_OFFICER,
        (Stage.RECEIVED,),
        "identification",
        Text(
            "Lakukan identifikasi awal dan periksa persyaratan",
            "Make the first identification and check the requirements",
        ),
    ),
    Duty(
        Role.VERIFIER,
        (Stage.ANNOUNCED, Stage.REOFFERED),
        "claim",
        Text("Ambil tugas kunjungan ini", "Take on this visit"),
        Reach.OFFERED,
    ),
    Duty(
        Role.VERIFIER,
        (Stage.ASSIGNED, Stage.NOBODY_HOME, Stage.SENT_BACK),
        "visit-report",
        Text(
            "Lakukan kunjungan ke rumah tangga dan laporkan hasilnya",
            "Visit the household and report the result",
        ),
        Reach.OWN,
    ),
    Duty(Role.SOCIAL_WORKER, (Stage.REOFFERED,), "assignment", _APPOINT),
    Duty(
        Role.SOCIAL_WORKER,
        (Stage.VISITED,),
        "assessment",
        Text(
            "Identifikasi kelayakan berdasar hasil verifikasi",
            "Assess eligibility from the result of the verification",
        ),
    ),
    Duty(
        Role.SOCIAL_WORKER,
        (Stage.NEVER_HOME,),
        "assessment",
        Text(
            "Rumah tangga tidak dapat ditemui; identifikasi kelayakan tanpa kunjungan",
            "The household could not be met; assess eligibility without a visit",
        ),
    ),
    Duty(
        Role.DIVISION_HEAD,
        (Stage.ASSESSED,),
        "decision",
        Text(
            "Putuskan hasil verifikasi, atau minta kunjungan ulang",
            "Decide on the result, or ask for another visit",
        ),
    ),
    Duty(Role.DIVISION_HEAD, (Stage.REOFFERED,), "assignment", _APPOINT),
    Duty(Role.COUNTER_OFFICER, (Stage.DECIDED,), "delivery", _TELL),
    Duty(Role.COUNTER_OFFICER, (Stage.LETTER_ISSUED,), "delivery", _DELIVER),
    Duty(Role.SOCIAL_WORKER, (Stage.DECIDED,), "delivery", _TELL),
    Duty(Role.SOCIAL_WORKER, (Stage.LETTER_ISSUED,), "delivery", _DELIVER),
)


def _data_request(
    role: Role, stages: tuple[Stage, ...], move: str, text: Text, reach: Reach = Reach.OFFICE
) -> Duty:
    return Duty(role, stages, move, text, reach, CaseKind.DATA_REQUEST)


_DATA_REQUEST: tuple[Duty, ...] = (
    _data_request(
        Role.AGENCY_HEAD,
        (Stage.RECEIVED,),
        "disposition",
        Text(
            "Disposisikan surat permohonan kepada Kepala Bidang",
            "Pass the letter to the division head (disposition)",
        ),
    ),
    _data_request(
        Role.DIVISION_HEAD,
        (Stage.DISPOSITIONED,),
        "review",
        Text(
            "Telaah surat permohonan: setujui, tolak, atau minta klarifikasi",
            "Review the letter: approve, reject, or ask for clarification",
        ),
    ),
    _data_request(
        Role.SOCIAL_WORKER,
        (Stage.IN_PREPARATION,),
        "package",
        Text(
            "Kumpulkan, olah, analisa dan sajikan data; siapkan konsep Berita Acara",
            "Collect, process, analyse and present the data; draft the record of handover",
        ),
        Reach.OWN,
    ),
    _data_request(
        Role.SOCIAL_WORKER,
        (Stage.PREPARED, Stage.SIGNED_BY_REQUESTER),
        "handover",
        Text(
            "Serahkan data dan tandatangani Berita Acara Serah Terima Data",
            "Hand over the data and sign the record of handover",
        ),
        Reach.OWN,
    ),
)


def _complaint(
    stages: tuple[Stage, ...], move: str, text: Text, reach: Reach = Reach.OWN
) -> tuple[Duty, ...]:
    """The officer's, and the heads' for what is escalated to them."""
    officer = Duty(Role.COMPLAINT_OFFICER, stages, move, text, reach, CaseKind.COMPLAINT)
    heads = (
        Duty(role, stages, move, text, Reach.ESCALATED, CaseKind.COMPLAINT)
        for role in (Role.DIVISION_HEAD, Role.AGENCY_HEAD)
    )
    return officer, *heads


_COMPLAINT: tuple[Duty, ...] = (
    *_complaint(
        (Stage.RECEIVED,),
        "check",
        Text("Lakukan cek administrasi", "Make the administrative check"),
        Reach.FREE,
    ),
    *_complaint(
        (Stage.CHECKED,),
        "coordination",
        Text(
            "Lakukan koordinasi internal/eksternal, atau langsung beri respon",
            "Coordinate internally/externally, or answer at once",
        ),
    ),
    *_complaint(
        (Stage.COORDINATING,),
        "response",
        Text(
            "Catat jawaban mitra koordinasi, lalu beri respon pengaduan",
            "Enter the partner's answer, then answer the complaint",
        ),
    ),
    *_complaint(
        (Stage.COORDINATED,),
        "response",
        Text("Beri respon pengaduan", "Answer the complaint"),
    ),
    *_complaint(
        (Stage.RESPONDED,),
        "resolution",
        Text(
            "Selesaikan pengaduan sesuai dengan kondisi dan permasalahan yang ada",
            "Resolve the complaint according to the circumstances and the problem at hand",
        ),
    ),
)

DUTIES: tuple[Duty, ...] = (*_VERIFICATION, *_DATA_REQUEST, *_COMPLAINT)
"""In the order of the procedures. A role that is missing here has no move: nothing waits."""


def duties_of(role: Role) -> tuple[Duty, ...]:
    """What this role does."""
    return tuple(duty for duty in DUTIES if duty.role is role)
