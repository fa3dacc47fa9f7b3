"""What complainants read: what their complaint lacks, and who else is there for it."""

from dataclasses import dataclass

from contracts.complaints import Missing, Referral
from standards.wording import Text


@dataclass(frozen=True, slots=True)
class Place:
    """An institution, and where it is found: a street, a number, or a site."""

    name: Text
    address: Text


MISSING: dict[str, Text] = {
    Missing.IDENTITY: Text("Identitas lengkap", "Full identity"),
    Missing.MATTER: Text("Materi pengaduan", "The matter of the complaint"),
    Missing.EVIDENCE: Text("Bukti pendukung", "Supporting evidence"),
    Missing.PLACE_AND_TIME: Text("Tempat dan waktu kejadian", "Place and time of what happened"),
}
"""The first two in the words of the published standards."""

REFERRALS: dict[Referral, Place] = {
    Referral.LAPOR: Place(
        Text("SP4N-LAPOR!", "SP4N-LAPOR!, the national complaints channel"),
        Text("www.lapor.go.id atau aplikasi LAPOR!", "www.lapor.go.id or the LAPOR! app"),
    ),
    Referral.CIVIL_REGISTRY: Place(
        Text(
            "Dinas Kependudukan dan Pencatatan Sipil Kota Banjarmasin",
            "Civil registry office of the City of Banjarmasin",
        ),
        Text("Jalan Sultan Adam, Banjarmasin Utara", "Jalan Sultan Adam, Banjarmasin Utara"),
    ),
    Referral.HEALTH_OFFICE: Place(
        Text("Dinas Kesehatan Kota Banjarmasin", "Health office of the City of Banjarmasin"),
        Text("dinkes.banjarmasinkota.go.id", "dinkes.banjarmasinkota.go.id"),
    ),
    Referral.EDUCATION_OFFICE: Place(
        Text("Dinas Pendidikan Kota Banjarmasin", "Education office of the City of Banjarmasin"),
        Text("disdik.banjarmasinkota.go.id", "disdik.banjarmasinkota.go.id"),
    ),
    Referral.HEALTH_INSURANCE: Place(
        Text("BPJS Kesehatan", "BPJS Kesehatan, the national health insurance"),
        Text("Telepon 165 atau www.bpjs-kesehatan.go.id", "Phone 165 or www.bpjs-kesehatan.go.id"),
    ),
    Referral.POLICE: Place(
        Text("Kepolisian", "Police"),
        Text("Telepon 110 atau kantor polisi terdekat", "Phone 110 or the nearest police station"),
    ),
    Referral.CITY_HALL: Place(
        Text("Pemerintah Kota Banjarmasin", "City government of Banjarmasin"),
        Text(
            "Balai Kota Banjarmasin; banjarmasinkota.go.id",
            "City hall of Banjarmasin; banjarmasinkota.go.id",
        ),
    ),
}
