"""A request for data, from the letter to the signed record of handover."""

from collections.abc import Callable
from typing import Any

from ops.demo.office import CaseJourney

LETTER = (
    b"%PDF-1.4\n"
    b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
)
"""An empty page: stands for the scan of a letter."""

TABLE = (
    b"Kecamatan;Tahun;Keluarga penerima\n"
    b"Banjarmasin Selatan;2025;412\n"
    b"Banjarmasin Timur;2025;388\n"
    b"Banjarmasin Barat;2025;506\n"
    b"Banjarmasin Utara;2025;297\n"
    b"Banjarmasin Tengah;2025;3\n"
)
"""Its last cell is small enough to name a family: the package leaves it out."""

REQUEST: dict[str, Any] = {
    "kind": "data_request",
    "channel": "counter",
    "purpose": "academic_research",
    "use": "Penelitian skripsi tentang sebaran penerima bantuan sosial.",
    "data_types": ["Jumlah keluarga penerima bantuan per kecamatan"],
    "coverage": "Kota Banjarmasin, per kecamatan",
    "years": [2025],
    "requester": {
        "name": "Rahmat Contoh",
        "institution": "Universitas Contoh",
        "position": "Mahasiswa",
        "email": "rahmat@contoh.ac.id",
    },
}


class DataJourney(CaseJourney):
    """The four steps of the published procedure "Layanan Pemanfaatan Data"."""

    moves = "/v1/data-requests"
    letter = "handover_record"

    def travel(self, weeks_pass: Callable[[], None] = lambda: None) -> dict[str, Any]:
        """Walk the whole procedure; returns the final status.

        `weeks_pass` is called while the requester has not answered the division head's question.
        """
        scan = self.office.upload("/v1/attachments", "surat.pdf", LETTER)
        request = {**REQUEST, "letter": scan["id"]}
        self.registered(self.office.post("/v1/requests", request, "counter_officer"))
        self.patiently(
            lambda: self.as_staff("disposition", {}, "agency_head", "dispositioned"),
            "case_not_found",
        )
        question = {"decision": "clarify", "words": "Mohon jelaskan tingkat wilayah yang diminta."}
        self.as_staff("review", question, "division_head", "clarification_requested")
        weeks_pass()
        self.as_resident("clarification", {"answer": "Cukup sampai tingkat kecamatan."})
        approval = {
            "decision": "approve",
            "complexity": "simple",
            "social_worker": "social_worker",
        }
        self.as_staff("review", approval, "division_head", "in_preparation")
        table = self.office.upload(
            f"{self.moves}/{self.tracking_number}/tables", "penerima.csv", TABLE, "social_worker"
        )
        package = {
            "tables": [table["table"]],
            "data_source": "Data Terpadu Kesejahteraan Sosial, Dinas Sosial Kota Banjarmasin",
            "data_method": "Rekapitulasi per kecamatan.",
        }
        self.as_staff("package", package, "social_worker", "prepared")
        self.documents("handover_draft")
        return self._hand_over()

    def _hand_over(self) -> dict[str, Any]:
        office = {"edition": 1, "name": "Kepala Bidang Contoh", "position": "Kepala Bidang"}
        self.as_staff("handover", office, "division_head")
        requester = {
            "edition": 1,
            "name": "Rahmat Contoh",
            "position": "Mahasiswa",
            "institution": "Universitas Contoh",
            "terms_accepted": True,
        }
        self.as_resident("handover", requester)
        self.until(lambda status: status["status"] == "handed_over", "handed_over")
        self.documents(self.letter)
        return self.status()

    def package(self) -> bytes:
        """The data, as the requester downloads them."""
        return self._as_resident("/package").content
