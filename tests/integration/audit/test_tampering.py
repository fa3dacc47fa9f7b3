"""The ledger tampered with as PostgreSQL's superuser: the auditor notices, and knows where."""

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from services.audit import kept, merkle
from services.audit.canonical import canonical, parsed
from services.audit.models import SignedCheckpoint
from services.audit.notes import NoteBroken, Signer, Verifier
from services.audit.proving import Fault, Verdict, authentic, check
from services.audit.service import AuditService
from tests.integration.audit.auditor import entries, hashes, record, sign, verified
from tests.support import Bench

SIZE = 40
ORIGIN = "log.test"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The auditor's own; a superuser of the database does not reach it."""
    return tmp_path / "kept"


@pytest.fixture
def office(tmp_path: Path, folder: Path, database_url: str) -> Iterator[Bench]:
    """A ledger of forty entries under checkpoints over 15 and over all."""
    bench = Bench(
        AuditService,
        tmp_path,
        server=database_url,
        checkpoint_folder=str(folder),
        ledger_origin=ORIGIN,
    )
    record(bench, 15)
    sign(bench)
    record(bench, SIZE - 15, start=16)
    sign(bench)
    yield bench
    bench.close()


@pytest.fixture
def verifier(office: Bench, folder: Path) -> Verifier:
    """The ledger's key, as the auditor has written it down."""
    return Verifier.from_text((folder / "key").read_text())


def as_superuser(office: Bench, change: Callable[[Connection], None]) -> None:
    """Change what triggers and rights forbid."""
    with office.store.engine.begin() as connection:
        assert connection.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = user"))
        for table in ("ledger", "ledger_nodes", "checkpoints"):
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        connection.execute(text("ALTER TABLE ledger DROP CONSTRAINT ledger_counts_from_one"))
        change(connection)
        for table in ("ledger", "ledger_nodes", "checkpoints"):
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


def edit(connection: Connection) -> None:
    """One word in one entry."""
    body = connection.scalar(text('SELECT body FROM ledger WHERE "index" = 23'))
    event = json.loads(str(body)) | {"actor": "staff:nobody"}
    changed = {"body": json.dumps(event)}
    connection.execute(text('UPDATE ledger SET body = :body WHERE "index" = 23'), changed)


def delete(connection: Connection) -> None:
    """One entry; a hole is left."""
    connection.execute(text('DELETE FROM ledger WHERE "index" = 23'))


def delete_and_close_the_gap(connection: Connection) -> None:
    """One entry, and those after it move up."""
    delete(connection)
    connection.execute(text('UPDATE ledger SET "index" = -"index" WHERE "index" > 23'))
    connection.execute(text('UPDATE ledger SET "index" = -"index" - 1 WHERE "index" < 0'))
    connection.execute(text("UPDATE ledger_head SET size = size - 1"))


def reorder(connection: Connection) -> None:
    """Two entries change places."""
    move = text('UPDATE ledger SET "index" = :new WHERE "index" = :old')
    for old, new in ((23, -1), (31, 23), (-1, 31)):
        connection.execute(move, {"old": old, "new": new})


def insert(connection: Connection) -> None:
    """An entry that never happened, between two others."""
    connection.execute(text('UPDATE ledger SET "index" = -"index" WHERE "index" >= 23'))
    connection.execute(text('UPDATE ledger SET "index" = -"index" + 1 WHERE "index" < 0'))
    connection.execute(
        text(
            'INSERT INTO ledger SELECT 23, \'forged\', "case", source, type, "time",'
            " replace(body, 'event-1\"', 'forged\"'), leaf, recorded_at"
            ' FROM ledger WHERE "index" = 1'
        )
    )
    connection.execute(text("UPDATE ledger_head SET size = size + 1"))


def truncate_the_tail(connection: Connection) -> None:
    """The last entries, as if they had never been."""
    connection.execute(text('DELETE FROM ledger WHERE "index" >= 23'))
    connection.execute(text("UPDATE ledger_head SET size = 22"))
    connection.execute(text("UPDATE ledger_tree SET size = 22"))
    connection.execute(text("DELETE FROM checkpoints WHERE size > 22"))


def rewrite_everything(connection: Connection, seed: bytes = b"f" * 32) -> None:
    """The whole ledger from an entry on, with all its hashes; only the key is not there."""
    rows = connection.execute(text('SELECT "index", body FROM ledger ORDER BY 1')).all()
    leaves, nodes = [], dict[tuple[int, int], bytes]()
    for index, body in rows:
        event = json.loads(body)
        if index >= 23:
            event["actor"] = "staff:nobody"
        leaves.append(merkle.leaf_hash(canonical(event)))
        connection.execute(
            text('UPDATE ledger SET body = :body, leaf = :leaf WHERE "index" = :index'),
            {"body": json.dumps(event), "leaf": leaves[-1], "index": index},
        )
    nodes |= {(0, number): leaf for number, leaf in enumerate(leaves)}
    for level, number, hashed in merkle.completed(0, leaves, lambda *node: nodes[node]):
        connection.execute(
            text("UPDATE ledger_nodes SET hash = :h WHERE level = :l AND number = :n"),
            {"h": hashed, "l": level, "n": number},
        )
    forged = Signer(ORIGIN, seed)
    for size in (15, SIZE):
        roots = merkle.Roots()
        for leaf in leaves[:size]:
            roots.add(leaf)
        note = {"note": forged.checkpoint(size, roots.root()), "size": size}
        connection.execute(text("UPDATE checkpoints SET note = :note WHERE size = :size"), note)


DEEDS = (
    (edit, Fault.CHANGED),
    (delete, Fault.CHANGED),
    (delete_and_close_the_gap, Fault.CHANGED),
    (reorder, Fault.CHANGED),
    (insert, Fault.CHANGED),
    (truncate_the_tail, Fault.MISSING),
    (rewrite_everything, Fault.CHANGED),
)


def test_an_untouched_ledger_is_sound(office: Bench, folder: Path, verifier: Verifier) -> None:
    """And entries without a checkpoint yet are counted as such."""
    assert verified(office, folder, verifier) == Verdict(entries=SIZE, proven=SIZE)
    record(office, 3, start=SIZE + 1)
    assert verified(office, folder, verifier) == Verdict(entries=SIZE + 3, proven=SIZE)


@pytest.mark.parametrize(("deed", "fault"), DEEDS, ids=lambda each: getattr(each, "__name__", ""))
def test_the_verifier_names_the_first_bad_index(
    office: Bench,
    folder: Path,
    verifier: Verifier,
    deed: Callable[[Connection], None],
    fault: Fault,
) -> None:
    """With nothing but the auditor's folder and the entries as the system shows them."""
    as_superuser(office, deed)
    verdict = verified(office, folder, verifier)
    assert not verdict.sound
    assert (verdict.first_bad, verdict.last_bad, verdict.fault) == (23, 23, fault)
    assert verdict.proven == 22


@pytest.mark.parametrize(("deed", "_"), DEEDS, ids=lambda each: getattr(each, "__name__", ""))
def test_bare_checkpoints_show_that_something_is_wrong_and_between_where(
    office: Bench, folder: Path, verifier: Verifier, deed: Callable[[Connection], None], _: Fault
) -> None:
    """When the auditor has kept no hashes: after the last checkpoint that holds."""
    as_superuser(office, deed)
    verdict = check(entries(office), kept.checkpoints(folder, verifier))
    assert not verdict.sound
    assert verdict.first_bad is not None
    assert verdict.last_bad is not None
    assert 16 <= verdict.first_bad <= 23 <= verdict.last_bad <= SIZE


@pytest.mark.parametrize(
    "deed", [edit, delete_and_close_the_gap, reorder, insert], ids=lambda deed: deed.__name__
)
def test_the_systems_own_hashes_name_the_index_too_if_they_are_those_signed(
    office: Bench, folder: Path, verifier: Verifier, deed: Callable[[Connection], None]
) -> None:
    """Hashes are believed only as far as a kept checkpoint vouches for them."""
    before = hashes(office)
    as_superuser(office, deed)
    checkpoints = kept.checkpoints(folder, verifier)
    assert authentic(checkpoints, before) == before
    verdict = check(entries(office), checkpoints, authentic(checkpoints, before))
    assert verdict.first_bad == 23


def test_hashes_that_were_rewritten_are_not_believed(
    office: Bench, folder: Path, verifier: Verifier
) -> None:
    """Only those under the last checkpoint that still holds."""
    as_superuser(office, rewrite_everything)
    checkpoints = kept.checkpoints(folder, verifier)
    assert authentic(checkpoints, hashes(office)) == hashes(office)[:15]


def test_the_service_signs_no_rewritten_ledger(office: Bench, folder: Path) -> None:
    """Its key would make the forgery good."""
    as_superuser(office, rewrite_everything)
    record(office, 1, start=SIZE + 1)
    sign(office)
    assert {path.name for path in (folder / "checkpoints").iterdir()} == {"15", "40"}


def test_a_forged_checkpoint_is_refused(office: Bench, folder: Path, verifier: Verifier) -> None:
    """A root of the forger's own, under a signature of the forger's own."""
    note = Signer(ORIGIN, b"f" * 32).checkpoint(SIZE, base64.b64decode("A" * 43 + "="))
    (folder / "checkpoints" / str(SIZE)).write_text(note)
    with pytest.raises(Exception, match="not signed with this key"):
        kept.checkpoints(folder, verifier)


def test_two_checkpoints_that_contradict_each_other_are_never_both_right(
    office: Bench, folder: Path
) -> None:
    """Who holds the key can sign two histories, but not show one ledger for both."""
    signer = office.service.settings.signer()
    other = signer.verifier.opened(signer.checkpoint(SIZE, b"r" * 32))
    checkpoints = [*kept.checkpoints(folder, signer.verifier), other]
    assert check(entries(office), checkpoints).fault is Fault.NOT_AS_SIGNED


def test_the_stolen_key_makes_no_forgery_good(
    office: Bench, folder: Path, verifier: Verifier
) -> None:
    """Everything rewritten and signed anew with the ledger's own key, and signed further on: what
    is kept outside tells the entry, is not written over, and is believed before what came later."""
    settings = office.service.settings
    seed = settings.secret("ledger")
    as_superuser(office, lambda connection: rewrite_everything(connection, seed))
    record(office, 3, start=SIZE + 1)
    forged = settings.signer().checkpoint(SIZE + 3, forged_root(office))
    with office.store.unit("test") as work:
        work.session.add(SignedCheckpoint(size=SIZE + 3, note=forged, signed_at=office.clock.now()))
    with pytest.raises(NoteBroken, match="not those that were kept"):
        office.run_job("keep_checkpoints")
    assert {path.name for path in (folder / "checkpoints").iterdir()} == {"15", "40"}

    outside = kept.checkpoints(folder, verifier)
    everything = [*outside, verifier.opened(forged)]
    assert authentic(everything, hashes(office)) == hashes(office)[:15]
    vouched = authentic(outside, kept.leaves(folder, SIZE))
    verdict = check(entries(office), everything, vouched)
    assert (verdict.first_bad, verdict.last_bad, verdict.fault) == (23, 23, Fault.CHANGED)


def forged_root(office: Bench) -> bytes:
    roots = merkle.Roots()
    for leaf in hashes(office):
        roots.add(leaf)
    return roots.root()


def test_a_kept_checkpoint_that_is_no_text_is_a_forged_one(
    office: Bench, folder: Path, verifier: Verifier
) -> None:
    """An answer, not a crash."""
    (folder / "checkpoints" / str(SIZE)).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(NoteBroken):
        kept.checkpoints(folder, verifier)


def test_another_writing_of_the_same_event_is_the_same_event(
    office: Bench, folder: Path, verifier: Verifier
) -> None:
    """Spaces and the order of members say nothing."""

    def rewrite(connection: Connection) -> None:
        for index, body in connection.execute(text('SELECT "index", body FROM ledger')).all():
            written = json.dumps(parsed(body), indent=1, sort_keys=True)
            connection.execute(
                text('UPDATE ledger SET body = :body WHERE "index" = :index'),
                {"body": written, "index": index},
            )

    as_superuser(office, rewrite)
    assert verified(office, folder, verifier).sound
