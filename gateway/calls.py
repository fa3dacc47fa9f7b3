"""Every call of the gateway: who may make it, whose case it may be, what it may be refused with."""

from dataclasses import dataclass

from contracts.envelope import TRACKING_NUMBER, Role
from contracts.errors import ErrorCode
from gateway.rights import (
    COMPLAINT,
    DATA,
    EVERY_KIND,
    REQUESTS,
    STAFF,
    VERIFICATION,
    Grant,
    Whose,
    grants_of,
)
from gateway.stages import CaseKind

RESIDENT = frozenset({Role.RESIDENT})
COUNTER = frozenset({Role.COUNTER_OFFICER})
VERIFIER = frozenset({Role.VERIFIER})
SOCIAL_WORKER = frozenset({Role.SOCIAL_WORKER})
DIVISION_HEAD = frozenset({Role.DIVISION_HEAD})
AGENCY_HEAD = frozenset({Role.AGENCY_HEAD})
AUDITOR = frozenset({Role.AUDITOR})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
COMPLAINT_OFFICER = frozenset({Role.COMPLAINT_OFFICER})

HEADS = DIVISION_HEAD | AGENCY_HEAD
COMPLAINT_HANDLERS = COMPLAINT_OFFICER | HEADS
"""The heads for what is escalated to them."""

JSON = "application/json"
MULTIPART = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Call:
    """`anyone` without signing in; of the others whoever has a grant, for the cases that it names.

    `kinds` are those of case that the call is about. `personal_data` says to whom the answer shows
    any, where that is not everybody who may call. `moves` calls create or change something and need
    an Idempotency-Key. `takes` is the body's media type, `codes` what it may be refused with beside
    what every call of its kind may, what its grants say, and what its path names not being found.
    """

    anyone: bool = False
    grants: tuple[Grant, ...] = ()
    personal_data: tuple[Grant, ...] = ()
    kinds: frozenset[CaseKind] = EVERY_KIND
    moves: bool = False
    takes: str = JSON
    codes: tuple[ErrorCode, ...] = ()

    @property
    def roles(self) -> frozenset[Role]:
        """The staff who may make it, for some case at least."""
        return frozenset[Role]().union(*(grant.roles for grant in self.grants)) & STAFF

    @property
    def with_access_code(self) -> bool:
        """Whether the resident may, for the case that the code opens."""
        return any(Role.RESIDENT in grant.roles for grant in self.grants)

    @property
    def refusals(self) -> frozenset[ErrorCode]:
        """What it is refused with to who may make it, but not for that case."""
        found = (grant.refusal for grant in self.grants)
        return frozenset(code for code in found if code is not None)

    def grants_of(self, role: Role, kind: CaseKind | None = None) -> tuple[Grant, ...]:
        """What the role may, with that kind of case if one is named."""
        return grants_of(self.grants, role, kind)


OPEN = Call(anyone=True)

_ITS_RESIDENT = Grant(RESIDENT, Whose.WITH_ITS_CODE)
_COUNTER_DESK = Grant(COUNTER, kinds=REQUESTS)
_COMPLAINT_DESK = Grant(COMPLAINT_OFFICER, kinds=COMPLAINT)
_DESKS = (_COUNTER_DESK, _COMPLAINT_DESK)
"""Who takes in: counter officers requests, complaint officers complaints."""

_REQUEST_READERS = (
    Grant(COUNTER | SOCIAL_WORKER | HEADS, kinds=REQUESTS),
    Grant(VERIFIER, Whose.OFFERED_OR_ASSIGNED, VERIFICATION),
)

PERSONAL_DATA = (*_REQUEST_READERS, Grant(COMPLAINT_HANDLERS, kinds=COMPLAINT))
"""Of a complaint the heads read the matter; who complains the service shows to whom it is passed.
"""

_FILE_READERS = (
    *_REQUEST_READERS,
    _COMPLAINT_DESK,
    Grant(HEADS, Whose.ESCALATED_EVER, COMPLAINT),
)
_LETTER_READERS = (
    Grant(COUNTER | SOCIAL_WORKER | HEADS, kinds=REQUESTS),
    _COMPLAINT_DESK,
    Grant(HEADS, Whose.ESCALATED, COMPLAINT),
)
_PREPARING = Grant(SOCIAL_WORKER, Whose.INSTRUCTED)
_COMPLAINTS_OWN_HEADS = Grant(HEADS, Whose.OWNED_OR_ESCALATED)
_HANDLING = (Grant(COMPLAINT_OFFICER, Whose.OWNED), _COMPLAINTS_OWN_HEADS)


def _staff(roles: frozenset[Role], *codes: ErrorCode, moves: bool = False) -> Call:
    return Call(grants=(Grant(roles),), moves=moves, codes=codes)


def _move(
    kinds: frozenset[CaseKind], *grants: Grant, codes: tuple[ErrorCode, ...] = (), takes: str = JSON
) -> Call:
    codes = (ErrorCode.ILLEGAL_MOVE, *codes)
    return Call(grants=grants, kinds=kinds, moves=True, takes=takes, codes=codes)


def _resident(
    *codes: ErrorCode, kinds: frozenset[CaseKind] = EVERY_KIND, desks: tuple[Grant, ...] = ()
) -> Call:
    return _move(kinds, _ITS_RESIDENT, *desks, codes=codes)


_SCANNED = (ErrorCode.FILE_INFECTED,)
_UPLOAD = (ErrorCode.ATTACHMENT_TYPE_REFUSED, ErrorCode.ATTACHMENT_NOT_PLAIN, *_SCANNED)
_FILES = (ErrorCode.ATTACHMENT_NOT_FOUND,)

CALLS: dict[str, Call] = {
    "standards.list_standards": OPEN,
    "standards.read_standard": Call(anyone=True, codes=(ErrorCode.STANDARD_NOT_FOUND,)),
    "regions.list_regions": OPEN,
    "attachments.store_attachment": Call(
        anyone=True, grants=(Grant(STAFF),), moves=True, takes=MULTIPART, codes=_UPLOAD
    ),
    "requests.submit_request": Call(
        anyone=True,
        grants=(_COUNTER_DESK,),
        kinds=REQUESTS,
        moves=True,
        codes=(ErrorCode.REGION_UNKNOWN, ErrorCode.PURPOSE_NOT_SERVED, *_FILES, *_UPLOAD),
    ),
    "complaints.submit_complaint": Call(
        anyone=True,
        grants=(_COMPLAINT_DESK,),
        kinds=COMPLAINT,
        moves=True,
        codes=(*_FILES, ErrorCode.TOO_MANY_ATTEMPTS),
    ),
    "status.read_status": Call(grants=(_ITS_RESIDENT, Grant(STAFF))),
    "status.stream_status": Call(grants=(_ITS_RESIDENT, Grant(STAFF))),
    "residents.withdraw": _resident(ErrorCode.ALREADY_HANDED_OVER, desks=_DESKS),
    "residents.supplement": _resident(*_FILES, desks=_DESKS),
    "residents.clarify": _resident(kinds=DATA, desks=(_COUNTER_DESK,)),
    "residents.sign_handover": _resident(
        ErrorCode.TERMS_NOT_ACCEPTED,
        ErrorCode.PACKAGE_CHANGED,
        ErrorCode.ALREADY_SIGNED,
        kinds=DATA,
    ),
    "residents.download_package": Call(
        grants=(_ITS_RESIDENT,),
        kinds=DATA,
        codes=(ErrorCode.HANDOVER_NOT_SIGNED, ErrorCode.ILLEGAL_MOVE),
    ),
    "correspondence.read_correspondence": Call(grants=(_ITS_RESIDENT,)),
    "residents.rate": _resident(ErrorCode.ALREADY_ANSWERED, kinds=COMPLAINT),
    "residents.reopen": _resident(
        ErrorCode.REOPENING_TOO_LATE, kinds=COMPLAINT, desks=(_COMPLAINT_DESK,)
    ),
    "residents.answer_survey": _resident(ErrorCode.CASE_STILL_OPEN, ErrorCode.ALREADY_ANSWERED),
    "residents.choose_notifications": _resident(ErrorCode.WAY_NOT_GIVEN),
    "documents.read_document": Call(grants=(_ITS_RESIDENT, *_LETTER_READERS)),
    "documents.verify_document": OPEN,
    "login.sign_in": Call(
        anyone=True,
        codes=(
            ErrorCode.LOGIN_FAILED,
            ErrorCode.TOO_MANY_ATTEMPTS,
            ErrorCode.SIGN_IN_NOT_OFFERED,
        ),
    ),
    "oidc_login.begin": Call(
        anyone=True,
        codes=(ErrorCode.SIGN_IN_NOT_OFFERED, ErrorCode.SIGN_IN_PROVIDER_UNAVAILABLE),
    ),
    "oidc_login.finish": Call(
        anyone=True,
        codes=(
            ErrorCode.SIGN_IN_FAILED,
            ErrorCode.ACCOUNT_NOT_LINKED,
            ErrorCode.TOO_MANY_ATTEMPTS,
            ErrorCode.SIGN_IN_NOT_OFFERED,
            ErrorCode.SIGN_IN_PROVIDER_UNAVAILABLE,
        ),
    ),
    "logout.sign_out": _staff(STAFF),
    "tasks.list_tasks": _staff(STAFF),
    "cases.read_case": Call(grants=(Grant(STAFF),), personal_data=PERSONAL_DATA),
    "cases.read_attachment": Call(grants=_FILE_READERS),
    "verifications.identify": _move(
        VERIFICATION,
        Grant(COUNTER),
        codes=(ErrorCode.REQUIREMENT_UNKNOWN, ErrorCode.CHECKLIST_INCOMPLETE),
    ),
    "verifications.claim": _move(
        VERIFICATION, Grant(VERIFIER, Whose.OFFERED), codes=(ErrorCode.ALREADY_CLAIMED,)
    ),
    "verifications.assign": _move(VERIFICATION, Grant(SOCIAL_WORKER | DIVISION_HEAD)),
    "verifications.report_visit": _move(
        VERIFICATION,
        Grant(VERIFIER, Whose.ASSIGNED),
        codes=(ErrorCode.VISIT_REPORT_CONFLICT, *_FILES),
    ),
    "verifications.assess": _move(VERIFICATION, Grant(SOCIAL_WORKER)),
    "verifications.decide": _move(VERIFICATION, Grant(DIVISION_HEAD)),
    "verifications.deliver": _move(
        VERIFICATION, Grant(COUNTER | SOCIAL_WORKER), codes=(ErrorCode.LETTER_NOT_READY,)
    ),
    "data_requests.disposition": _move(DATA, Grant(AGENCY_HEAD)),
    "data_requests.review": _move(DATA, Grant(DIVISION_HEAD)),
    "data_requests.store_table": _move(
        DATA, _PREPARING, codes=(ErrorCode.TABLE_REFUSED, *_SCANNED), takes=MULTIPART
    ),
    "data_requests.build_package": _move(DATA, _PREPARING, codes=(ErrorCode.TABLE_NOT_FOUND,)),
    "data_requests.sign_handover": _move(
        DATA,
        _PREPARING,
        Grant(HEADS),
        codes=(ErrorCode.PACKAGE_CHANGED, ErrorCode.ALREADY_SIGNED),
    ),
    "complaints.check": _move(
        COMPLAINT, Grant(COMPLAINT_OFFICER, Whose.OWNED_OR_FREE), _COMPLAINTS_OWN_HEADS
    ),
    "complaints.coordinate": _move(COMPLAINT, *_HANDLING),
    "complaints.record_answer": _move(COMPLAINT, *_HANDLING, codes=(ErrorCode.ALREADY_ANSWERED,)),
    "complaints.respond": _move(COMPLAINT, *_HANDLING),
    "complaints.resolve": _move(COMPLAINT, *_HANDLING),
    "complaints.escalate": _move(
        COMPLAINT,
        Grant(COMPLAINT_OFFICER, Whose.OWNED),
        Grant(DIVISION_HEAD, Whose.BELOW_LAPOR),
        Grant(AGENCY_HEAD),
        codes=(ErrorCode.ALREADY_ESCALATED,),
    ),
    "complaints.reconcile_lapor": _move(
        COMPLAINT,
        Grant(COMPLAINT_OFFICER, Whose.OWNED),
        Grant(HEADS),
        codes=(ErrorCode.NOT_ESCALATED,),
    ),
    "complaints.export_lapor": Call(
        grants=(Grant(COMPLAINT_OFFICER), Grant(HEADS, Whose.ESCALATED_EVER)),
        kinds=COMPLAINT,
        codes=(ErrorCode.NOT_ESCALATED,),
    ),
    "reports.report_service_levels": _staff(HEADS | AUDITOR | ADMINISTRATOR),
    "reports.report_satisfaction": _staff(HEADS | AUDITOR | ADMINISTRATOR),
    "reports.read_register": _staff(HEADS | AUDITOR),
    "webhooks.add_webhook": _staff(ADMINISTRATOR, moves=True),
    "webhooks.list_webhooks": _staff(ADMINISTRATOR),
    "webhooks.remove_webhook": _staff(ADMINISTRATOR, moves=True),
    "webhooks.list_deliveries_of_webhook": _staff(ADMINISTRATOR),
    "webhooks.list_deliveries": _staff(ADMINISTRATOR),
    "webhooks.replay_delivery": _staff(ADMINISTRATOR, moves=True),
    "events.list_events": _staff(AUDITOR),
    "ledger.read_checkpoint": OPEN,
    "ledger.read_key": OPEN,
    "ledger.prove_inclusion": _staff(AUDITOR),
    "ledger.prove_consistency": _staff(AUDITOR),
    "health.live": OPEN,
    "health.ready": OPEN,
    "health.metrics": OPEN,
    "docs.openapi_json": OPEN,
    "docs.page": OPEN,
    "docs.asset": OPEN,
    "docs.explain_problem": OPEN,
}
"""Every call by its endpoint. One that is missing here cannot be made."""

_ID = r"^[A-Za-z0-9-]{1,64}$"

NAMES: dict[str, tuple[str, ErrorCode]] = {
    "tracking_number": (TRACKING_NUMBER, ErrorCode.CASE_NOT_FOUND),
    "code": (_ID, ErrorCode.DOCUMENT_NOT_FOUND),
    "attachment": (_ID, ErrorCode.ATTACHMENT_NOT_FOUND),
    "coordination": (r"^[1-9][0-9]{0,5}$", ErrorCode.COORDINATION_NOT_FOUND),
    "webhook": (_ID, ErrorCode.WEBHOOK_NOT_FOUND),
    "notification": (_ID, ErrorCode.DELIVERY_NOT_FOUND),
}
"""What can stand in a path, and the answer to anything else: that there is no such thing."""
