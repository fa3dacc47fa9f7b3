"""What the lines of a case's timeline say."""

from standards.wording import Text

EVENT_LABELS: dict[str, Text] = {
    "request_received": Text("Permohonan dicatat", "Request recorded"),
    "request_received.data_request": Text("Surat permohonan dicatat", "Letter recorded"),
    "request_returned": Text(
        "Permohonan dikembalikan karena persyaratan belum lengkap",
        "Request returned because requirements are incomplete",
    ),
    "request_supplemented": Text("Kelengkapan diterima", "What was missing has been received"),
    "request_completed": Text(
        "Identifikasi awal selesai, persyaratan lengkap",
        "First identification done, requirements complete",
    ),
    "request_completed.data_request": Text(
        "Surat permohonan diteruskan kepada Kepala Dinas untuk disposisi",
        "Letter passed to the agency head for disposition",
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
    "data_request_dispositioned": Text(
        "Surat permohonan didisposisi Kepala Dinas kepada Kepala Bidang",
        "The agency head passed the letter to the division head",
    ),
    "clarification_requested": Text(
        "Kepala Bidang meminta klarifikasi kepada pemohon",
        "The division head asked the applicant for clarification",
    ),
    "clarification_received": Text("Klarifikasi pemohon diterima", "Clarification received"),
    "data_request_approved": Text(
        "Kepala Bidang menyetujui dan memerintahkan Pekerja Sosial untuk memproses dan "
        "menyiapkan data",
        "The division head approved and ordered the social worker to process and prepare the data",
    ),
    "data_request_rejected": Text(
        "Permohonan data ditolak Kepala Bidang", "The division head rejected the request for data"
    ),
    "data_prepared": Text(
        "Pekerja Sosial menyiapkan data dan konsep Berita Acara Serah Terima Data",
        "The social worker prepared the data and the draft record of handover",
    ),
    "handover_signed": Text(
        "Berita Acara Serah Terima Data ditandatangani", "Record of handover signed"
    ),
    "handover_signed.office": Text(
        "Berita Acara Serah Terima Data ditandatangani Dinas Sosial",
        "The office signed the record of handover",
    ),
    "handover_signed.requester": Text(
        "Berita Acara Serah Terima Data ditandatangani pemohon",
        "The applicant signed the record of handover",
    ),
    "data_handed_over": Text("Data diserahkan kepada pemohon", "Data handed over to the applicant"),
    "data_downloaded": Text("Data diunduh pemohon", "The applicant fetched the data"),
    "data_request_withdrawn": Text("Permohonan ditarik kembali", "Request withdrawn"),
    "complaint_received": Text("Pengaduan dicatat", "Complaint recorded"),
    "complaint_received.suggestion": Text(
        "Saran dan masukan dicatat", "Suggestion or feedback recorded"
    ),
    "complaint_checked": Text("Cek administrasi dilakukan", "Administrative check made"),
    "complaint_checked.complete": Text(
        "Cek administrasi selesai, pengaduan lengkap",
        "Administrative check done, complaint complete",
    ),
    "complaint_checked.incomplete": Text(
        "Cek administrasi: pengaduan belum lengkap",
        "Administrative check: complaint incomplete",
    ),
    "complaint_checked.not_ours": Text(
        "Cek administrasi: bukan kewenangan Dinas Sosial",
        "Administrative check: not this office's business",
    ),
    "complaint_supplemented": Text("Kelengkapan diterima", "What was missing has been received"),
    "complaint_coordinated": Text(
        "Koordinasi internal/eksternal", "Internal/external coordination"
    ),
    "complaint_coordinated.asked.internal": Text(
        "Koordinasi internal dimulai", "Internal coordination begun"
    ),
    "complaint_coordinated.asked.external": Text(
        "Koordinasi eksternal dimulai", "External coordination begun"
    ),
    "complaint_coordinated.reminded": Text(
        "Mitra koordinasi diingatkan", "Partner of the coordination reminded"
    ),
    "complaint_coordinated.answered": Text(
        "Mitra koordinasi memberi jawaban", "Partner of the coordination answered"
    ),
    "complaint_responded": Text("Pengaduan direspon", "Complaint answered"),
    "complaint_escalated": Text("Pengaduan diteruskan ke atas", "Complaint passed upward"),
    "complaint_escalated.division_head": Text(
        "Pengaduan diteruskan kepada Kepala Bidang", "Complaint passed to the division head"
    ),
    "complaint_escalated.agency_head": Text(
        "Pengaduan diteruskan kepada Kepala Dinas", "Complaint passed to the agency head"
    ),
    "complaint_escalated.lapor": Text(
        "Pengaduan diteruskan ke SP4N-LAPOR!", "Complaint passed to SP4N-LAPOR!"
    ),
    "lapor_reconciled": Text("Kabar dari SP4N-LAPOR! dicatat", "Word from SP4N-LAPOR! recorded"),
    "lapor_reconciled.forwarded": Text(
        "SP4N-LAPOR!: diteruskan kepada instansi", "SP4N-LAPOR!: forwarded to the agency"
    ),
    "lapor_reconciled.answered": Text("SP4N-LAPOR!: dijawab", "SP4N-LAPOR!: answered"),
    "lapor_reconciled.closed": Text("SP4N-LAPOR!: ditutup", "SP4N-LAPOR!: closed"),
    "lapor_reconciled.returned": Text("SP4N-LAPOR!: dikembalikan", "SP4N-LAPOR!: sent back"),
    "complaint_resolved": Text("Pengaduan diselesaikan", "Complaint resolved"),
    "complaint_reopened": Text("Pengaduan dibuka kembali", "Complaint reopened"),
    "complaint_rated": Text("Penyelesaian dinilai pelapor", "The complainant rated the resolution"),
    "complaint_withdrawn": Text("Pengaduan dicabut", "Complaint withdrawn"),
    "survey_answered": Text("Survei kepuasan masyarakat diisi", "Satisfaction survey answered"),
    "personal_data_erased": Text("Data pribadi dihapus", "Personal data erased"),
    "deadline_approaching": Text("Batas waktu layanan sudah dekat", "The deadline is near"),
    "deadline_missed": Text("Batas waktu layanan terlewati", "The deadline has passed"),
    "deadline_changed": Text(
        "Batas waktu bergeser karena perubahan hari kerja",
        "The deadline moved because working days changed",
    ),
    "document_issued": Text("Dokumen diterbitkan", "Document issued"),
    "document_issued.receipt": Text("Tanda terima diterbitkan", "Receipt issued"),
    "document_issued.verification_letter": Text(
        "Surat Keterangan Hasil Verifikasi diterbitkan",
        "Letter on the result of the verification issued",
    ),
    "document_issued.handover_draft": Text(
        "Konsep Berita Acara Serah Terima Data diterbitkan", "Draft record of handover issued"
    ),
    "document_issued.handover_record": Text(
        "Berita Acara Serah Terima Data diterbitkan", "Record of handover issued"
    ),
    "document_issued.complaint_response": Text(
        "Surat Respon Pengaduan diterbitkan", "Letter in response to the complaint issued"
    ),
    "document_revoked": Text("Dokumen dicabut", "Document revoked"),
    "document_revoked.superseded": Text(
        "Dokumen diganti dengan yang baru", "Document replaced by a newer one"
    ),
}
"""By event; where an event can mean several things, also by its variant."""

OTHER_EVENT = Text("Perkembangan lain", "Other progress")
"""For events that this version does not know."""
