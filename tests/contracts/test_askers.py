"""The table of who asks what is the code's: the broker lets nothing else through."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from contracts.askers import ASKED, GATEWAY, NOT_BY_THE_GATEWAY, OPERATOR, calls
from contracts.catalogue import MESSAGES, SERVICES
from contracts.envelope import Message

ROOT = Path(__file__).parent.parent.parent
ROOMS = {
    GATEWAY: ROOT / "gateway",
    OPERATOR: ROOT / "ops",
    **{service: ROOT / "services" / service for service in SERVICES},
}


def mentioned(folder: Path) -> Iterator[type[Message]]:
    """Every message that the code in a folder names, however it imports it."""
    for path in folder.rglob("*.py"):
        tree = ast.parse(path.read_text())
        modules: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("contracts"):
                for alias in node.names:
                    found = getattr(import_module(node.module or ""), alias.name, None)
                    if found in MESSAGES:
                        yield found
                    modules[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                name = modules.get(node.value.id, "")
                if name.count(".") == 1 and (ROOT / f"{name.replace('.', '/')}.py").is_file():
                    found = getattr(import_module(name), node.attr, None)
                    if found in MESSAGES:
                        yield found


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_asks_what_the_table_says(room: str) -> None:
    """A new command is refused by the broker until the table has it; an old one is taken away."""
    asked = {message for message in mentioned(ROOMS[room]) if message.service != room}
    named = {f"{message.service}.{message.method}" for message in asked}
    assert named == {f"{service}.{method}" for asker, service, method in calls() if asker == room}


def test_every_message_is_asked_by_somebody() -> None:
    """What nobody may send is dead."""
    by_others = {message for messages in ASKED.values() for message in messages}
    assert set(NOT_BY_THE_GATEWAY) <= by_others
