"""Every event with its subscribers, every command and query: what is said to whom."""

from collections.abc import Iterator

from contracts import (
    audit,
    complaints,
    data_request,
    documents,
    intake,
    notifications,
    operations,
    verification,
)
from contracts.envelope import CloudEvent, EventData, Message

SERVICES = (
    "intake",
    "verification",
    "data_request",
    "complaints",
    "documents",
    "notifications",
    "audit",
)
"""Services that publish or answer; the gateway publishes nothing."""

OBSERVERS = ("gateway", "audit", "notifications")
"""Who takes every event of every service through one queue."""

IN_ORDER = ("audit",)
"""Observers of whom one process at a time takes the events, one after the other as they come."""

SUBSCRIBERS: dict[type[EventData], tuple[str, ...]] = {
    intake.RequestReceived: ("verification", "documents"),
    intake.RequestReturned: (),
    intake.RequestSupplemented: (),
    intake.RequestCompleted: ("verification", "data_request"),
    intake.RequestWithdrawn: ("verification", "data_request"),
    intake.PersonalDataRead: (),
    intake.PersonalDataErased: ("verification", "data_request", "complaints", "documents"),
    intake.DeadlineApproaching: (),
    intake.DeadlineMissed: (),
    intake.DeadlineChanged: (),
    verification.VerificationAnnounced: (),
    verification.VerificationReoffered: (),
    verification.VerifierAssigned: (),
    verification.VisitReported: (),
    verification.EligibilityAssessed: (),
    verification.VerificationDone: ("documents",),
    verification.VerificationWithdrawn: ("intake",),
    verification.ResultDelivered: (),
    verification.PersonalDataRead: (),
    verification.PersonalDataErased: ("intake",),
    verification.DeadlineApproaching: (),
    verification.DeadlineMissed: (),
    verification.DeadlineChanged: (),
    data_request.DataRequestDispositioned: (),
    data_request.DataRequestApproved: (),
    data_request.DataRequestRejected: ("documents",),
    data_request.ClarificationRequested: (),
    data_request.ClarificationReceived: (),
    data_request.DataPrepared: ("documents",),
    data_request.HandoverSigned: (),
    data_request.DataHandedOver: ("documents",),
    data_request.DataDownloaded: (),
    data_request.DataRequestWithdrawn: ("intake", "documents"),
    data_request.PersonalDataRead: (),
    data_request.PersonalDataErased: (),
    data_request.DeadlineApproaching: (),
    data_request.DeadlineMissed: (),
    data_request.DeadlineChanged: (),
    complaints.ComplaintReceived: ("documents",),
    complaints.ComplaintChecked: (),
    complaints.ComplaintSupplemented: (),
    complaints.ComplaintCoordinated: (),
    complaints.ComplaintResponded: ("documents",),
    complaints.ComplaintEscalated: (),
    complaints.LaporReconciled: (),
    complaints.ComplaintResolved: (),
    complaints.ComplaintReopened: (),
    complaints.ComplaintRated: (),
    complaints.ComplaintWithdrawn: (),
    complaints.SurveyAnswered: (),
    complaints.PersonalDataRead: (),
    complaints.PersonalDataErased: ("documents",),
    complaints.DeadlineApproaching: (),
    complaints.DeadlineMissed: (),
    complaints.DeadlineChanged: (),
    documents.DocumentIssued: ("verification",),
    documents.DocumentRevoked: (),
    documents.PersonalDataRead: (),
    documents.PersonalDataErased: (),
    notifications.NotificationSent: (),
    notifications.NotificationFailed: (),
    operations.DeadLetterReplayed: (),
    operations.DeadLetterDiscarded: (),
}

MESSAGES: tuple[type[Message], ...] = (
    intake.SubmitRequest,
    intake.SubmitDataRequest,
    intake.IdentifyRequest,
    intake.SupplementRequest,
    intake.WithdrawRequest,
    intake.StoreAttachment,
    intake.ReadAttachment,
    intake.ReadRequest,
    intake.ReadApplication,
    intake.ReadContacts,
    intake.ReadSubject,
    intake.EraseSubject,
    verification.ClaimVerification,
    verification.AssignVerifier,
    verification.ReportVisit,
    verification.AssessEligibility,
    verification.DecideVerification,
    verification.DeliverResult,
    verification.WithdrawVerification,
    verification.ReadVerification,
    verification.ReadSubject,
    data_request.DispositionDataRequest,
    data_request.ReviewDataRequest,
    data_request.AnswerClarification,
    data_request.StoreTable,
    data_request.BuildPackage,
    data_request.SignHandover,
    data_request.WithdrawDataRequest,
    data_request.DownloadPackage,
    data_request.ReadDataRequest,
    data_request.ReadRegister,
    data_request.ReadSubject,
    complaints.StoreEvidence,
    complaints.SubmitComplaint,
    complaints.CheckComplaint,
    complaints.SupplementComplaint,
    complaints.CoordinateComplaint,
    complaints.RecordAnswer,
    complaints.RespondComplaint,
    complaints.ResolveComplaint,
    complaints.EscalateComplaint,
    complaints.ReconcileLapor,
    complaints.RateComplaint,
    complaints.ReopenComplaint,
    complaints.WithdrawComplaint,
    complaints.AnswerSurvey,
    complaints.ReadComplaint,
    complaints.ReadEvidence,
    complaints.ReadContacts,
    complaints.ExportLapor,
    complaints.ReadSubject,
    complaints.EraseSubject,
    notifications.ChooseWays,
    notifications.AddWebhook,
    notifications.RemoveWebhook,
    notifications.ListWebhooks,
    notifications.ListDeliveries,
    notifications.ReplayDelivery,
    notifications.ReadSubject,
    operations.RecordReplay,
    operations.RecordDiscard,
    documents.ReadDocument,
    documents.VerifyDocument,
    documents.ReadSubject,
    audit.ReadLedger,
    audit.ReadCheckpoint,
    audit.ReadLeafHashes,
    audit.ProveInclusion,
    audit.ProveConsistency,
    audit.ReadReadings,
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
