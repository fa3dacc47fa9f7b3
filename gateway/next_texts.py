"""What happens next in a case, in the words of the published service standards."""

from gateway.stages import Stage
from standards.wording import Text

NEXT_STEPS: dict[str, Text] = {
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
    "data_request.received": Text(
        "Kepala Dinas mendisposisi surat permohonan kepada Kepala Bidang.",
        "The agency head passes the letter to the division head (disposition).",
    ),
    Stage.DISPOSITIONED: Text(
        "Kepala Bidang menelaah surat permohonan yang telah didisposisi Kepala Dinas.",
        "The division head reviews the letter, dispositioned by the agency head.",
    ),
    Stage.CLARIFICATION_REQUESTED: Text(
        "Jawab permintaan klarifikasi; waktu layanan berhenti sampai jawaban diterima.",
        "Answer the request for clarification; the clock is stopped until it is received.",
    ),
    Stage.IN_PREPARATION: Text(
        "Pekerja Sosial mengumpulkan, mengolah, menganalisa dan menyajikan data sesuai dengan "
        "permintaan serta menyiapkan konsep Berita Acara Serah Terima Data.",
        "The social worker collects, processes, analyses and presents the data as asked for, and "
        "drafts the record of handover.",
    ),
    Stage.PREPARED: Text(
        "Penyerahan data dan penandatanganan Berita Acara Serah Terima Data oleh kedua pihak.",
        "The data are handed over and both sides sign the record of handover.",
    ),
    Stage.SIGNED_BY_OFFICE: Text(
        "Tandatangani Berita Acara Serah Terima Data; setelah itu data dapat diunduh.",
        "Sign the record of handover; the data can be fetched after that.",
    ),
    Stage.SIGNED_BY_REQUESTER: Text(
        "Dinas Sosial menandatangani Berita Acara Serah Terima Data; setelah itu data dapat "
        "diunduh.",
        "The office signs the record of handover; the data can be fetched after that.",
    ),
    Stage.HANDED_OVER: Text("Selesai; data dapat diunduh.", "Closed; the data can be fetched."),
    Stage.REJECTED: Text(
        "Permohonan ditutup; Anda dapat mengajukan permohonan baru atau menyampaikan pengaduan.",
        "The request is closed; you may make a new one, or complain.",
    ),
    "complaint.received": Text(
        "Petugas melakukan cek administrasi.", "The officer makes the administrative check."
    ),
    Stage.INCOMPLETE: Text(
        "Lengkapi pengaduan; waktu layanan berhenti sampai kelengkapan diterima.",
        "Complete the complaint; the clock is stopped until it is received.",
    ),
    Stage.CHECKED: Text(
        "Pengaduan ditindaklanjuti dengan koordinasi internal/eksternal, lalu direspon.",
        "The complaint is followed up by internal/external coordination, then answered.",
    ),
    Stage.COORDINATING: Text(
        "Petugas menunggu hasil koordinasi internal/eksternal, lalu memberi respon.",
        "The officer waits for the internal/external coordination, then answers.",
    ),
    Stage.COORDINATED: Text(
        "Koordinasi selesai; petugas memberi respon pengaduan.",
        "Coordination is done; the officer answers the complaint.",
    ),
    Stage.RESPONDED: Text(
        "Penyelesaian pengaduan sesuai dengan kondisi dan permasalahan yang ada.",
        "The complaint is resolved according to the circumstances and the problem at hand.",
    ),
    Stage.RESOLVED: Text(
        "Anda dapat menilai penyelesaian ini, atau membuka kembali pengaduan selama masih dalam "
        "batas waktunya.",
        "You may rate the resolution, or reopen the complaint while its time lasts.",
    ),
    Stage.REDIRECTED: Text(
        "Sampaikan pengaduan kepada instansi yang ditunjukkan.",
        "Bring the complaint to the institution shown.",
    ),
    "complaint.withdrawn": Text(
        "Pengaduan ditutup; Anda dapat menyampaikan pengaduan baru.",
        "The complaint is closed; you may make a new one.",
    ),
}
"""By stage; where a kind of case reads otherwise, also by kind."""
