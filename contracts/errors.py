"""Refusals: stable codes with Indonesian and English text, and the exceptions that carry them."""

from collections.abc import Iterable
from enum import StrEnum
from re import fullmatch
from typing import Any

PURPOSE = r"[a-z][a-z_]{1,63}"
"""Why personal data is read, as a code: it stands in an event, so it may not be written freely."""


class ErrorCode(StrEnum):
    """Every code a caller can meet. A code never changes its meaning; new ones are added."""

    MALFORMED_BODY = "malformed_body"
    VALIDATION_FAILED = "validation_failed"
    PAYLOAD_TOO_LARGE = "payload_too_large"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    NOT_ACCEPTABLE = "not_acceptable"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    NOT_FOUND = "not_found"
    IDEMPOTENCY_KEY_MISSING = "idempotency_key_missing"
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused"
    LOGIN_FAILED = "login_failed"
    SIGN_IN_FAILED = "sign_in_failed"
    ACCOUNT_NOT_LINKED = "account_not_linked"
    SIGN_IN_NOT_OFFERED = "sign_in_not_offered"
    SIGN_IN_PROVIDER_UNAVAILABLE = "sign_in_provider_unavailable"
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    NOT_SIGNED_IN = "not_signed_in"
    ACCESS_DENIED = "access_denied"
    CASE_NOT_FOUND = "case_not_found"
    DOCUMENT_NOT_FOUND = "document_not_found"
    STANDARD_NOT_FOUND = "standard_not_found"
    ATTACHMENT_NOT_FOUND = "attachment_not_found"
    ATTACHMENT_TYPE_REFUSED = "attachment_type_refused"
    ATTACHMENT_NOT_PLAIN = "attachment_not_plain"
    FILE_INFECTED = "file_infected"
    REGION_UNKNOWN = "region_unknown"
    REQUIREMENT_UNKNOWN = "requirement_unknown"
    CHECKLIST_INCOMPLETE = "checklist_incomplete"
    ILLEGAL_MOVE = "illegal_move"
    ALREADY_CLAIMED = "already_claimed"
    ALREADY_HANDED_OVER = "already_handed_over"
    OTHER_DISTRICT = "other_district"
    NOT_THE_ASSIGNED_VERIFIER = "not_the_assigned_verifier"
    VISIT_REPORT_CONFLICT = "visit_report_conflict"
    LETTER_NOT_READY = "letter_not_ready"
    PURPOSE_NOT_SERVED = "purpose_not_served"
    NOT_THE_INSTRUCTED_SOCIAL_WORKER = "not_the_instructed_social_worker"
    TABLE_REFUSED = "table_refused"
    TABLE_NOT_FOUND = "table_not_found"
    PACKAGE_CHANGED = "package_changed"
    TERMS_NOT_ACCEPTED = "terms_not_accepted"
    HANDOVER_NOT_SIGNED = "handover_not_signed"
    ALREADY_SIGNED = "already_signed"
    NOT_THE_OWNER = "not_the_owner"
    COORDINATION_NOT_FOUND = "coordination_not_found"
    REOPENING_TOO_LATE = "reopening_too_late"
    ALREADY_ANSWERED = "already_answered"
    CASE_STILL_OPEN = "case_still_open"
    NOT_ESCALATED = "not_escalated"
    ALREADY_ESCALATED = "already_escalated"
    WEBHOOK_NOT_FOUND = "webhook_not_found"
    DELIVERY_NOT_FOUND = "delivery_not_found"
    WAY_NOT_GIVEN = "way_not_given"
    PERSONAL_DATA_ERASED = "personal_data_erased"
    UNAVAILABLE = "unavailable"
    INTERNAL_ERROR = "internal_error"


TEXTS: dict[ErrorCode, tuple[str, str]] = {
    ErrorCode.MALFORMED_BODY: ("Isi permintaan tidak dapat dibaca.", "The body cannot be read."),
    ErrorCode.VALIDATION_FAILED: (
        "Ada isian yang tidak benar.",
        "Some fields are not right.",
    ),
    ErrorCode.PAYLOAD_TOO_LARGE: ("Kiriman terlalu besar.", "The body is too large."),
    ErrorCode.UNSUPPORTED_MEDIA_TYPE: (
        "Jenis kiriman tidak didukung.",
        "The media type is not supported.",
    ),
    ErrorCode.NOT_ACCEPTABLE: (
        "Bentuk jawaban yang diminta tidak tersedia.",
        "The requested representation is not available.",
    ),
    ErrorCode.METHOD_NOT_ALLOWED: (
        "Cara panggil ini tidak diizinkan.",
        "The method is not allowed here.",
    ),
    ErrorCode.NOT_FOUND: ("Alamat tidak ditemukan.", "There is nothing at this address."),
    ErrorCode.IDEMPOTENCY_KEY_MISSING: (
        "Kepala Idempotency-Key wajib diisi.",
        "The Idempotency-Key header is required.",
    ),
    ErrorCode.IDEMPOTENCY_KEY_REUSED: (
        "Idempotency-Key sudah dipakai untuk isi yang lain.",
        "The Idempotency-Key was used before with another body.",
    ),
    ErrorCode.LOGIN_FAILED: (
        "Nama pengguna atau kata sandi salah.",
        "The user name or the password is wrong.",
    ),
    ErrorCode.SIGN_IN_FAILED: (
        "Masuk lewat penyedia identitas gagal. Silakan ulangi dari awal.",
        "Signing in at the provider failed. Please begin again.",
    ),
    ErrorCode.ACCOUNT_NOT_LINKED: (
        "Belum ada akun petugas yang terhubung dengan identitas ini.",
        "No staff account is linked with this identity.",
    ),
    ErrorCode.SIGN_IN_NOT_OFFERED: (
        "Cara masuk ini tidak disediakan di sini.",
        "This way of signing in is not offered here.",
    ),
    ErrorCode.SIGN_IN_PROVIDER_UNAVAILABLE: (
        "Penyedia identitas sedang tidak dapat dihubungi; coba lagi sebentar.",
        "The sign-in provider does not answer; try again shortly.",
    ),
    ErrorCode.TOO_MANY_ATTEMPTS: (
        "Terlalu banyak percobaan yang salah. Silakan coba lagi nanti.",
        "Too many wrong attempts. Please try again later.",
    ),
    ErrorCode.NOT_SIGNED_IN: ("Silakan masuk lebih dahulu.", "Sign in first."),
    ErrorCode.ACCESS_DENIED: (
        "Peran Anda tidak berwenang untuk ini.",
        "Your role may not do this.",
    ),
    ErrorCode.CASE_NOT_FOUND: (
        "Nomor pelacakan atau kode akses tidak cocok.",
        "The tracking number and access code do not match.",
    ),
    ErrorCode.DOCUMENT_NOT_FOUND: ("Dokumen tidak ditemukan.", "The document is not known."),
    ErrorCode.STANDARD_NOT_FOUND: (
        "Standar pelayanan tidak ditemukan.",
        "The service standard is not known.",
    ),
    ErrorCode.ATTACHMENT_NOT_FOUND: (
        "Lampiran tidak ditemukan atau sudah dipakai.",
        "The attachment is not known or is used elsewhere.",
    ),
    ErrorCode.ATTACHMENT_TYPE_REFUSED: (
        "Lampiran harus berupa PDF, JPEG, PNG, atau WebP.",
        "An attachment must be a PDF, JPEG, PNG or WebP.",
    ),
    ErrorCode.ATTACHMENT_NOT_PLAIN: (
        "Berkas ini memuat program atau berkas lain, atau tidak dapat diperiksa. Cetak ulang "
        "sebagai PDF biasa, atau kirim fotonya.",
        "This file holds programs or other files, or cannot be looked into. Print it to a plain "
        "PDF again, or send a photo of it.",
    ),
    ErrorCode.FILE_INFECTED: (
        "Pemindai menemukan virus dalam berkas ini.",
        "The scanner found a virus in this file.",
    ),
    ErrorCode.REGION_UNKNOWN: (
        "Kode wilayah tidak dikenal di Kota Banjarmasin.",
        "The region code is not known in Kota Banjarmasin.",
    ),
    ErrorCode.REQUIREMENT_UNKNOWN: (
        "Persyaratan itu tidak ada dalam standar pelayanan.",
        "The service standard has no such requirement.",
    ),
    ErrorCode.CHECKLIST_INCOMPLETE: (
        "Setiap persyaratan harus dinilai.",
        "Every requirement of the checklist must be judged.",
    ),
    ErrorCode.ILLEGAL_MOVE: (
        "Langkah ini tidak dapat dilakukan pada tahap sekarang.",
        "This step is not possible at the case's present stage.",
    ),
    ErrorCode.ALREADY_CLAIMED: (
        "Tugas ini sudah diambil petugas lain.",
        "Another verifier has claimed this case.",
    ),
    ErrorCode.ALREADY_HANDED_OVER: (
        "Permohonan sudah diteruskan ke tahap berikutnya.",
        "The request has been handed over to the next stage.",
    ),
    ErrorCode.OTHER_DISTRICT: (
        "Tugas ini ditawarkan kepada petugas kecamatan lain.",
        "This case is offered to another district's verifiers.",
    ),
    ErrorCode.NOT_THE_ASSIGNED_VERIFIER: (
        "Hanya petugas yang ditunjuk yang dapat melaporkan kunjungan.",
        "Only the assigned verifier may report the visit.",
    ),
    ErrorCode.VISIT_REPORT_CONFLICT: (
        "Laporan kunjungan dengan nomor ini sudah ada dengan isi lain.",
        "A visit report with this id exists with other contents.",
    ),
    ErrorCode.LETTER_NOT_READY: (
        "Surat belum terbit; coba lagi sebentar.",
        "The letter is not issued yet; try again shortly.",
    ),
    ErrorCode.PURPOSE_NOT_SERVED: (
        "Data yang diminta untuk kepentingan pembangunan kesejahteraan sosial dan atau "
        "penelitian akademik dan bukan untuk kepentingan politik atau hal-hal yang bertentangan "
        "dengan aturan.",
        "The data are for social-welfare development and/or academic research, not for politics or "
        "anything against the rules.",
    ),
    ErrorCode.NOT_THE_INSTRUCTED_SOCIAL_WORKER: (
        "Hanya Pekerja Sosial yang diperintahkan yang dapat menyiapkan data.",
        "Only the instructed social worker may prepare the data.",
    ),
    ErrorCode.TABLE_REFUSED: (
        "Tabel tidak dapat diserahkan.",
        "The table cannot be released.",
    ),
    ErrorCode.TABLE_NOT_FOUND: (
        "Tabel tidak ditemukan.",
        "The table is not known.",
    ),
    ErrorCode.PACKAGE_CHANGED: (
        "Paket data sudah diperbarui; periksa yang terbaru.",
        "The data package has changed; look at the newest one.",
    ),
    ErrorCode.TERMS_NOT_ACCEPTED: (
        "Ketentuan pemanfaatan data harus disetujui.",
        "The terms of use must be accepted.",
    ),
    ErrorCode.HANDOVER_NOT_SIGNED: (
        "Berita Acara Serah Terima Data belum ditandatangani kedua pihak.",
        "The record of handover is not signed by both sides yet.",
    ),
    ErrorCode.ALREADY_SIGNED: (
        "Pihak ini sudah menandatangani.",
        "This side has signed already.",
    ),
    ErrorCode.NOT_THE_OWNER: (
        "Pengaduan ini ditangani petugas lain.",
        "Another officer handles this complaint.",
    ),
    ErrorCode.COORDINATION_NOT_FOUND: (
        "Koordinasi tidak ditemukan.",
        "The coordination is not known.",
    ),
    ErrorCode.REOPENING_TOO_LATE: (
        "Batas waktu membuka kembali pengaduan sudah lewat.",
        "The time for reopening the complaint has passed.",
    ),
    ErrorCode.ALREADY_ANSWERED: (
        "Jawaban atau penilaian sudah diberikan sebelumnya.",
        "This has been answered or rated already.",
    ),
    ErrorCode.CASE_STILL_OPEN: (
        "Layanan ini belum selesai.",
        "The case is not closed yet.",
    ),
    ErrorCode.NOT_ESCALATED: (
        "Pengaduan ini belum diteruskan ke LAPOR!.",
        "The complaint has not been passed to LAPOR!.",
    ),
    ErrorCode.ALREADY_ESCALATED: (
        "Pengaduan ini sudah diteruskan ke tingkat tersebut.",
        "The complaint has been passed to that level already.",
    ),
    ErrorCode.WEBHOOK_NOT_FOUND: (
        "Webhook tidak ditemukan.",
        "The webhook is not known.",
    ),
    ErrorCode.DELIVERY_NOT_FOUND: (
        "Pengiriman tidak ditemukan.",
        "The delivery is not known.",
    ),
    ErrorCode.WAY_NOT_GIVEN: (
        "Cara pemberitahuan itu tidak diberikan saat pengajuan.",
        "That way of being told was not given at submission.",
    ),
    ErrorCode.PERSONAL_DATA_ERASED: (
        "Data pribadi dalam layanan ini telah dihapus.",
        "The personal data of this case have been erased.",
    ),
    ErrorCode.UNAVAILABLE: (
        "Layanan sedang tidak tersedia; coba lagi sebentar.",
        "The service is not available; try again shortly.",
    ),
    ErrorCode.INTERNAL_ERROR: ("Terjadi kesalahan di sistem.", "Something failed in the system."),
}


class Refusal(Exception):
    """A rule says no. Crosses a service boundary as code and details, never as a module path.

    `details` name fields, states and codes; never a value that a resident gave.
    """

    code: ErrorCode = ErrorCode.VALIDATION_FAILED

    def __init__(self, code: ErrorCode | None = None, **details: Any) -> None:
        if code is not None:
            self.code = code
        self.details = details
        super().__init__(self.code.value)


class IllegalMove(Refusal):
    """The case does not allow this move in its state; `allowed` are the moves that it does."""

    code = ErrorCode.ILLEGAL_MOVE

    def __init__(self, state: str, move: str, allowed: Iterable[str]) -> None:
        super().__init__(state=str(state), move=str(move), allowed=[*map(str, allowed)])


class InvalidFields(Refusal):
    """Fields do not hold what the rules ask for: (field, code) each; no content is repeated."""

    def __init__(self, *errors: tuple[str, str]) -> None:
        super().__init__(errors=[{"field": field, "code": code} for field, code in errors])


class CaseNotFound(Refusal):
    """The service has no case with this tracking number."""

    code = ErrorCode.CASE_NOT_FOUND


def check_purpose(purpose: str) -> None:
    """The purpose of a read is a code, as `letter`; raises InvalidFields."""
    if not fullmatch(PURPOSE, purpose):
        raise InvalidFields(("purpose", "wrong_format"))


def check_written(field: str, text: str | None) -> None:
    """The text says something; raises InvalidFields."""
    if not (text or "").strip():
        raise InvalidFields((field, "required"))
