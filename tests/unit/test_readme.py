"""The README's tables of settings and secrets say what the code reads."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chassis.settings import PREFIX, Configured, Settings
from ops.registry import CLASSES, service_class
from ops.secret_files import SECRETS

ROOT = Path(__file__).parents[2]
EVERY_PROCESS = "every process"


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading of the README, without its two head lines."""
    below = (ROOT / "README.md").read_text("utf-8").partition(f"{heading}\n")[2]
    table = re.search(r"(?:^\|.*\|\n)+", below, re.MULTILINE)
    assert table, f"the README has no table below {heading!r}"
    lines = table[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def settings_models() -> Iterator[tuple[str, type[Settings]]]:
    """(service, settings class) of each service that has settings beside every process's."""
    for service in CLASSES:
        for dependency in vars(service_class(service)).values():
            if isinstance(dependency, Configured) and dependency.model is not Settings:
                yield service, dependency.model


def in_the_table(default: Any) -> str:
    """A default as the README writes it."""
    if default is None or default == "":
        return "–"
    if isinstance(default, bool | float):
        return f"`{default:g}`"
    return f"`{default}`"


def settings_in_the_code() -> list[list[str]]:
    """[variable, read by, default] of every setting."""
    readers: dict[str, list[str]] = {name: [EVERY_PROCESS] for name in Settings.model_fields}
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    for service, model in settings_models():
        for name in model.model_fields.keys() - Settings.model_fields.keys():
            readers.setdefault(name, []).append(service)
            defaults[name] = model.model_fields[name].default
    return [
        [f"`{PREFIX}{name.upper()}`", ", ".join(readers[name]), in_the_table(defaults[name])]
        for name in readers
    ]


def test_the_table_of_settings_is_complete_and_right() -> None:
    """Names, readers and defaults, no more and no less than the code has."""
    assert sorted(row[:3] for row in rows("## Settings")) == sorted(settings_in_the_code())


def test_each_setting_is_explained() -> None:
    """A meaning stands beside each name."""
    assert all(len(row) == 4 and row[3] for row in rows("## Settings"))


def test_the_table_of_secrets_is_complete_and_right() -> None:
    """The names are those that `sigap secrets` makes."""
    expected = [[f"`{PREFIX}{name.upper()}_KEY`", f"`{name}`"] for name in SECRETS]
    assert sorted(row[:2] for row in rows("### Secrets")) == sorted(expected)


@pytest.mark.parametrize("room", ["chassis", "gateway", "services"])
def test_every_secret_that_is_read_is_one_that_is_made(room: str) -> None:
    """So that the table of secrets lacks none."""
    sources = [path.read_text("utf-8") for path in (ROOT / room).rglob("*.py")]
    read = {name for text in sources for name in re.findall(r'\.secret\("(\w+)"\)', text)}
    assert read <= set(SECRETS)
