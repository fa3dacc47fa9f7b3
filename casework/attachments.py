"""Files that residents and staff upload: typed by their content, sealed, taken by one case.

A file is sealed under a data key of its own. While no case has taken it the key lies in
`wrapped_key`; then it moves, sealed under the person's (or the case's) key, to `sealed_key`, so
that erasing the person erases the file.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Text, delete, select
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column, undefer

from casework.file_types import media_type_of
from casework.plain_files import is_plain
from chassis.database import UtcDateTime
from chassis.native import aside
from chassis.vault import Vault
from contracts.envelope import Actor, AttachmentContent, AttachmentRef, Role
from contracts.errors import ErrorCode, InvalidFields, Refusal

MAX_ATTACHMENT_BYTES = 5 * 1024 * 1024

UPLOAD_KEPT_FOR = timedelta(hours=24)
"""How long a resident's upload waits for the case that it belongs to."""

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UPLOADS = ("tracking_number", "uploaded_at")


class AttachmentColumns:
    """An uploaded file; `class Attachment(AttachmentColumns, Base)` gives a service its table."""

    __tablename__ = "attachments"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    tracking_number: Mapped[str | None] = mapped_column(String(40))
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(Integer)
    by_staff: Mapped[bool] = mapped_column(Boolean)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    wrapped_key: Mapped[str | None] = mapped_column(Text)
    sealed_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        return (Index("ix_attachments_uploads", *_UPLOADS),)


def create_attachments_table(op: Any) -> None:
    """For a service's first migration: `op` is alembic's."""
    op.create_table(
        "attachments",
        Column("id", String(36), primary_key=True),
        Column("tracking_number", String(40), nullable=True),
        Column("sha256", String(64), nullable=False),
        Column("media_type", String(40), nullable=False),
        Column("size", Integer, nullable=False),
        Column("by_staff", Boolean, nullable=False),
        Column("uploaded_at", UtcDateTime, nullable=False),
        Column("wrapped_key", Text, nullable=True),
        Column("sealed_key", LargeBinary, nullable=True),
        Column("content", LargeBinary, nullable=False),
        Index("ix_attachments_uploads", *_UPLOADS),
    )


class AttachmentNotFound(Refusal):
    """An attachment is not there, or belongs to a case already. Names its place, not its id."""

    code = ErrorCode.ATTACHMENT_NOT_FOUND


class Attachments:
    """A service's attachments within one unit of work; `model` is its table of them."""

    def __init__(self, session: Session, vault: Vault, model: type[AttachmentColumns]) -> None:
        self._session = session
        self._vault = vault
        self._model = model

    def keep(self, content_base64: str, now: datetime, *, staff: bool) -> AttachmentRef:
        """Store an uploaded file until a case takes it; `staff`: somebody of the office sent it.

        Raises a refusal: payload_too_large, attachment_type_refused, attachment_not_plain;
        InvalidFields for what is no base64.
        """
        content = _decoded(content_base64)
        media_type = aside(_checked_type_of, content)
        attachment_id, key = str(uuid4()), self._vault.new_key()
        upload = self._model()
        upload.id = attachment_id
        upload.sha256 = hashlib.sha256(content).hexdigest()
        upload.media_type = media_type
        upload.size = len(content)
        upload.by_staff = staff
        upload.uploaded_at = now
        upload.wrapped_key = key
        upload.content = self._vault.seal(key, content, _content_context(attachment_id))
        self._session.add(upload)
        return _ref(upload)

    def take(self, ids: Sequence[str], case: str, key: str, *, first: str | None = None) -> None:
        """Make the uploads part of the case; `key` is the wrapped data key that they go under.

        `first` names the field that the first id stands in, if that is one of its own. Raises
        AttachmentNotFound for an id that is not there, that a case has taken, or that comes twice.
        """
        uploads = self._locked(ids)
        for place, attachment_id in enumerate(ids):
            upload = uploads.get(attachment_id)
            if upload is None or upload.wrapped_key is None:
                raise AttachmentNotFound(**_place(place, first))
            context = _key_context(attachment_id)
            upload.sealed_key = self._vault.seal(key, upload.wrapped_key, context)
            upload.wrapped_key = None
            upload.tracking_number = case

    def refs(self, case: str) -> tuple[AttachmentRef, ...]:
        """The case's attachments, oldest first."""
        model = self._model
        found = select(model).where(model.tracking_number == case)
        rows = self._session.scalars(found.order_by(model.uploaded_at, model.id))
        return tuple(_ref(row) for row in rows)

    def read(self, case: str, attachment_id: str, key: str, actor: Actor) -> AttachmentContent:
        """A file of the case, opened with the key that it was taken under.

        What staff uploaded and no case took, as the photo of a visit, staff may read with any case.
        Raises AttachmentNotFound for every other.
        """
        found = self._find(attachment_id)
        if found is None or not _may_read(found, case, actor):
            raise AttachmentNotFound(field="attachment")
        own_key = found.wrapped_key
        if own_key is None:
            context = _key_context(attachment_id)
            own_key = self._vault.open(key, found.sealed_key or b"", context).decode()
        content = self._vault.open(own_key, found.content, _content_context(attachment_id))
        return AttachmentContent(
            media_type=found.media_type, content=base64.b64encode(content).decode()
        )

    def erase(self, case: str) -> None:
        """Delete every file of the case."""
        model = self._model
        self._session.execute(delete(model).where(model.tracking_number == case))

    def erase_uploads(self, ids: Sequence[str]) -> None:
        """Delete these uploads of staff that no case has taken, as the photos of a visit."""
        model = self._model
        mine = model.id.in_([*ids]), model.tracking_number.is_(None), model.by_staff.is_(True)
        self._session.execute(delete(model).where(*mine))

    def delete_forgotten(self, now: datetime) -> None:
        """Delete what residents uploaded too long ago and no case has taken."""
        model = self._model
        self._session.execute(
            delete(model)
            .where(model.tracking_number.is_(None))
            .where(model.by_staff.is_(False))
            .where(model.uploaded_at < now - UPLOAD_KEPT_FOR)
        )

    def _find(self, attachment_id: str) -> AttachmentColumns | None:
        if not is_attachment_id(attachment_id):
            return None
        whole = [undefer(self._model.content)]
        return self._session.get(self._model, attachment_id, options=whole)

    def _locked(self, ids: Sequence[str]) -> dict[str, AttachmentColumns]:
        """Those of the attachments that are there, by id, locked in one order."""
        wanted = [*filter(is_attachment_id, ids)]
        if not wanted:
            return {}
        model = self._model
        found = select(model).where(model.id.in_(wanted)).order_by(model.id).with_for_update()
        return {each.id: each for each in self._session.scalars(found)}


def is_attachment_id(text: str) -> bool:
    """Whether an attachment could have this id: a UUID in lower case."""
    return _ID.fullmatch(text) is not None


def _decoded(text: str) -> bytes:
    # The text is a third longer than the file; what is far too long is not even decoded.
    if len(text) * 3 // 4 - 2 > MAX_ATTACHMENT_BYTES:
        raise Refusal(ErrorCode.PAYLOAD_TOO_LARGE, limit_bytes=MAX_ATTACHMENT_BYTES)
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError:
        raise InvalidFields(("content", "wrong_format")) from None
    if len(content) > MAX_ATTACHMENT_BYTES:
        raise Refusal(ErrorCode.PAYLOAD_TOO_LARGE, limit_bytes=MAX_ATTACHMENT_BYTES)
    return content


def _checked_type_of(content: bytes) -> str:
    media_type = media_type_of(content)
    if media_type is None:
        raise Refusal(ErrorCode.ATTACHMENT_TYPE_REFUSED)
    if not is_plain(content):
        raise Refusal(ErrorCode.ATTACHMENT_NOT_PLAIN)
    return media_type


def _may_read(attachment: AttachmentColumns, case: str, actor: Actor) -> bool:
    if attachment.tracking_number is None:
        return attachment.by_staff and actor.role is not Role.RESIDENT
    return attachment.tracking_number == case


def _place(place: int, first: str | None) -> dict[str, Any]:
    if first is None:
        return {"field": "attachments", "index": place}
    return {"field": "attachments", "index": place - 1} if place else {"field": first}


def _ref(attachment: AttachmentColumns) -> AttachmentRef:
    return AttachmentRef(
        id=attachment.id,
        sha256=attachment.sha256,
        media_type=attachment.media_type,
        size=attachment.size,
    )


def _key_context(attachment_id: str) -> str:
    return f"attachment:{attachment_id}:key"


def _content_context(attachment_id: str) -> str:
    return f"attachment:{attachment_id}:content"
