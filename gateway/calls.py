"""Every call of the gateway: who may make it, what it takes, and what it may be refused with."""

from dataclasses import dataclass

from contracts.envelope import TRACKING_NUMBER, Role
from contracts.errors import ErrorCode

STAFF = frozenset(set(Role) - {Role.RESIDENT, Role.SYSTEM})
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
"""The heads for what is escalated to them; the complaints service decides."""

RECEPTION = COUNTER | COMPLAINT_OFFICER
"""Who takes in: counter officers requests, complaint officers complaints."""

REQUEST_LETTER_READERS = COUNTER | SOCIAL_WORKER | HEADS
COMPLAINT_LETTER_READERS = COMPLAINT_HANDLERS

JSON = "application/json"
MULTIPART = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Call:
    """`anyone` without signing in; the resident `with_access_code`; staff of `roles`.

    `moves` calls create or change something and need an Idempotency-Key. `takes` is the body's
    media type, `codes` what it may be refused with beside what every call of its kind may, and
    beside what its path names not being found.
    """

    anyone: bool = False
    with_access_code: bool = False
    roles: frozenset[Role] = frozenset()
    moves: bool = False
    takes: str = JSON
    codes: tuple[ErrorCode, ...] = ()


OPEN = Call(anyone=True)


def _move(roles: frozenset[Role], *codes: ErrorCode, takes: str = JSON) -> Call:
    return Call(roles=roles, moves=True, takes=takes, codes=(ErrorCode.ILLEGAL_MOVE, *codes))


def _resident(*codes: ErrorCode, roles: frozenset[Role] = frozenset()) -> Call:
    codes = (ErrorCode.ILLEGAL_MOVE, *codes)
    return Call(with_access_code=True, roles=roles, moves=True, codes=codes)


_UPLOAD = (ErrorCode.ATTACHMENT_TYPE_REFUSED,)
_FILES = (ErrorCode.ATTACHMENT_NOT_FOUND,)
_PREPARING = (ErrorCode.NOT_THE_INSTRUCTED_SOCIAL_WORKER,)

CALLS: dict[str, Call] = {
    "standards.list_standards": OPEN,
    "standards.read_standard": Call(anyone=True, codes=(ErrorCode.STANDARD_NOT_FOUND,)),
    "regions.list_regions": OPEN,
    "attachments.store_attachment": Call(
        anyone=True, roles=STAFF, moves=True, takes=MULTIPART, codes=_UPLOAD
    ),
    "requests.submit_request": Call(
        anyone=True,
        roles=COUNTER,
        moves=True,
        codes=(ErrorCode.REGION_UNKNOWN, ErrorCode.PURPOSE_NOT_SERVED, *_FILES, *_UPLOAD),
    ),
    "complaints.submit_complaint": Call(
        anyone=True,
        roles=COMPLAINT_OFFICER,
        moves=True,
        codes=(*_FILES, ErrorCode.TOO_MANY_ATTEMPTS),
    ),
    "status.read_status": Call(with_access_code=True, roles=STAFF),
    "status.stream_status": Call(with_access_code=True, roles=STAFF),
    "residents.withdraw": _resident(ErrorCode.ALREADY_HANDED_OVER, roles=RECEPTION),
    "residents.supplement": _resident(*_FILES, roles=RECEPTION),
    "residents.clarify": _resident(roles=COUNTER),
    "residents.sign_handover": _resident(
        ErrorCode.TERMS_NOT_ACCEPTED, ErrorCode.PACKAGE_CHANGED, ErrorCode.ALREADY_SIGNED
    ),
    "residents.download_package": Call(
        with_access_code=True, codes=(ErrorCode.HANDOVER_NOT_SIGNED, ErrorCode.ILLEGAL_MOVE)
    ),
    "correspondence.read_correspondence": Call(with_access_code=True),
    "residents.rate": _resident(ErrorCode.ALREADY_ANSWERED),
    "residents.reopen": _resident(ErrorCode.REOPENING_TOO_LATE, roles=COMPLAINT_OFFICER),
    "residents.answer_survey": _resident(ErrorCode.CASE_STILL_OPEN, ErrorCode.ALREADY_ANSWERED),
    "residents.choose_notifications": _resident(ErrorCode.WAY_NOT_GIVEN),
    "documents.read_document": Call(
        with_access_code=True, roles=REQUEST_LETTER_READERS | COMPLAINT_LETTER_READERS
    ),
    "documents.verify_document": OPEN,
    "login.sign_in": Call(anyone=True, codes=(ErrorCode.LOGIN_FAILED, ErrorCode.TOO_MANY_ATTEMPTS)),
    "tasks.list_tasks": Call(roles=STAFF),
    "cases.read_case": Call(roles=STAFF),
    "cases.read_attachment": Call(roles=STAFF),
    "verifications.identify": _move(
        COUNTER, ErrorCode.REQUIREMENT_UNKNOWN, ErrorCode.CHECKLIST_INCOMPLETE
    ),
    "verifications.claim": _move(VERIFIER, ErrorCode.ALREADY_CLAIMED, ErrorCode.OTHER_DISTRICT),
    "verifications.assign": _move(SOCIAL_WORKER | DIVISION_HEAD),
    "verifications.report_visit": _move(
        VERIFIER,
        ErrorCode.NOT_THE_ASSIGNED_VERIFIER,
        ErrorCode.VISIT_REPORT_CONFLICT,
        *_FILES,
    ),
    "verifications.assess": _move(SOCIAL_WORKER),
    "verifications.decide": _move(DIVISION_HEAD),
    "verifications.deliver": _move(COUNTER | SOCIAL_WORKER, ErrorCode.LETTER_NOT_READY),
    "data_requests.disposition": _move(AGENCY_HEAD),
    "data_requests.review": _move(DIVISION_HEAD),
    "data_requests.store_table": _move(
        SOCIAL_WORKER, ErrorCode.TABLE_REFUSED, *_PREPARING, takes=MULTIPART
    ),
    "data_requests.build_package": _move(SOCIAL_WORKER, ErrorCode.TABLE_NOT_FOUND, *_PREPARING),
    "data_requests.sign_handover": _move(
        SOCIAL_WORKER | HEADS, ErrorCode.PACKAGE_CHANGED, ErrorCode.ALREADY_SIGNED, *_PREPARING
    ),
    "complaints.check": _move(COMPLAINT_HANDLERS, ErrorCode.NOT_THE_OWNER),
    "complaints.coordinate": _move(COMPLAINT_HANDLERS, ErrorCode.NOT_THE_OWNER),
    "complaints.record_answer": _move(
        COMPLAINT_HANDLERS, ErrorCode.ALREADY_ANSWERED, ErrorCode.NOT_THE_OWNER
    ),
    "complaints.respond": _move(COMPLAINT_HANDLERS, ErrorCode.NOT_THE_OWNER),
    "complaints.resolve": _move(COMPLAINT_HANDLERS, ErrorCode.NOT_THE_OWNER),
    "complaints.escalate": _move(
        COMPLAINT_HANDLERS, ErrorCode.ALREADY_ESCALATED, ErrorCode.NOT_THE_OWNER
    ),
    "complaints.reconcile_lapor": _move(
        COMPLAINT_HANDLERS, ErrorCode.NOT_ESCALATED, ErrorCode.NOT_THE_OWNER
    ),
    "complaints.export_lapor": Call(
        roles=COMPLAINT_HANDLERS, codes=(ErrorCode.NOT_ESCALATED, ErrorCode.NOT_THE_OWNER)
    ),
    "reports.report_service_levels": Call(roles=HEADS | AUDITOR | ADMINISTRATOR),
    "reports.report_satisfaction": Call(roles=HEADS | AUDITOR | ADMINISTRATOR),
    "reports.read_register": Call(roles=HEADS | AUDITOR),
    "webhooks.add_webhook": Call(roles=ADMINISTRATOR, moves=True),
    "webhooks.list_webhooks": Call(roles=ADMINISTRATOR),
    "webhooks.remove_webhook": Call(roles=ADMINISTRATOR, moves=True),
    "webhooks.list_deliveries_of_webhook": Call(roles=ADMINISTRATOR),
    "webhooks.list_deliveries": Call(roles=ADMINISTRATOR),
    "webhooks.replay_delivery": Call(roles=ADMINISTRATOR, moves=True),
    "events.list_events": Call(roles=AUDITOR),
    "ledger.read_checkpoint": OPEN,
    "ledger.read_key": OPEN,
    "ledger.prove_inclusion": Call(roles=AUDITOR),
    "ledger.prove_consistency": Call(roles=AUDITOR),
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
