"""What residents and officers read of a case, in the words of the published service standard."""

from gateway.stages import Stage, Status
from standards.wording import Text

STATUS_LABELS: dict[str, Text] = {
    Status.RECEIVED: Text("Permohonan diterima", "Request received"),
    Status.RETURNED: Text(
        "Persyaratan belum lengkap, menunggu kelengkapan dari Pemerlu Layanan",
        "Requirements incomplete, waiting for the applicant to complete them",
    ),
    Status.IDENTIFIED: Text(
        "Identifikasi awal selesai, data diteruskan kepada Pekerja Sosial",
        "First identification done, data passed to the social worker",
    ),
    Status.ANNOUNCED: Text(
        "Diumumkan kepada Petugas Verifikasi Data/Fasilitator",
        "Announced to the verifiers/facilitators",
    ),
    Status.REOFFERED: Text(
        "Diumumkan kembali kepada lebih banyak Petugas Verifikasi Data/Fasilitator",
        "Announced again to more verifiers/facilitators",
    ),
    Status.ASSIGNED: Text("Petugas verifikasi sudah ditunjuk", "A verifier is designated"),
    Status.VISITED: Text(
        "Kunjungan ke rumah tangga sudah dilakukan", "The household has been visited"
    ),
    Status.ASSESSED: Text(
        "Hasil kelayakan disampaikan kepada Kepala Bidang",
        "The eligibility result is with the division head",
    ),
    Status.DECIDED: Text("Sudah diputuskan", "Decided"),
    "decided.eligible": Text("Sudah diputuskan: layak", "Decided: eligible"),
    "decided.not_eligible": Text("Sudah diputuskan: tidak layak", "Decided: not eligible"),
    Status.DELIVERED: Text(
        "Hasil Verifikasi sudah disampaikan", "The result of the verification has been given"
    ),
    Status.WITHDRAWN: Text("Permohonan ditarik kembali", "Request withdrawn"),
}
"""By status; a decided case's also by outcome."""

NEXT_STEPS: dict[Stage, Text] = {
    Stage.RECEIVED: Text(
        "Petugas Loker Pelayanan melakukan identifikasi awal dan memeriksa persyaratan.",
        "The counter officer makes the first identification and checks the requirements.",
    ),
    Stage.RETURNED: Text(
        "Lengkapi persyaratan yang kurang; waktu layanan berhenti sampai kelengkapan diterima.",
        "Complete what is missing; the clock is stopped until it is received.",
    ),
    Stage.IDENTIFIED: Text(
        "Permohonan diumumkan secara daring kepada Petugas Verifikasi Data/Fasilitator.",
        "The request is announced online to the verifiers/facilitators.",
    ),
    Stage.ANNOUNCED: Text(
        "Seorang petugas verifikasi mengambil tugas kunjungan ke rumah tangga Anda.",
        "A verifier takes on the visit to your household.",
    ),
    Stage.REOFFERED: Text(
        "Petugas verifikasi mengambil tugas ini, atau Pekerja Sosial atau Kepala Bidang "
        "menunjuk seorang petugas.",
        "A verifier takes it on, or the social worker or the division head designates one.",
    ),
    Stage.ASSIGNED: Text(
        "Petugas verifikasi melakukan kunjungan ke rumah tangga Anda.",
        "The verifier visits your household.",
    ),
    Stage.NOBODY_HOME: Text(
        "Tidak ada orang di rumah saat kunjungan; petugas verifikasi akan berkunjung lagi.",
        "Nobody was home at the visit; the verifier will come again.",
    ),
    Stage.NEVER_HOME: Text(
        "Rumah tangga Anda tidak dapat ditemui; Pekerja Sosial mengidentifikasi kelayakan "
        "tanpa kunjungan.",
        "Your household could not be met; the social worker assesses eligibility without a visit.",
    ),
    Stage.SENT_BACK: Text(
        "Kepala Bidang meminta kunjungan ulang; petugas verifikasi akan berkunjung lagi.",
        "The division head asked for another visit; the verifier will come again.",
    ),
    Stage.VISITED: Text(
        "Pekerja Sosial mengidentifikasi kelayakan berdasar hasil verifikasi.",
        "The social worker assesses eligibility from the result of the verification.",
    ),
    Stage.ASSESSED: Text(
        "Kepala Bidang memutuskan hasil verifikasi.",
        "The division head decides on the result.",
    ),
    Stage.DECIDED: Text(
        "Surat Keterangan Hasil Verifikasi diterbitkan.",
        "The letter on the result of the verification is issued.",
    ),
    Stage.LETTER_ISSUED: Text(
        "Hasil Verifikasi disampaikan kepada Anda secara lisan dan/atau dengan Surat Keterangan "
        "Hasil Verifikasi; surat sudah dapat diunduh.",
        "The result is given to you orally and/or as a letter; the letter can be fetched already.",
    ),
    Stage.DELIVERED: Text(
        "Selesai; tidak ada langkah berikutnya.", "Closed; nothing more is to be done."
    ),
    Stage.WITHDRAWN: Text(
        "Permohonan ditutup; Anda dapat mengajukan permohonan baru.",
        "The request is closed; you may make a new one.",
    ),
}

EVENT_LABELS: dict[str, Text] = {
    "request_received": Text("Permohonan dicatat", "Request recorded"),
    "request_returned": Text(
        "Permohonan dikembalikan karena persyaratan belum lengkap",
        "Request returned because requirements are incomplete",
    ),
    "request_supplemented": Text("Kelengkapan diterima", "What was missing has been received"),
    "request_completed": Text(
        "Identifikasi awal selesai, persyaratan lengkap",
        "First identification done, requirements complete",
    ),
    "request_withdrawn": Text("Permohonan ditarik kembali", "Request withdrawn"),
    "verification_announced": Text(
        "Permohonan diumumkan kepada Petugas Verifikasi Data/Fasilitator",
        "Request announced to the verifiers/facilitators",
    ),
    "verification_reoffered": Text(
        "Permohonan diumumkan kembali kepada lebih banyak petugas",
        "Request announced again to more verifiers",
    ),
    "verifier_assigned": Text("Petugas verifikasi ditunjuk", "Verifier designated"),
    "verifier_assigned.claim": Text(
        "Petugas verifikasi mengambil tugas kunjungan", "A verifier took on the visit"
    ),
    "verifier_assigned.sent_back": Text(
        "Kepala Bidang meminta kunjungan ulang", "The division head asked for another visit"
    ),
    "visit_reported": Text("Hasil kunjungan dilaporkan", "Visit reported"),
    "visit_reported.nobody_home": Text(
        "Petugas berkunjung, tidak ada orang di rumah", "The verifier came, nobody was home"
    ),
    "eligibility_assessed": Text(
        "Pekerja Sosial mengidentifikasi kelayakan", "The social worker assessed eligibility"
    ),
    "verification_done": Text("Hasil verifikasi diputuskan", "Verification decided"),
    "verification_done.eligible": Text("Diputuskan: layak", "Decided: eligible"),
    "verification_done.not_eligible": Text("Diputuskan: tidak layak", "Decided: not eligible"),
    "verification_withdrawn": Text("Permohonan ditarik kembali", "Request withdrawn"),
    "result_delivered": Text(
        "Hasil Verifikasi disampaikan kepada Pemerlu Layanan", "Result given to the applicant"
    ),
    "document_issued": Text("Dokumen diterbitkan", "Document issued"),
    "document_issued.receipt": Text("Tanda terima diterbitkan", "Receipt issued"),
    "document_issued.verification_letter": Text(
        "Surat Keterangan Hasil Verifikasi diterbitkan",
        "Letter on the result of the verification issued",
    ),
    "document_revoked": Text("Dokumen dicabut", "Document revoked"),
}
"""By event; where an event can mean several things, also by its variant."""

OTHER_EVENT = Text("Perkembangan lain", "Other progress")
"""For events that this version does not know."""

DUE = Text("Selesai paling lambat {moment}", "To be done by {moment}")
CLOCK_STOPPED = Text(
    "Waktu layanan berhenti; batas waktu ditetapkan setelah berjalan kembali",
    "The clock is stopped; the deadline is set when it runs again",
)

DOCUMENT_LABELS: dict[str, Text] = {
    "receipt": Text("Tanda Terima Permohonan", "Receipt of the request"),
    "verification_letter": Text(
        "Surat Keterangan Hasil Verifikasi", "Letter on the result of the verification"
    ),
}


def status_label(status: Status, outcome: str | None) -> Text:
    """The status in the office's words; `outcome` is told where it is known."""
    return STATUS_LABELS.get(f"{status}.{outcome}") or STATUS_LABELS[status]


def event_label(event: str, variant: str | None) -> Text:
    """A line of the timeline; an unknown event is other progress."""
    return EVENT_LABELS.get(f"{event}.{variant}") or EVENT_LABELS.get(event, OTHER_EVENT)
