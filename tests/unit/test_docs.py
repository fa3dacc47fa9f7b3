"""What the documents list is what the code has, and what they refer to is there."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer.main
from prometheus_client import Metric
from prometheus_client.metrics import MetricWrapperBase

from chassis import metrics
from contracts.catalogue import SUBSCRIBERS
from contracts.errors import TEXTS, ErrorCode
from gateway.problems import STATUS
from gateway.stages import Status
from gateway.texts import STATUS_LABELS
from ops.cli import app
from ops.registry import CLASSES
from standards.calendar import WorkCalendar

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
ROOMS = ("casework", "chassis", "gateway", "ops", "services")


def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines(name: str, pattern: str) -> set[str]:
    """The lines of a page that begin like this."""
    return set(re.findall(rf"^{pattern}.*$", page(name), re.MULTILINE))


def test_every_error_code_stands_in_the_table_for_front_ends() -> None:
    """With its HTTP status and both texts."""
    expected = {
        f"| {STATUS[code].value} | `{code}` | {TEXTS[code][0]} | {TEXTS[code][1]} |"
        for code in ErrorCode
    }
    assert lines("docs/front-ends.md", r"\| [0-9]{3} \| ") == expected


def test_every_status_stands_in_the_table_for_front_ends() -> None:
    """With its label in both languages."""
    labels = [(status, STATUS_LABELS[status]) for status in Status]
    expected = {f"| `{status}` | {label.id} | {label.en} |" for status, label in labels}
    assert expected <= lines("docs/front-ends.md", r"\| `")


def test_every_event_stands_in_the_table_for_auditors() -> None:
    """With what it tells and who receives it."""
    expected = {
        f"| {event.source} | `{event.event}` | {(event.__doc__ or '').partition(chr(10))[0]} "
        f"| {', '.join(services) or '–'} |"
        for event, services in SUBSCRIBERS.items()
    }
    assert lines("docs/events.md", r"\| [a-z_]+ \| `[a-z_]+` \| ") == expected


def exposed(metric: MetricWrapperBase) -> str:
    """The name under which Prometheus sees a metric."""
    described: Metric = next(iter(metric.describe()))
    return described.name + ("_total" if described.type == "counter" else "")


def test_the_table_of_metrics_is_complete_and_right() -> None:
    """Names and labels."""
    ours = [m for m in vars(metrics).values() if isinstance(m, MetricWrapperBase)]
    expected = {
        f"`{exposed(metric)}` | {', '.join(f'`{name}`' for name in metric._labelnames)}"
        for metric in ours
    }
    found = set(re.findall(r"^\| (`sigap_\w+` \| [^|]*?) \|", page("docs/operations.md"), re.M))
    assert found == expected


def logged() -> Iterator[tuple[str, str]]:
    """(level, event) of every log line that the code writes."""
    call = re.compile(r'(?:\blog|get_logger\(\))\.(info|warning|error)\(\s*"(\w+)"')
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            yield from call.findall(path.read_text("utf-8"))


def test_the_table_of_log_events_is_complete_and_right() -> None:
    """Each with its level."""
    table = page("docs/operations.md").partition("\n## Logs\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.*?) \| (\w+) \|", table, re.M)
    found = {(level, name) for names, level in rows for name in re.findall(r"`(\w+)`", names)}
    assert found == set(logged())


def commands() -> dict[str, Any]:
    """Every command of `sigap` by its words."""
    found: dict[str, Any] = {}
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        found |= {f"{name} {sub}": each for sub, each in getattr(command, "commands", {}).items()}
        found[name] = command
    return found


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_command_of_ours_that_a_page_prints_is_there(path: Path) -> None:
    """`sigap` and `make` know the words that follow them."""
    targets = set(re.findall(r"^([a-z-]+):", page("Makefile"), re.M))
    known = commands()
    text = path.read_text("utf-8")
    blocks = "\n".join(re.findall(r"```console\n(.*?)```", text, re.S))
    for word, next_word in re.findall(
        r"(?:^\$ (?:\S*/)?|exec \w+ |`)sigap ([a-z-]+)(?: ([a-z-]+))?", text, re.M
    ):
        assert word in known
        if next_word and hasattr(known[word], "commands"):
            assert f"{word} {next_word}" in known
    for target in re.findall(r"^\$ make (?:[A-Z]+=\S+ )?([a-z-]+)", blocks, re.M):
        assert target in targets


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_link_of_a_page_leads_somewhere(path: Path) -> None:
    """Files are there, and so are the headings in them."""
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8")):
        if target.startswith("http"):
            continue
        file, _, heading = target.partition("#")
        linked = (path.parent / file) if file else path
        assert linked.exists(), target
        headings = re.findall(r"^#+ (.*)$", linked.read_text("utf-8"), re.M) if heading else []
        assert not heading or heading in {_anchor(each) for each in headings}, target


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("name", ["README.md", "docs/operations.md"])
def test_every_service_stands_in_the_table(name: str) -> None:
    """What it owns, and what it needs."""
    table = page(name).partition("\n| service | ")[2].partition("\n\n")[0]
    cells = re.findall(r"^\| (`[^|]*`) \|", table, re.M)
    assert {each for cell in cells for each in re.findall(r"`(\w+)`", cell)} == set(CLASSES)


def test_the_calendar_that_operators_are_shown_can_be_meant(tmp_path: Path) -> None:
    """Whoever copies it closes the office on that day."""
    example = re.search(r"```toml\n(.*?)```", page("docs/operations.md"), re.S)
    assert example
    override = tmp_path / "override.toml"
    override.write_text(example[1], "utf-8")
    assert WorkCalendar.load(override).is_working(date(2026, 12, 31)) is False
    assert WorkCalendar.load().is_working(date(2026, 12, 31)) is True


def test_every_decision_is_in_the_list() -> None:
    """A page that nobody finds decides nothing."""
    files = {path.name for path in ROOT.glob("docs/adr/[0-9]*.md")}
    assert set(re.findall(r"\]\((\d{4}-.*?\.md)\)", page("docs/adr/README.md"))) == files
