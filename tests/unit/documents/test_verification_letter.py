"""The verification letter says what it must, and shows content as content."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from contracts.verification import Outcome
from services.documents.letters.verification import VerificationLetter, render_verification_letter
from services.documents.rendering import Signatory
from tests.unit.documents.papers import MARKUP, catalog, hostile, unspaced

TextOf = Callable[[bytes], str]


def test_the_letter_states_everything_that_its_reader_needs(
    letter: VerificationLetter, text_of: TextOf
) -> None:
    """Letterhead, number, person, purpose, result, findings, fee, place, date, signatory, code."""
    text = text_of(render_verification_letter(letter))

    for part in (
        "PEMERINTAH KOTA BANJARMASIN DINAS SOSIAL",
        "Kelurahan Pelambuan",
        "dinsos.banjarmasinkota.go.id",
        "SURAT KETERANGAN HASIL VERIFIKASI Certificate of Verification Result",
        "Nomor: 400.9/0007/SKHV/Dinsos-Bjm/XI/2026",
        "VRF-20261120-0007",
        "Nama Name : Siti Rahmah",
        "NIK National identity number : 6371034505850003",
        "Jalan Belitung Darat Gang Keluarga No. 17 RT 021 RW 002",
        "Belitung Utara / Banjarmasin Barat",
        "Keperluan Purpose : Pengajuan Jamkesda",
        "Instansi yang dituju Institution addressed : RSUD Sultan Suriansyah",
        "LAYAK Eligible",
        "Kepala keluarga buruh harian lepas. Rumah berstatus sewa.",
        "tidak dipungut biaya",
        "Banjarmasin, 21 November 2026 Kepala Dinas Sosial,",
        "Ditandatangani secara elektronik",
        "Hj. Noor Aisyah NIP 19750512 200012 2 001",
        "https://sigap.example/v1/verify/K7QF-9TXM-2HPA",
        "Kode: K7QF-9TXM-2HPA",
        "Halaman 1 dari 1",
    ):
        assert unspaced(part) in unspaced(text), part
    assert "TIDAK LAYAK" not in text


def test_a_refusal_says_so_and_where_to_object(letter: VerificationLetter, text_of: TextOf) -> None:
    """Who is not eligible reads it in so many words, with the standard's complaint channels."""
    text = text_of(render_verification_letter(replace(letter, outcome=Outcome.NOT_ELIGIBLE)))

    assert "TIDAK LAYAK Not eligible" in text
    assert "dinyatakan tidak layak" in text
    assert "dinsosbjm.aduanbansos@gmail.com" in text


def test_what_is_not_known_leaves_no_empty_line(
    letter: VerificationLetter, text_of: TextOf
) -> None:
    """Without an institution, findings or the signatory's NIP the letter has no such label."""
    signatory = Signatory("Hj. Noor Aisyah", "Kepala Dinas Sosial", "")
    imprint = replace(letter.imprint, signatory=signatory)
    bare = replace(letter, target_institution="", findings="", imprint=imprint)

    text = text_of(render_verification_letter(bare))

    for label in ("Instansi yang dituju", "Uraian hasil", "NIP"):
        assert label not in text


@pytest.mark.parametrize("self_made", [True, False])
def test_a_test_signature_is_named_on_the_letter(
    letter: VerificationLetter, text_of: TextOf, self_made: bool
) -> None:
    """Only a letter signed with a self-made certificate carries the warning."""
    imprint = replace(letter.imprint, self_made_certificate=self_made)

    text = text_of(render_verification_letter(replace(letter, imprint=imprint)))

    assert ("sertifikat yang dibuat sendiri" in text) is self_made


def test_the_letter_shows_markup_and_never_runs_it(
    letter: VerificationLetter, text_of: TextOf
) -> None:
    """Each text field may hold the template language's own signs."""
    fields = ("tracking_number", "applicant_name", "nik", "village", "district", "purpose")
    marked = replace(
        letter,
        **dict.fromkeys((*fields, "target_institution", "findings"), MARKUP),
        imprint=hostile(letter.imprint),
        address_lines=(MARKUP, MARKUP),
    )

    text = unspaced(text_of(render_verification_letter(marked)))

    # Eleven fields and both address lines in the body; signatory and title stand there twice.
    assert text.count(unspaced(MARKUP)) >= 16
    assert 'K7QF-9TXM-2HPA?"#<&' in text


def test_no_character_stops_a_letter(letter: VerificationLetter, text_of: TextOf) -> None:
    """PDF/A forbids a character without a glyph; it becomes a box, as do lone surrogates."""
    rows = ["".join(chr(row + column) for column in range(16)) for row in range(0, 0x3000, 16)]
    findings = "\n".join([*rows, "日本😀\ud800\ue000\uffff"])

    text = text_of(render_verification_letter(replace(letter, findings=findings)))

    assert "ÀÁÂÃÄÅ" in text
    assert "□□□□□□" in text


def test_hidden_characters_cannot_turn_the_text_around(
    letter: VerificationLetter, text_of: TextOf
) -> None:
    """A direction mark would let a name read otherwise than it was entered."""
    text = text_of(
        render_verification_letter(replace(letter, applicant_name="Siti\u202e \u200bRah\u0007mah"))
    )

    assert "Siti Rahmah" in text


def test_long_names_and_addresses_fit_on_two_sheets(
    letter: VerificationLetter, text_of: TextOf
) -> None:
    """The longest that the office has to expect; a run of letters without a blank is broken."""
    signatory = Signatory("Prof. Dr. Drs. H. Muhammad Abdurrahman " * 3, "Kepala " * 20, "1")
    long = replace(
        letter,
        applicant_name="Raden Muhammad Nur Hidayatullah bin Haji Abdurrahman " * 3,
        address_lines=("Kompleks Perumahan Griya Permata Pelambuan Asri " * 3, "x" * 200),
        target_institution="Rumah Sakit Umum Daerah Ulin Provinsi Kalimantan Selatan " * 3,
        findings="Keluarga tinggal di rumah panggung di tepi sungai. " * 30,
        imprint=replace(letter.imprint, signatory=signatory),
    )

    pdf = render_verification_letter(long)

    assert catalog(pdf)["/Pages"]["/Count"] == 2
    assert max(map(len, re.findall("x+", text_of(pdf).replace("\u200b", "")))) < 70
