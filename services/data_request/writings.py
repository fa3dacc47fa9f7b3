"""What was written in a case: kept sealed under its key, opened for who may read it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from casework.case_seal import CaseSeal
from chassis.seal import SealBroken
from chassis.vault import Vault
from contracts.data_request import (
    ClarificationDetail,
    DataRequestDetail,
    PackageDetail,
    ReviewDataRequest,
    ReviewDetail,
    SignatureDetail,
    SignHandover,
)
from contracts.intake import Purpose
from services.data_request.models import (
    Clarification,
    DataRequestCase,
    Package,
    Review,
    Signature,
    clarifications_of,
    downloads_of,
    package_of,
    packages_of,
    reviews_of,
    signatures_of,
)
from services.data_request.tables import Tables, seal_of

WRITTEN = ("disposition_note", "reviews", "clarifications", "tables", "package", "signatures")
"""The fields of DataRequestDetail in which somebody's words may stand."""


@dataclass(frozen=True, slots=True)
class Writings:
    """The writings of one case."""

    session: Session
    vault: Vault
    row: DataRequestCase

    def keep_note(self, note: str | None) -> None:
        """Store the agency head's note, if there is one."""
        if note and note.strip():
            self.row.sealed_note = self._pieces.seal(note, "note", 1)

    def keep_review(self, review: ReviewDataRequest, by: str, at: datetime) -> None:
        """Store the review as the case's newest; one that asks back opens a clarification."""
        case = self.row.tracking_number
        number = len(reviews_of(self.session, case)) + 1
        kept = Review(
            tracking_number=case,
            number=number,
            reviewed_by=by,
            reviewed_at=at,
            sealed=self._pieces.seal(review, "review", number),
        )
        self.session.add(kept)
        if review.decision == "clarify":
            number = len(clarifications_of(self.session, case)) + 1
            sealed = self._pieces.seal(review.words or "", "question", number)
            question = Clarification(
                tracking_number=case, number=number, asked_at=at, sealed_question=sealed
            )
            self.session.add(question)

    def keep_answer(self, answer: str, at: datetime) -> None:
        """Store the requester's answer to the newest question."""
        asked = clarifications_of(self.session, self.row.tracking_number)[-1]
        asked.answered_at = at
        asked.sealed_answer = self._pieces.seal(answer, "answer", asked.number)

    def keep_package(self, description: PackageDetail, archive: bytes) -> None:
        """Store the case's present edition."""
        package = Package(
            tracking_number=self.row.tracking_number,
            edition=description.edition,
            sha256=description.sha256,
            sealed=self._pieces.seal(description, "package", description.edition),
            sealed_archive=self._pieces.seal(archive, "archive", description.edition),
        )
        self.session.add(package)

    def keep_signature(self, signature: SignHandover, by: str, at: datetime) -> None:
        """Store one side's signature for the present edition."""
        kept = Signature(
            tracking_number=self.row.tracking_number,
            edition=signature.edition,
            side=signature.side.value,
            signed_by=by,
            signed_at=at,
            sealed=self._pieces.seal(signature, f"signature:{signature.side}", signature.edition),
        )
        self.session.add(kept)

    def archive(self, package: Package) -> bytes:
        """The package's archive, to the byte as it was made; raises SealBroken."""
        content = self._pieces.open(package.sealed_archive, "archive", package.edition)
        if hashlib.sha256(content).hexdigest() != package.sha256:
            raise SealBroken(self._pieces.place("archive", package.edition))
        return content

    def package(self) -> PackageDetail | None:
        """The description of the present edition, None before the first."""
        if self.row.edition == 0:
            return None
        kept = package_of(self.session, self.row)
        return self._pieces.open_model(PackageDetail, kept.sealed, "package", kept.edition)

    def packages(self) -> tuple[PackageDetail, ...]:
        """The descriptions of every edition, oldest first."""
        return tuple(
            self._pieces.open_model(PackageDetail, kept.sealed, "package", kept.edition)
            for kept in packages_of(self.session, self.row.tracking_number)
        )

    def signatures(self) -> tuple[SignatureDetail, ...]:
        """Who signed for the present edition, oldest first."""
        return tuple(self._signature(each) for each in signatures_of(self.session, self.row))

    def opened(self) -> DataRequestDetail:
        """The whole case with everything that was written, oldest first."""
        row, case = self.row, self.row.case
        number = row.tracking_number
        return DataRequestDetail(
            tracking_number=number,
            state=case.state.value,
            purpose=Purpose(row.purpose),
            standard=row.standard,
            standard_version=row.standard_version,
            disposition_note=self._pieces.open_text(row.sealed_note, "note", 1),
            social_worker=case.social_worker,
            complexity=case.complexity,
            working_days=case.working_days,
            reviews=tuple(self._review(each) for each in reviews_of(self.session, number)),
            clarifications=tuple(
                self._clarification(each) for each in clarifications_of(self.session, number)
            ),
            tables=Tables(self.session, self.vault, row).checked(),
            package=self.package(),
            signatures=self.signatures(),
            downloads=len(downloads_of(self.session, number)),
        )

    def _review(self, kept: Review) -> ReviewDetail:
        review = self._pieces.open_model(ReviewDataRequest, kept.sealed, "review", kept.number)
        return ReviewDetail(
            decision=review.decision,
            complexity=review.complexity,
            ground=review.ground,
            words=review.words,
            reviewed_by=kept.reviewed_by,
            reviewed_at=kept.reviewed_at,
        )

    def _clarification(self, kept: Clarification) -> ClarificationDetail:
        return ClarificationDetail(
            question=self._pieces.open_text(kept.sealed_question, "question", kept.number) or "",
            asked_at=kept.asked_at,
            answer=self._pieces.open_text(kept.sealed_answer, "answer", kept.number),
            answered_at=kept.answered_at,
        )

    def _signature(self, kept: Signature) -> SignatureDetail:
        signature = self._pieces.open_model(
            SignHandover, kept.sealed, f"signature:{kept.side}", kept.edition
        )
        return SignatureDetail(
            side=signature.side,
            name=signature.name,
            position=signature.position,
            institution=signature.institution,
            signed_by=kept.signed_by,
            signed_at=kept.signed_at,
        )

    @property
    def _pieces(self) -> CaseSeal:
        return seal_of(self.vault, self.row)


def fields_read(detail: DataRequestDetail) -> tuple[str, ...]:
    """The fields of the detail in which something was written."""
    return tuple(field for field in WRITTEN if getattr(detail, field))
