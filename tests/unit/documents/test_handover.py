"""The record of handover and its draft: who, what, for what, under which terms."""

from collections.abc import Callable
from dataclasses import replace

from services.documents.letters.handover import HandedFile, HandoverRecord, Party, render_handover
from tests.unit.documents.papers import MARKUP, catalog, hostile, unspaced

TextOf = Callable[[bytes], str]


def test_the_record_states_parties_data_and_terms(record: HandoverRecord, text_of: TextOf) -> None:
    """The day in words, both sides with when they signed, every file's hash, what was agreed."""
    text = unspaced(text_of(render_handover(record)))

    for part in (
        "BERITA ACARA SERAH TERIMA DATA Record of a Handover of Data",
        "Nomor: 400.9/0003/BASTD/Dinsos-Bjm/XI/2026",
        "Pada hari ini Senin tanggal dua puluh tiga bulan November tahun dua ribu dua puluh enam",
        "Dewi Lestari, S.Sos.",
        "Instansi Institution : Dinas Sosial Kota Banjarmasin selanjutnya disebut PIHAK PERTAMA",
        "Ahmad Fauzi Jabatan Position : Peneliti Instansi Institution : Universitas Contoh",
        "selanjutnya disebut PIHAK KEDUA",
        "nomor registrasi DTA-20261120-0003",
        "Keperluan Purpose : Penelitian akademik",
        "Skripsi tentang lanjut usia. Disajikan per kecamatan.",
        "Jumlah PPKS per kelurahan Jumlah penerima PKH",
        "Tahun data Year of the data : 2024, 2025",
        "Sumber data Source : Data terpadu Dinas Sosial",
        "Metode Method : Penjumlahan per kelurahan",
        "4 sel dengan nilai di bawah 5 tidak ditampilkan",
        "ppks_2025.csv (18.304 byte) SHA-256: " + "cd" * 32,
        "pkh_2025.csv (930 byte) SHA-256: " + "ef" * 32,
        "Paket data edisi 2 Data package, edition 2 SHA-256: " + "ab" * 32,
        "1. Data hanya digunakan untuk tujuan tersebut",
        "2. Data tidak diberikan lagi",
        "tidak dipungut biaya",
        "Disetujui secara elektronik pada Senin, 23 November 2026, pukul 09.30 WITA",
        "Disetujui secara elektronik pada Senin, 23 November 2026, pukul 10.05 WITA",
        "Mengetahui, Banjarmasin, 21 November 2026 Kepala Dinas Sosial,",
        "Hj. Noor Aisyah NIP 19750512 200012 2 001",
        "Kode: H8WD-3MZK-5QVA",
    ):
        assert unspaced(part) in text, part
    assert "KONSEP" not in text


def test_the_draft_says_so_on_every_page_and_leaves_room(
    draft: HandoverRecord, text_of: TextOf
) -> None:
    """Nobody has signed: no day, no officer, and the word KONSEP behind the text."""
    pdf = render_handover(draft)
    text = text_of(pdf)

    pages = catalog(pdf)["/Pages"]["/Count"]
    # In the title, in each page's footer, and as each page's watermark.
    assert text.count("KONSEP") == 1 + 2 * pages
    assert text.count("Belum ditandatangani") == 2
    assert "Pada hari ini …" in text
    assert "Berlaku setelah ditandatangani oleh kedua pihak" in text
    assert "Ahmad Fauzi" in text
    for signed in ("Mengetahui", "Hj. Noor Aisyah", "Disetujui"):
        assert signed not in text


def test_a_package_that_was_replaced_is_named_without_its_files(
    draft: HandoverRecord, text_of: TextOf
) -> None:
    """What is known of it is its hash."""
    replaced = replace(draft, files=(), data_source="", data_method="", small_cells="")

    text = text_of(render_handover(replaced))

    assert "Paket edisi 2 telah diganti dengan paket yang lebih baru" in text
    assert "ab" * 32 in text
    for label in ("Sumber data", "Metode", "Perlindungan data"):
        assert label not in text


def test_the_record_shows_markup_and_never_runs_it(record: HandoverRecord, text_of: TextOf) -> None:
    """Each text may hold the template language's own signs."""
    fields = ("tracking_number", "purpose", "use", "coverage", "data_source", "data_method")
    party = Party(MARKUP, MARKUP, MARKUP)
    marked = replace(
        record,
        **dict.fromkeys((*fields, "small_cells"), MARKUP),
        imprint=hostile(record.imprint),
        office_party=party,
        requester_party=party,
        data_types=(MARKUP,),
        files=(HandedFile(MARKUP, "cd" * 32, 1),),
        terms=(MARKUP,),
    )

    text = unspaced(text_of(render_handover(marked)))

    # Ten texts, three of each party of which two stand twice, and those of the imprint.
    assert text.count(unspaced(MARKUP)) >= 26
