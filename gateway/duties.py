"""Whose move it is: for each role the stages that wait for it, and what it is to do."""

from dataclasses import dataclass
from enum import StrEnum

from contracts.envelope import Role
from gateway.stages import Stage
from standards.wording import Text


class Reach(StrEnum):
    """Which of the cases at a stage wait for an actor: all, those of the districts, their own."""

    OFFICE = "office"
    OFFERED = "offered"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Duty:
    """What a role does at some stages. `move` is the last part of the path of the call for it."""

    role: Role
    stages: tuple[Stage, ...]
    move: str
    text: Text
    reach: Reach = Reach.OFFICE

    def path(self, tracking_number: str) -> str:
        """The call that does it."""
        return f"/v1/verifications/{tracking_number}/{self.move}"


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

DUTIES: tuple[Duty, ...] = (
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
"""In the order of the procedure. A role that is missing here has no move in it: nothing waits."""


def duties_of(role: Role) -> tuple[Duty, ...]:
    """What this role does."""
    return tuple(duty for duty in DUTIES if duty.role is role)
