"""What the virus scanner says of a file decides whether it goes on to a service."""

import base64
import binascii

import structlog

from chassis.metrics import FILES_SCANNED
from contracts.errors import ErrorCode
from gateway.clamd import Clamd, ScannerAway, TooLargeToScan
from gateway.field_errors import field_error
from gateway.problems import ApiProblem

log = structlog.get_logger()


class Scanning:
    """Has files scanned, where a scanner is configured; no file passes one that does not answer."""

    def __init__(self, clamd: Clamd | None) -> None:
        self._clamd = clamd
        if clamd is None:
            log.warning("uploads_not_scanned", setting="SIGAP_CLAMD")
        else:
            log.info("uploads_scanned", by="clamd")

    def admit(self, content_base64: str, field: str) -> None:
        """Returns when the file may go on; `field` is where it stands in the call.

        Raises ApiProblem file_infected, payload_too_large, unavailable; validation_failed for
        what is no base64.
        """
        if self._clamd is None:
            return
        try:  # as the services decode it: what was scanned is what is stored
            content = base64.b64decode(content_base64, validate=True)
        except (binascii.Error, ValueError):
            errors = [field_error(field, "wrong_format")]
            raise ApiProblem(ErrorCode.VALIDATION_FAILED, errors) from None
        try:
            signature = self._clamd.signature_in(content)
        except TooLargeToScan:
            _note("too_large", size=len(content))
            raise ApiProblem(ErrorCode.PAYLOAD_TOO_LARGE) from None
        except ScannerAway as error:
            _note("scanner_away", error=str(error))
            raise ApiProblem(ErrorCode.UNAVAILABLE) from None
        if signature is not None:
            _note("infected", signature=signature, size=len(content))
            code = ErrorCode.FILE_INFECTED
            raise ApiProblem(code, [field_error(field, code)])
        FILES_SCANNED.labels("clean").inc()


def _note(outcome: str, **more: object) -> None:
    FILES_SCANNED.labels(outcome).inc()
    log.warning("file_refused_by_scan", outcome=outcome, **more)
