"""What residents and officers read of a case, in the words of the published service standards."""

from gateway.event_texts import EVENT_LABELS, OTHER_EVENT
from gateway.next_texts import NEXT_STEPS
from gateway.stages import CaseKind, Stage, Status
from standards.wording import Text

STATUS_LABELS: dict[str, Text] = {
    Status.RECEIVED: Text("Permohonan diterima", "Request received"),
    "data_request.received": Text(
        "Surat permohonan diterima, menunggu disposisi Kepala Dinas",
        "Letter received, waiting for the agency head's disposition",
    ),
    "complaint.received": Text(
        "Pengaduan diterima, menunggu cek administrasi",
        "Complaint received, waiting for the administrative check",
    ),
    Status.WITHDRAWN: Text("Permohonan ditarik kembali", "Request withdrawn"),
    "complaint.withdrawn": Text("Pengaduan dicabut", "Complaint withdrawn"),
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
    Status.DISPOSITIONED: Text(
        "Didisposisi Kepala Dinas, sedang ditelaah Kepala Bidang",
        "Dispositioned by the agency head, under review by the division head",
    ),
    Status.CLARIFICATION_REQUESTED: Text(
        "Kepala Bidang meminta klarifikasi, menunggu jawaban pemohon",
        "The division head asked for clarification, waiting for the applicant's answer",
    ),
    Status.IN_PREPARATION: Text(
        "Pekerja Sosial sedang memproses dan menyiapkan data",
        "The social worker processes and prepares the data",
    ),
    Status.PREPARED: Text(
        "Data dan konsep Berita Acara Serah Terima Data sudah disiapkan",
        "The data and the draft record of handover are prepared",
    ),
    Status.SIGNED_BY_OFFICE: Text(
        "Berita Acara Serah Terima Data sudah ditandatangani Dinas Sosial",
        "The office has signed the record of handover",
    ),
    Status.SIGNED_BY_REQUESTER: Text(
        "Berita Acara Serah Terima Data sudah ditandatangani pemohon",
        "The applicant has signed the record of handover",
    ),
    Status.HANDED_OVER: Text(
        "Data sudah diserahkan, Berita Acara Serah Terima Data sudah ditandatangani",
        "The data are handed over, the record of handover is signed",
    ),
    Status.REJECTED: Text("Permohonan data ditolak", "Request for data rejected"),
    Status.INCOMPLETE: Text(
        "Pengaduan belum lengkap, menunggu kelengkapan dari pelapor",
        "Complaint incomplete, waiting for the complainant to complete it",
    ),
    Status.CHECKED: Text("Cek administrasi selesai", "Administrative check done"),
    Status.COORDINATING: Text("Koordinasi internal/eksternal", "Internal/external coordination"),
    Status.RESPONDED: Text("Pengaduan sudah direspon", "Complaint answered"),
    Status.RESOLVED: Text("Pengaduan sudah diselesaikan", "Complaint resolved"),
    Status.REDIRECTED: Text(
        "Bukan kewenangan Dinas Sosial, diarahkan ke instansi lain",
        "Not this office's business, referred elsewhere",
    ),
}
"""By status; where a kind of case reads otherwise, also by kind; a decided case's by outcome."""

DUE = Text("Selesai paling lambat {moment}", "To be done by {moment}")
ANSWER_DUE = Text("Direspon paling lambat {moment}", "To be answered by {moment}")
CLOCK_STOPPED = Text(
    "Waktu layanan berhenti; batas waktu ditetapkan setelah berjalan kembali",
    "The clock is stopped; the deadline is set when it runs again",
)

DOCUMENT_LABELS: dict[str, Text] = {
    "receipt": Text("Tanda Terima Permohonan", "Receipt of the request"),
    "complaint.receipt": Text("Tanda Terima Pengaduan", "Receipt of the complaint"),
    "verification_letter": Text(
        "Surat Keterangan Hasil Verifikasi", "Letter on the result of the verification"
    ),
    "handover_draft": Text(
        "Konsep Berita Acara Serah Terima Data", "Draft record of the handover of data"
    ),
    "handover_record": Text("Berita Acara Serah Terima Data", "Record of the handover of data"),
    "complaint_response": Text("Surat Respon Pengaduan", "Letter in response to the complaint"),
}
"""By kind of document; where a kind of case reads otherwise, also by that."""


def status_label(kind: CaseKind | None, status: Status, outcome: str | None = None) -> Text:
    """The status in the office's words; `outcome` is told where it is known."""
    return STATUS_LABELS.get(f"{status}.{outcome}") or _of(STATUS_LABELS, kind, status)


def next_step(kind: CaseKind | None, stage: Stage) -> Text:
    """What happens next, and by whom."""
    return _of(NEXT_STEPS, kind, stage)


def event_label(event: str, variant: str | None) -> Text:
    """A line of the timeline; an unknown event is other progress."""
    return EVENT_LABELS.get(f"{event}.{variant}") or EVENT_LABELS.get(event, OTHER_EVENT)


def document_label(kind: CaseKind | None, document: str) -> Text:
    """What the document is called."""
    return _of(DOCUMENT_LABELS, kind, document)


def _of(table: dict[str, Text], kind: CaseKind | None, key: str) -> Text:
    return table.get(f"{kind}.{key}") or table[key]
