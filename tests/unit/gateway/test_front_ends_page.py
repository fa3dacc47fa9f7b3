"""What the page for front ends tells them to do works."""

import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.notifications.webhooks import new_secret, signed

PAGE = Path(__file__).parents[3] / "docs" / "front-ends.md"
BODY = b'{"type":"message"}'


@pytest.fixture(scope="module")
def is_from_the_office() -> Any:
    """The page's own check of a webhook's signature."""
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.S)
    (block,) = [block for block in blocks if "def is_from_the_office" in block]
    names: dict[str, Any] = {}
    exec(block, names)  # noqa: S102 - it is ours
    return names["is_from_the_office"]


def test_the_pages_check_takes_what_the_office_signed(is_from_the_office: Any) -> None:
    """As it comes, also beside the signature of another secret."""
    secret = new_secret()
    headers = signed(secret, "n-1", BODY, datetime.now(UTC))
    assert is_from_the_office(secret, headers, BODY)
    both = headers | {"webhook-signature": f"v1,b3RoZXI= {headers['webhook-signature']}"}
    assert is_from_the_office(secret, both, BODY)


def test_the_pages_check_takes_nothing_else(is_from_the_office: Any) -> None:
    """Another body, another secret, another id, or an old message sent again."""
    secret = new_secret()
    headers = signed(secret, "n-1", BODY, datetime.now(UTC))
    assert not is_from_the_office(secret, headers, BODY + b" ")
    assert not is_from_the_office(new_secret(), headers, BODY)
    assert not is_from_the_office(secret, headers | {"webhook-id": "n-2"}, BODY)
    old = signed(secret, "n-1", BODY, datetime.fromtimestamp(time.time() - 3600, UTC))
    assert not is_from_the_office(secret, old, BODY)
