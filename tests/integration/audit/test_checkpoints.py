"""Signed checkpoints and proofs over the real tables."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from contracts.audit import ProveConsistency, ProveInclusion, ReadCheckpoint, ReadLeafHashes
from contracts.errors import InvalidFields, Refusal
from services.audit import kept, merkle
from services.audit.domain import CHECKPOINT_EVERY
from services.audit.models import SignedCheckpoint, append
from services.audit.notes import Checkpoint, Signer, Verifier
from services.audit.service import AuditService
from tests.integration.audit.auditor import events, hashes, record, sign
from tests.support import Bench


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The auditor's own."""
    return tmp_path / "kept"


@pytest.fixture
def office(tmp_path: Path, folder: Path) -> Iterator[Bench]:
    """The audit service, with a folder for its checkpoints."""
    bench = Bench(AuditService, tmp_path, checkpoint_folder=str(folder), ledger_origin="log.test")
    yield bench
    bench.close()


def opened(office: Bench) -> Checkpoint:
    """The newest checkpoint, its signature checked."""
    newest = office.ask(ReadCheckpoint())
    return Verifier.from_text(newest.key).opened(newest.note)


def signed_sizes(office: Bench) -> list[int]:
    with office.session() as session:
        return sorted(row.size for row in session.query(SignedCheckpoint))


def naive(leaves: list[bytes]) -> bytes:
    roots = merkle.Roots()
    for leaf in leaves:
        roots.add(leaf)
    return roots.root()


def decoded(hashes: tuple[str, ...]) -> list[bytes]:
    return [base64.b64decode(each) for each in hashes]


def test_the_first_checkpoint_is_that_of_the_empty_ledger(office: Bench) -> None:
    """Before it is signed there is none to be had."""
    with pytest.raises(Refusal, match="unavailable"):
        office.ask(ReadCheckpoint())
    office.run_job("sign_checkpoints")
    assert opened(office) == Checkpoint("log.test", 0, merkle.EMPTY)


def test_a_new_entry_is_signed_within_a_minute_and_then_no_more(office: Bench) -> None:
    """A checkpoint that says nothing new is not signed."""
    office.run_job("sign_checkpoints")
    record(office, 3)
    office.clock.move(seconds=59)
    office.run_job("sign_checkpoints")
    assert signed_sizes(office) == [0]
    office.clock.move(seconds=1)
    office.run_job("sign_checkpoints")
    office.clock.move(hours=1)
    office.run_job("sign_checkpoints")
    assert signed_sizes(office) == [0, 3]
    assert opened(office) == Checkpoint("log.test", 3, naive(hashes(office)))


def test_every_thousand_entries_are_signed_at_once(office: Bench) -> None:
    """Also when there are thousands to catch up on."""
    office.run_job("sign_checkpoints")
    with office.store.unit("test") as work:
        for event in events(2 * CHECKPOINT_EVERY + 5):
            append(work.session, event, work.now)
    office.run_job("sign_checkpoints")
    assert signed_sizes(office) == [0, CHECKPOINT_EVERY, 2 * CHECKPOINT_EVERY]
    sign(office)
    assert signed_sizes(office)[-1] == 2 * CHECKPOINT_EVERY + 5


def test_entries_are_proven_under_the_checkpoint(office: Bench) -> None:
    """With hashes that lead from the event itself to the signed root."""
    record(office, 21)
    sign(office)
    checkpoint = opened(office)
    for index in range(1, 22):
        proof = office.ask(ProveInclusion(index=index))
        assert (proof.index, proof.size) == (index, 21)
        steps = decoded(proof.hashes)
        leaf = base64.b64decode(proof.leaf_hash)
        assert merkle.includes(checkpoint.root, 21, index - 1, leaf, steps)


def test_an_old_checkpoint_is_shown_to_be_the_beginning_of_the_new_one(office: Bench) -> None:
    """Whatever the two sizes."""
    record(office, 6)
    sign(office)
    old = opened(office)
    record(office, 7, start=7)
    sign(office)
    new = opened(office)
    proof = office.ask(ProveConsistency(start=6))
    assert (proof.start, proof.to) == (6, 13)
    assert merkle.extends(6, old.root, 13, new.root, decoded(proof.hashes))


@pytest.mark.parametrize(
    "ask",
    [
        ProveInclusion(index=4),
        ProveInclusion(index=3, size=2),
        ProveInclusion(index=1, size=4),
        ProveConsistency(start=4),
        ProveConsistency(start=1, to=4),
        ProveConsistency(start=3, to=2),
    ],
)
def test_what_is_not_there_yet_cannot_be_proven(
    office: Bench, ask: ProveInclusion | ProveConsistency
) -> None:
    """The figure that is too large is named."""
    record(office, 3)
    sign(office)
    with pytest.raises(InvalidFields):
        office.ask(ask)


def test_hashes_are_read_page_by_page(office: Bench) -> None:
    """From an index on, and none beyond the end."""
    record(office, 5)
    every = office.ask(ReadLeafHashes()).hashes
    assert len(every) == 5
    assert office.ask(ReadLeafHashes(after=1, limit=2)).hashes == every[1:3]
    assert office.ask(ReadLeafHashes(after=5)).hashes == ()


def test_checkpoints_and_hashes_are_kept_outside_the_database(office: Bench, folder: Path) -> None:
    """Each checkpoint once signed, with the hashes under it, in whole and partial tiles."""
    record(office, 300)
    sign(office)
    record(office, 300, start=301)
    newest = sign(office)
    verifier = Verifier.from_text((folder / "key").read_text())
    assert kept.newest(folder) == newest.note
    assert [each.size for each in kept.checkpoints(folder, verifier)] == [300, 600]
    assert list(kept.leaves(folder, 600)) == hashes(office)
    assert list(kept.leaves(folder, 300)) == hashes(office)[:300]
    assert (folder / "tile/0/001").stat().st_size == 256 * 32
    assert (folder / "tile/0/002.p/88").stat().st_size == 88 * 32


def test_a_folder_that_was_away_is_brought_up_to_date(office: Bench, folder: Path) -> None:
    """With every checkpoint it has missed."""
    folder.write_text("in the way")
    record(office, 2)
    office.run_job("sign_checkpoints")
    with pytest.raises(OSError, match="kept"):
        office.run_job("keep_checkpoints")
    folder.unlink()
    record(office, 2, start=3)
    newest = sign(office)
    assert sorted(path.name for path in (folder / "checkpoints").iterdir()) == ["2", "4"]
    assert kept.newest(folder) == newest.note


@pytest.mark.parametrize("table", ["ledger_nodes", "checkpoints"])
def test_the_database_refuses_to_change_what_was_signed(office: Bench, table: str) -> None:
    """Checkpoints and hashes are append-only too."""
    record(office, 4)
    sign(office)
    for change in ("DELETE FROM {}", "INSERT OR REPLACE INTO {0} SELECT * FROM {0}"):
        refused = pytest.raises(DatabaseError, match="append-only")
        with refused, office.store.engine.begin() as connection:
            connection.execute(text(change.format(table)))


def test_a_ledger_that_was_rewritten_is_not_signed(office: Bench, folder: Path) -> None:
    """The service would else sign the forgery with its own key at the next minute."""
    record(office, 4)
    sign(office)
    with office.store.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER ledger_refuses_update"))
        connection.execute(
            text('UPDATE ledger SET leaf = :leaf WHERE "index" = 4'), {"leaf": b"x" * 32}
        )
        connection.execute(text("DROP TRIGGER ledger_nodes_refuses_update"))
        connection.execute(text("UPDATE ledger_nodes SET hash = :leaf"), {"leaf": b"x" * 32})
    record(office, 1, start=5)
    assert sign(office).size == 4
    assert [path.name for path in (folder / "checkpoints").iterdir()] == ["4"]


def test_a_ledger_begun_anew_is_not_signed_while_the_folder_remembers(
    office: Bench, tmp_path: Path, folder: Path
) -> None:
    """Every trace in the database is gone; what lies outside it is not."""
    record(office, 4)
    sign(office)
    other = Bench(
        AuditService,
        tmp_path / "other",
        checkpoint_folder=str(folder),
        ledger_origin="log.test",
        secrets_dir=str(tmp_path / "secrets"),
    )
    record(other, 5, start=50)
    with pytest.raises(Refusal, match="unavailable"):
        sign(other)
    other.close()


def test_a_checkpoint_of_another_key_is_not_taken_for_ours(office: Bench) -> None:
    """The auditor's verifier knows one key only."""
    record(office, 1)
    note = sign(office).note
    other = Signer("log.test", b"o" * 32).verifier
    with pytest.raises(Exception, match="not signed with this key"):
        other.opened(note)


def test_a_new_key_goes_on_where_the_old_one_ended(office: Bench, tmp_path: Path) -> None:
    """With a folder of its own: the old one belongs to the old key."""
    record(office, 3)
    sign(office)
    new = {"checkpoint_folder": tmp_path / "new", "ledger_origin": "log.new"}
    office.service.settings = office.service.settings.model_copy(update=new)
    record(office, 1, start=4)
    assert sign(office).size == 4
    assert opened(office).origin == "log.new"
    assert [path.name for path in (tmp_path / "new" / "checkpoints").iterdir()] == ["4"]


def test_an_event_that_cannot_be_hashed_is_no_entry(office: Bench) -> None:
    """Readers would not agree on what it says; it breaks its contract."""
    (event,) = events(1)
    broken = event.model_copy(update={"data": {"count": 2**60}})
    with pytest.raises(Exception, match="integer"):
        office.deliver(broken, "on_any_event")
    record(office, 1)
    assert len(hashes(office)) == 1
