"""What a process counts. Labels hold names of the system only, never a case or a person."""

from prometheus_client import Counter, Gauge, Histogram

HANDLED = Counter("sigap_messages_handled_total", "Messages", ["service", "message", "outcome"])
SECONDS = Histogram(
    "sigap_message_seconds", "Time from delivery to commit, in seconds", ["service", "message"]
)
PUBLISHED = Counter("sigap_events_published_total", "Outbox rows confirmed", ["service"])
DEAD = Counter("sigap_dead_letters_total", "Messages dead-lettered", ["service", "reason"])
OUTBOX_ROWS = Gauge("sigap_outbox_rows", "Events that wait in the outbox", ["service"])
OUTBOX_OLDEST = Gauge("sigap_outbox_oldest_seconds", "Age of the oldest of them", ["service"])
CONNECTED = Gauge("sigap_broker_connected", "1 while the consumer is connected", ["service"])
REQUESTS = Counter("sigap_http_requests_total", "HTTP requests", ["route", "method", "status"])
REFUSALS = Counter("sigap_refusals_total", "Calls refused for lack of a right", ["code", "route"])
FILES_SCANNED = Counter("sigap_files_scanned_total", "Uploaded files", ["outcome"])
REQUEST_SECONDS = Histogram("sigap_http_request_seconds", "HTTP time in seconds", ["route"])
