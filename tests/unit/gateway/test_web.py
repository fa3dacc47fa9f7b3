"""The gateway's application is built when what it needs is there."""

from types import SimpleNamespace

import pytest

from gateway.web import HttpApi


def api(*outcomes):
    """An entrypoint whose method ends like this, one time after the other."""
    left = list(outcomes)

    def spawn_worker(entrypoint, args, kwargs, handle_result):
        ended = left.pop(0)
        failed = isinstance(ended, Exception)
        handle_result(
            None, None if failed else ended, (type(ended), ended, None) if failed else None
        )

    served = []
    started = HttpApi()
    started.container = SimpleNamespace(spawn_worker=spawn_worker)
    started.server = SimpleNamespace(serve=served.append)
    return started, served


def test_a_server_that_is_away_at_the_start_is_waited_for():
    """It was there when the process looked, and is gone a moment later."""
    started, served = api(OSError("away"), OSError("still away"), "the application")
    started.start()
    assert served == ["the application"]


def test_an_application_that_cannot_be_built_ends_the_process():
    """Waiting would not mend it."""
    started, served = api(KeyError("a defect"))
    with pytest.raises(KeyError):
        started.start()
    assert served == []
