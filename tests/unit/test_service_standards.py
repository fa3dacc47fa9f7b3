"""Every line of the published standards has its code and its test, and both are there."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/service-standards.md"
STANDARDS = sorted(ROOT.glob("standards/*-*.toml"))


class Line(NamedTuple):
    """A row of the page's tables: a published line, what makes it work and what shows it."""

    part: str
    published: str
    in_english: str
    works_by: str
    shown_by: str


def sections() -> dict[str, list[Line]]:
    """The rows below each heading of the page, by the heading."""
    found: dict[str, list[Line]] = {}
    for section in PAGE.read_text("utf-8").split("\n## ")[1:]:
        heading, _, text = section.partition("\n")
        rows = re.findall(r"^\| (.*) \|$", text, re.MULTILINE)[2:]
        found[heading] = [Line(*(cell.strip() for cell in row.split(" | "))) for row in rows]
    return found


def every_line() -> list[Line]:
    return [line for lines in sections().values() for line in lines]


def references(cell: str) -> list[str]:
    """The paths that a cell names, each with `::` and a name where it has one."""
    return re.findall(r"`([^`]+)`", cell)


def published_words(standard: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """What must stand in a row together, for each published line of the standard."""
    handling, contact = standard["complaints"], standard["contact"]
    yield "No. SK", standard["decree"]
    yield (standard["time"]["text_id"],)
    yield (standard["fee"]["text_id"],)
    for item in (*standard["requirements"], *standard["procedure"], *standard["products"]):
        if item["text_id"] != handling["text_id"]:
            parts = (*item.get("any_of", ()), *item.get("all_of", ()))
            yield item["text_id"], *(part["text_id"] for part in parts)
    yield from ((part,) for part in handling["text_id"].split(", "))  # in writing, or orally
    for channel in handling["channels"]:
        if channel["form"] == "written":
            yield channel["text_id"], channel.get("address", "")
    for other in handling.get("also", ()):
        yield (other["text_id"],)
        yield (other["address"],)
    for stage in handling["stages"]:
        yield (stage["text_id"],)
    yield (handling["response_text_id"],)
    yield (handling["resolution_text_id"],)
    yield from ((contact[key],) for key in ("office_id", "address", "phone", "website"))


@cache
def names_of(path: Path) -> frozenset[str]:
    """What a module defines: functions, classes with their members as `Class.member`, values."""
    return frozenset(_names(ast.parse(path.read_text("utf-8")).body))


def _names(body: list[ast.stmt], prefix: str = "") -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield prefix + node.name
        if isinstance(node, ast.ClassDef):
            yield from _names(node.body, f"{prefix}{node.name}.")
        targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
        yield from (prefix + each.id for each in targets if isinstance(each, ast.Name))


def test_every_cell_of_every_line_is_filled() -> None:
    """No line is left open; code and test are named by paths."""
    lines = every_line()
    assert len(lines) > 40
    for line in lines:
        assert all(line), line
        assert references(line.works_by), line
        assert references(line.shown_by), line
        assert not re.search(r"\b(open|todo|none|tbd)\b|–", " ".join(line[3:]), re.IGNORECASE), line


@pytest.mark.parametrize("path", STANDARDS, ids=lambda path: path.stem)
def test_every_line_of_a_standard_stands_in_the_page(path: Path) -> None:
    """In its own table, or in the one that both have in common."""
    standard = tomllib.loads(path.read_text("utf-8"))
    common = tomllib.loads((ROOT / "standards/complaint-2026-1.toml").read_text("utf-8"))
    tables = sections()
    lines = (*tables[standard["title_id"]], *tables[common["title_id"]])
    if standard["id"] == common["id"]:  # LAPOR! is named by one of the two only
        lines = tuple(every_line())
    for words in published_words(standard):
        assert any(all(word in line.published for word in words) for line in lines), words


def test_the_code_that_a_line_names_is_there() -> None:
    """A file of the project, and in a module the class, function or value."""
    for line in every_line():
        for reference in references(line.works_by):
            file, _, name = reference.partition("::")
            path = ROOT / file
            assert path.is_file(), reference
            assert not file.startswith("tests/"), reference
            assert path.suffix != ".py" or name in names_of(path), reference


def test_the_test_that_a_line_names_is_there() -> None:
    """A function of the tests that pytest would run."""
    for line in every_line():
        for reference in references(line.shown_by):
            file, _, name = reference.partition("::")
            assert re.fullmatch(r"tests/(\w+/)*test_\w+\.py", file), reference
            assert (ROOT / file).is_file(), reference
            assert name.startswith("test_"), reference
            assert name in names_of(ROOT / file), reference
