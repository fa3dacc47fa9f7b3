"""Who asks a process whether it is ready learns it."""

import pytest

from chassis.health import operations_app


def ready(started):
    """The status and the text of `/health/ready`, of a process whose parts are all there."""
    statuses = []
    app = operations_app([], lambda: started)
    body = app({"PATH_INFO": "/health/ready"}, lambda status, headers: statuses.append(status))
    return statuses[0], b"".join(body).decode()


@pytest.mark.parametrize(
    ("started", "answer"),
    [(False, ("503 Service Unavailable", "started down\n")), (True, ("200 OK", ""))],
)
def test_a_process_is_not_ready_before_it_has_started(started, answer):
    """Database and broker may be there before the gateway listens."""
    assert ready(started) == answer
