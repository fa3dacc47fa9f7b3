"""Every event with its subscribers, every command and query: what is said to whom."""

from collections.abc import Iterator

from contracts import audit, documents, intake, verification
from contracts.envelope import CloudEvent, EventData, Message

SERVICES = ("intake", "verification", "documents", "audit")
"""Services that publish or answer; the gateway publishes nothing."""

OBSERVERS = ("gateway", "audit")
"""Who takes every event of every service through one queue."""

SUBSCRIBERS: dict[type[EventData], tuple[str, ...]] = {
    intake.RequestReceived: ("verification", "documents"),
    intake.RequestReturned: (),
    intake.RequestSupplemented: (),
    intake.RequestCompleted: ("verification",),
    intake.RequestWithdrawn: ("verification",),
    intake.PersonalDataRead: (),
    verification.VerificationAnnounced: (),
    verification.VerificationReoffered: (),
    verification.VerifierAssigned: (),
    verification.VisitReported: (),
    verification.EligibilityAssessed: (),
    verification.VerificationDone: ("documents",),
    verification.VerificationWithdrawn: ("intake",),
    verification.ResultDelivered: (),
    verification.PersonalDataRead: (),
    documents.DocumentIssued: ("verification",),
    documents.DocumentRevoked: (),
}

MESSAGES: tuple[type[Message], ...] = (
    intake.SubmitRequest,
    intake.IdentifyRequest,
    intake.SupplementRequest,
    intake.WithdrawRequest,
    intake.StoreAttachment,
    intake.ReadAttachment,
    intake.ReadRequest,
    verification.ClaimVerification,
    verification.AssignVerifier,
    verification.ReportVisit,
    verification.AssessEligibility,
    verification.DecideVerification,
    verification.DeliverResult,
    verification.WithdrawVerification,
    verification.ReadVerification,
    documents.ReadDocument,
    documents.VerifyDocument,
    audit.ReadLedger,
)


def event_model(event: CloudEvent) -> type[EventData] | None:
    """The model of an event's data, None for one that this version does not know."""
    return _MODELS.get((event.source, event.type))


def subscriptions() -> Iterator[tuple[str, str, str]]:
    """(publishing service, event, subscribing service) of every point-to-point subscription."""
    for model, services in SUBSCRIBERS.items():
        for service in services:
            yield model.source, model.event, service


_MODELS = {(f"/services/{m.source}", m.cloud_event_type()): m for m in SUBSCRIBERS}
