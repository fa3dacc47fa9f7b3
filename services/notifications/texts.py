"""What residents and officers are told, in Indonesian and English.

Of a person nothing is said: a message names the case by its tracking number alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.complaints import EscalationTarget, Missing, Referral
from services.notifications.domain import Words
from standards.wording import Text

CLOSING_RESIDENT = Text(
    "\n\nLihat perkembangannya dengan nomor pelacakan dan kode akses Anda. Tidak dipungut biaya."
    "\n{office}, telepon {phone}, {website}",
    "\n\nFollow it with your tracking number and access code. No fee is taken."
    "\n{office}, phone {phone}, {website}",
)
CLOSING_STAFF = Text("\n\nBuka perkara ini di Sigap.", "\n\nOpen this case in Sigap.")


@dataclass(frozen=True, slots=True)
class Wording:
    """A message's subject, without the number, and its text, in words with blanks."""

    subject: Text
    text: Text


WORDING: Mapping[Words, Wording] = {
    Words.RECEIVED: Wording(
        Text("Sudah kami terima", "Received"),
        Text(
            "{service} sudah kami terima dengan nomor pelacakan {number}. "
            "Selesai paling lambat {due}.",
            "{service}: received under the tracking number {number}. To be done by {due}.",
        ),
    ),
    Words.INCOMPLETE: Wording(
        Text("Belum lengkap", "Incomplete"),
        Text(
            "{number} belum lengkap. Mohon lengkapi:\n{items}\n"
            "Waktu layanan berhenti sampai kelengkapan kami terima.",
            "{number} is incomplete. Please complete:\n{items}\n"
            "The clock is stopped until we have received it.",
        ),
    ),
    Words.LETTER_READY: Wording(
        Text("Sudah diputuskan, surat sudah terbit", "Decided, the letter is ready"),
        Text(
            "{number} sudah diputuskan. {document} sudah terbit dan dapat diunduh.",
            "{number} is decided. {document} is issued and can be fetched.",
        ),
    ),
    Words.CLARIFICATION_REQUESTED: Wording(
        Text("Perlu klarifikasi", "A question to you"),
        Text(
            "Kepala Bidang memerlukan klarifikasi dari Anda untuk {number}. Pertanyaannya dapat "
            "dibaca pada status permohonan. Waktu layanan berhenti sampai jawaban kami terima.",
            "The division head has a question to you about {number}. It can be read in the status "
            "of the request. The clock is stopped until we have received your answer.",
        ),
    ),
    Words.DATA_APPROVED: Wording(
        Text("Permintaan data disetujui", "Request for data approved"),
        Text(
            "Permintaan data {number} disetujui dan sedang disiapkan. Selesai paling lambat {due}.",
            "The request for data {number} is approved and being prepared. To be done by {due}.",
        ),
    ),
    Words.DATA_REJECTED: Wording(
        Text("Permintaan data ditolak", "Request for data rejected"),
        Text(
            "Permintaan data {number} tidak dapat dipenuhi: {ground}.",
            "The request for data {number} cannot be met: {ground}.",
        ),
    ),
    Words.DATA_PREPARED: Wording(
        Text("Data sudah siap, mohon ditandatangani", "Data prepared, please sign"),
        Text(
            "Data untuk {number} sudah siap. Mohon baca konsep Berita Acara Serah Terima Data "
            "dan menandatanganinya.",
            "The data for {number} are prepared. Please read the draft record of handover "
            "and sign it.",
        ),
    ),
    Words.DATA_HANDED_OVER: Wording(
        Text("Data sudah diserahkan", "Data handed over"),
        Text(
            "Berita Acara Serah Terima Data {number} sudah ditandatangani kedua pihak. "
            "Data sudah dapat diunduh.",
            "The record of handover of {number} is signed by both sides. "
            "The data can be downloaded.",
        ),
    ),
    Words.COMPLAINT_REDIRECTED: Wording(
        Text("Bukan kewenangan kami", "Not within our power"),
        Text(
            "Hal yang Anda sampaikan dalam {number} bukan kewenangan Dinas Sosial. "
            "Silakan sampaikan kepada {place}.",
            "The matter of {number} is not this office's business. Please turn to {place}.",
        ),
    ),
    Words.COMPLAINT_ESCALATED: Wording(
        Text("Pengaduan diteruskan", "Complaint passed on"),
        Text(
            "Pengaduan {number} diteruskan kepada {place}.",
            "The complaint {number} has been passed on to {place}.",
        ),
    ),
    Words.COMPLAINT_RESPONDED: Wording(
        Text("Pengaduan sudah dijawab", "Complaint answered"),
        Text(
            "Jawaban atas pengaduan {number} sudah ada; suratnya dapat diunduh.",
            "The complaint {number} is answered; the letter can be fetched.",
        ),
    ),
    Words.COMPLAINT_RESOLVED: Wording(
        Text("Pengaduan sudah diselesaikan", "Complaint resolved"),
        Text(
            "Pengaduan {number} sudah diselesaikan. Jika belum puas, Anda dapat membukanya kembali "
            "sampai {until}. Anda juga dapat memberi penilaian.",
            "The complaint {number} is resolved. If you are not content you may reopen it until "
            "{until}. You may also rate it.",
        ),
    ),
    Words.PROMISE_CHANGED: Wording(
        Text("Batas waktu berubah", "The deadline has changed"),
        Text(
            "Hari kerja kantor berubah, sehingga {number} selesai paling lambat {due}.{because}",
            "The office's working days have changed, so {number} is to be done by {due}.{because}",
        ),
    ),
    Words.PROMISE_MISSED: Wording(
        Text("Kami terlambat, mohon maaf", "We are late, and apologise"),
        Text(
            "{number} kami janjikan selesai paling lambat {due}, dan janji itu tidak kami tepati. "
            "Kami mohon maaf; pekerjaannya terus berjalan. "
            "Tanyakan kepada kami lewat telepon {phone}, atau sampaikan pengaduan: {channels}.",
            "We promised {number} by {due} and have not kept that promise. We apologise; the "
            "work goes on. Ask us by phone at {phone}, or complain: "
            "{channels}.",
        ),
    ),
    Words.STAFF_APPROACHING: Wording(
        Text("Batas waktu mendekat", "Deadline near"),
        Text(
            "{number}: {step} harus selesai paling lambat {due}.",
            "{number}: {step} is to be done by {due}.",
        ),
    ),
    Words.STAFF_MISSED: Wording(
        Text("Batas waktu terlewati", "Deadline missed"),
        Text(
            "{number}: {step} seharusnya selesai paling lambat {due}, dan belum selesai.",
            "{number}: {step} was to be done by {due}, and is not.",
        ),
    ),
    Words.STAFF_ESCALATED: Wording(
        Text("Pengaduan diteruskan", "Complaint escalated"),
        Text(
            "Pengaduan {number} diteruskan kepada {place} dan menunggu tindakan.",
            "The complaint {number} has been passed on to {place} and waits for action.",
        ),
    ),
    Words.STAFF_UNCLAIMED: Wording(
        Text("Belum ada petugas verifikasi", "No verifier yet"),
        Text(
            "{number} belum diambil petugas verifikasi dan diumumkan kembali; "
            "Anda dapat menunjuk seorang petugas.",
            "No verifier has taken {number}; it is announced again, and you may appoint one.",
        ),
    ),
    Words.STAFF_REMINDED: Wording(
        Text("Koordinasi belum dijawab", "Coordination not answered"),
        Text(
            "{number}: koordinasi nomor {coordination} belum dijawab; mitra sudah diingatkan.",
            "{number}: coordination {coordination} is not answered; the partner was reminded.",
        ),
    ),
}

LETTER_NAMES: Mapping[str, Text] = {
    "verification_letter": Text(
        "Surat Keterangan Hasil Verifikasi", "The letter on the result of the verification"
    ),
}
MISSING: Mapping[str, Text] = {
    Missing.IDENTITY: Text("Identitas lengkap", "Full identity"),
    Missing.MATTER: Text("Materi pengaduan", "The matter of the complaint"),
    Missing.EVIDENCE: Text("Bukti pendukung", "Supporting evidence"),
    Missing.PLACE_AND_TIME: Text("Tempat dan waktu kejadian", "Place and time of what happened"),
}
PLACES: Mapping[str, Text] = {
    Referral.LAPOR: Text("SP4N-LAPOR! (www.lapor.go.id)", "SP4N-LAPOR! (www.lapor.go.id)"),
    Referral.CIVIL_REGISTRY: Text(
        "Dinas Kependudukan dan Pencatatan Sipil", "the civil registry office"
    ),
    Referral.HEALTH_OFFICE: Text("Dinas Kesehatan", "the health office"),
    Referral.EDUCATION_OFFICE: Text("Dinas Pendidikan", "the education office"),
    Referral.HEALTH_INSURANCE: Text("BPJS Kesehatan", "BPJS Kesehatan (health insurance)"),
    Referral.POLICE: Text("Kepolisian", "the police"),
    Referral.CITY_HALL: Text("Pemerintah Kota Banjarmasin", "the City of Banjarmasin"),
    EscalationTarget.DIVISION_HEAD: Text("Kepala Bidang", "the division head"),
    EscalationTarget.AGENCY_HEAD: Text("Kepala Dinas", "the head of the office"),
}
WHOLE_CASE = Text("layanan ini", "this case")
CLOCK_STOPPED = Text("setelah waktu layanan berjalan kembali", "a time set when the clock runs")
