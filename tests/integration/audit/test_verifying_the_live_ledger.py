"""`sigap audit verify` against a superuser of the database: exit code 1, and the index."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Connection, text
from typer.testing import CliRunner

from chassis.settings import Settings
from contracts.audit import ReadLedger, ReadReadings
from ops import ledger_export, ledger_verify
from ops.cli import app
from ops.ledger_source import LiveLedger
from services.audit.notes import Signer
from services.audit.proving import Fault
from tests.integration.audit import test_tampering as tampering
from tests.integration.audit.auditor import FIRST, Direct, record
from tests.integration.audit.test_tampering import ORIGIN, SIZE, as_superuser
from tests.support import Bench

office = tampering.office
folder = tampering.folder

Deed = Callable[[Connection], None]


@pytest.fixture(autouse=True)
def live(office: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The running system is the service on the bench."""

    @contextmanager
    def opened(_: Settings) -> Iterator[LiveLedger]:
        yield LiveLedger(Direct(office))

    monkeypatch.setattr(ledger_verify, "live", opened)


def verify(folder: Path, *options: str) -> Result:
    answer = CliRunner().invoke(app, ["audit", "verify", "--checkpoints", str(folder), *options])
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    return answer


def statements(*every: str) -> Deed:
    """A deed in SQL."""

    def deed(connection: Connection) -> None:
        for each in every:
            connection.exec_driver_sql(each)

    return deed


EMPTY = (
    "DELETE FROM checkpoints",
    "DELETE FROM ledger",
    "DELETE FROM ledger_nodes",
    "DELETE FROM ledger_head",
    "DELETE FROM ledger_tree",
)
CHANGE = 'UPDATE ledger SET {} WHERE "index" = {}'
COPY = (
    'INSERT INTO ledger SELECT {index}, \'copy\', "case", source, type, "time", body, leaf,'
    ' recorded_at FROM ledger WHERE "index" = 3'
)


def forge_the_checkpoint(connection: Connection) -> None:
    """One entry, and another's signature over something else."""
    tampering.edit(connection)
    note = Signer(ORIGIN, b"z" * 32).checkpoint(SIZE, b"x" * 32)
    connection.execute(text("UPDATE checkpoints SET note = :note"), {"note": note})


def body(written: str) -> Deed:
    return column(f"body = '{written}'")


def column(changed: str, index: int = 23) -> Deed:
    return statements(CHANGE.format(changed, index))


NEW_DEEDS: dict[str, tuple[Deed, int, Fault]] = {
    "emptied": (statements(*EMPTY), 1, Fault.MISSING),
    "forged checkpoint": (forge_the_checkpoint, 23, Fault.CHANGED),
    "no JSON": (body("{"), 23, Fault.UNREADABLE),
    "no object": (body("[1]"), 23, Fault.UNREADABLE),
    "a name twice": (body('{"a":1,"a":2}'), 23, Fault.UNREADABLE),
    "half a character": (body(r'{"a":"\ud800"}'), 23, Fault.UNREADABLE),
    "too deep": (body('{"a":' + "[" * 210 + "]" * 210 + "}"), 23, Fault.UNREADABLE),
    "type": (column("type = 'sigap.x.v1'"), 23, Fault.COLUMNS),
    "case": (column("\"case\" = 'VRF-20200101-0001'"), 23, Fault.COLUMNS),
    "source": (column("source = '/services/x'"), 23, Fault.COLUMNS),
    "time": (column("\"time\" = '2020-01-01'"), 23, Fault.COLUMNS),
    "event_id": (column("event_id = 'other'"), 23, Fault.COLUMNS),
    "leaf": (column(r"leaf = '\x00'"), 23, Fault.COLUMNS),
    "below zero": (statements(COPY.format(index=-3)), 1, Fault.CHANGED),
    "zero": (statements(COPY.format(index=0)), 1, Fault.CHANGED),
    "moved below": (column('"index" = -5'), 1, Fault.CHANGED),
    "moved behind": (column('"index" = 1000', SIZE), SIZE, Fault.OUT_OF_ORDER),
}
for deed, fault in tampering.DEEDS:
    NEW_DEEDS[deed.__name__] = (deed, 23, fault)


@pytest.mark.parametrize("name", NEW_DEEDS)
def test_the_command_names_the_first_bad_index(office: Bench, folder: Path, name: str) -> None:
    """Whatever was done, and whatever the system says of its own checkpoint."""
    deed, index, fault = NEW_DEEDS[name]
    as_superuser(office, deed)
    answer = verify(folder)
    assert answer.exit_code == 1
    assert f"NOT SOUND: the first bad entry is index {index} ({fault})" in answer.output
    told = json.loads(verify(folder, "--json").output)
    assert (told["first_bad"], told["last_bad"], told["fault"]) == (index, index, fault)


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("DELETE FROM checkpoints", "the system's checkpoint is missing"),
        ("DELETE FROM checkpoints WHERE size > 15", "of 15 entries is older than the kept one"),
        ("UPDATE checkpoints SET note = 'x'", "the system's checkpoint: not a signed note"),
    ],
)
def test_a_checkpoint_that_is_gone_is_told_though_the_entries_are_whole(
    office: Bench, folder: Path, deed: str, said: str
) -> None:
    """The kept ones prove the entries; that the system's own is gone is somebody's doing."""
    as_superuser(office, statements(deed))
    answer = verify(folder)
    assert answer.exit_code == 1
    assert answer.output.startswith("NOT SOUND: ")
    assert said in answer.output
    assert f"{SIZE} entries are as they were signed" in answer.output


def test_a_checkpoint_signed_with_the_stolen_key_is_told(office: Bench, folder: Path) -> None:
    """Over entries that nobody kept; those that are there are the kept ones."""
    note = office.service.settings.signer().checkpoint(SIZE, b"r" * 32)
    change = text("UPDATE checkpoints SET note = :note WHERE size = :size")
    forged = {"note": note, "size": SIZE}
    as_superuser(office, lambda connection: connection.execute(change, forged) and None)
    answer = verify(folder)
    assert answer.exit_code == 1
    assert "not over the entries that were kept" in answer.output


def test_without_a_folder_a_missing_checkpoint_is_an_answer(office: Bench, folder: Path) -> None:
    """There is nothing to check against."""
    as_superuser(office, statements("DELETE FROM checkpoints"))
    key = str(folder / "key")
    answer = CliRunner().invoke(app, ["audit", "verify", "--key", key])
    assert (answer.exit_code, answer.output) == (
        1,
        "NOT SOUND: the system's checkpoint is missing\n",
    )


def test_an_untouched_ledger_is_sound_and_newer_entries_are_counted(
    office: Bench, folder: Path
) -> None:
    """Exit code 0, and every column agrees with its event."""
    record(office, 3, start=SIZE + 1)
    answer = verify(folder)
    assert answer.exit_code == 0
    assert answer.output == (
        "sound: 40 entries are as they were signed, 3 newer without a checkpoint yet\n"
    )


def test_an_unreadable_entry_keeps_nobody_from_the_others(office: Bench, tmp_path: Path) -> None:
    """It is shown as such, in its place; nothing that was signed over it is exported."""
    as_superuser(office, body("{"))
    entries = office.ask(ReadLedger()).entries
    assert [entry.index for entry in entries] == list(range(1, SIZE + 1))
    assert [(e.index, e.event, e.fault) for e in entries if e.fault] == [(23, {}, "unreadable")]
    with pytest.raises(ledger_export.ExportRefused, match="not what was signed"):
        ledger_export.write(tmp_path / "export", LiveLedger(Direct(office)), "jsonl")


def test_paging_begins_with_what_stands_below_the_first(office: Bench) -> None:
    """It is met once, and paging comes to its end."""
    as_superuser(office, statements(COPY.format(index=-3)))
    seen, after = list[int](), 0
    while (page := office.ask(ReadLedger(after=after, limit=1))).entries:
        seen += [entry.index for entry in page.entries]
        after = page.last
    assert seen == [-3, *range(1, SIZE + 1)]


READ = FIRST.model_copy(
    update={
        "id": "read-1",
        "type": "sigap.personal_data_read.v1",
        "data": {"purpose": "handling", "fields": ["name"]},
    }
)


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("type = 'sigap.x.v1'", ()),
        ("\"case\" = 'x'", ()),
        (
            "type = 'x', \"case\" = 'x', body = replace(body, 'personal_data', "
            r"'\u0070ersonal_data')",
            (),
        ),
        ("body = '{'", (SIZE + 1,)),
    ],
)
def test_a_reading_is_not_hidden_by_its_columns(
    office: Bench, change: str, broken: tuple[int, ...]
) -> None:
    """The event's text decides, also one that is written otherwise; one that cannot be read is
    told."""
    office.deliver(READ, "on_any_event")
    ask = ReadReadings(tracking_numbers=(READ.subject,))
    before = office.ask(ask)
    assert [each.index for each in before.readings] == [SIZE + 1]
    as_superuser(office, column(change, SIZE + 1))
    after = office.ask(ask)
    assert after.broken == broken
    assert after.readings == (() if broken else before.readings)


def test_another_events_columns_make_no_reading(office: Bench) -> None:
    """Nobody is told of a reading that never was."""
    as_superuser(office, column("type = 'sigap.personal_data_read.v1'"))
    answer = office.ask(ReadReadings(tracking_numbers=(FIRST.subject,)))
    assert (answer.readings, answer.broken) == ((), ())
