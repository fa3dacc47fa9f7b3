"""Numbers of letters, and dates and numbers in Indonesian."""

from datetime import date

import pytest

from contracts.documents import DocumentKind
from services.documents.domain import letter_number
from services.documents.indonesian import date_text, day_in_words, number_in_words


@pytest.mark.parametrize(
    ("kind", "sequence", "day", "number"),
    [
        (
            DocumentKind.VERIFICATION_LETTER,
            7,
            date(2026, 11, 21),
            "400.9/0007/SKHV/Dinsos-Bjm/XI/2026",
        ),
        (DocumentKind.RECEIPT, 12345, date(2027, 4, 1), "400.9/12345/TT/Dinsos-Bjm/IV/2027"),
    ],
)
def test_a_number_is_written_the_governments_way(
    kind: DocumentKind, sequence: int, day: date, number: str
) -> None:
    """Classification, sequence, kind, office, Roman month, year."""
    assert letter_number(kind, sequence, day) == number


def test_every_kind_of_document_has_its_abbreviation() -> None:
    """A kind added later cannot share another's numbers."""
    numbers = {letter_number(kind, 1, date(2026, 1, 2)) for kind in DocumentKind}

    assert len(numbers) == len(DocumentKind)


def test_the_office_may_number_otherwise() -> None:
    """Classification and office code are the office's to set."""
    number = letter_number(
        DocumentKind.RECEIPT, 1, date(2026, 1, 2), classification="460", office="Dinsos"
    )

    assert number == "460/0001/TT/Dinsos/I/2026"


def test_numbers_count_from_one() -> None:
    """There is no letter number zero."""
    with pytest.raises(ValueError, match="counts from 1"):
        letter_number(DocumentKind.RECEIPT, 0, date(2026, 1, 2))


def test_dates_are_written_in_indonesian() -> None:
    """With and without the day of the week; single digits without a zero."""
    assert date_text(date(2026, 11, 21)) == "21 November 2026"
    assert date_text(date(2026, 8, 2), weekday=True) == "Minggu, 2 Agustus 2026"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (1, "satu"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (19, "sembilan belas"),
        (20, "dua puluh"),
        (31, "tiga puluh satu"),
        (100, "seratus"),
        (111, "seratus sebelas"),
        (250, "dua ratus lima puluh"),
        (1000, "seribu"),
        (1999, "seribu sembilan ratus sembilan puluh sembilan"),
        (2026, "dua ribu dua puluh enam"),
    ],
)
def test_numbers_are_written_in_words(number: int, words: str) -> None:
    """With the short forms for ten, eleven, hundred and thousand."""
    assert number_in_words(number) == words


@pytest.mark.parametrize("number", [-1, 10_000])
def test_only_numbers_of_a_date_are_written_in_words(number: int) -> None:
    """Nothing is written for what no date holds."""
    with pytest.raises(ValueError, match="from 0 to 9999"):
        number_in_words(number)


def test_minutes_begin_with_the_day_in_words() -> None:
    """As a Berita Acara does."""
    assert day_in_words(date(2026, 11, 23)) == (
        "Senin tanggal dua puluh tiga bulan November tahun dua ribu dua puluh enam"
    )
