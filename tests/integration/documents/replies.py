"""What the owners of the data answer to each reading."""

from contracts.complaints import ReadComplaint
from contracts.data_request import ReadDataRequest
from contracts.intake import ReadApplication, ReadRequest
from contracts.verification import ReadVerification
from tests.integration.documents.complaint_details import complaint_of
from tests.integration.documents.data_details import application_of, data_request_of
from tests.integration.documents.details import request_of, verification_of

REPLIES = {
    ReadRequest: request_of,
    ReadVerification: verification_of,
    ReadApplication: application_of,
    ReadDataRequest: data_request_of,
    ReadComplaint: complaint_of,
}
