"""What shows that the ledger was not changed, over HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.audit import (
    ConsistencyProof,
    InclusionProof,
    LatestCheckpoint,
    ProveConsistency,
    ProveInclusion,
    ReadCheckpoint,
)
from contracts.envelope import Role
from contracts.errors import ErrorCode, InvalidFields, Refusal
from tests.integration.gateway.desk import Desk, problem

NOTE = "log.example\n7\nroot\n\n— log.example signature\n"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The gateway, before an audit service that has signed a checkpoint."""
    desk = Desk(tmp_path)
    newest = LatestCheckpoint(size=7, note=NOTE, key="log.example+00+AQ==")
    desk.rpc.replies[ReadCheckpoint] = lambda ask: newest
    yield desk
    desk.close()


def test_anyone_may_have_the_newest_checkpoint(desk: Desk) -> None:
    """To the byte, as plain text."""
    response = desk.http.get("/v1/ledger/checkpoint")
    assert (response.status_code, response.mimetype) == (200, "text/plain")
    assert response.data == NOTE.encode()
    assert response.headers["Cache-Control"] == "no-store"


def test_anyone_may_have_the_key(desk: Desk) -> None:
    """One line."""
    assert desk.http.get("/v1/ledger/key").text == "log.example+00+AQ==\n"


def test_before_the_first_checkpoint_one_comes_back(desk: Desk) -> None:
    """It is signed within a second."""

    def none(ask: object) -> None:
        raise Refusal(ErrorCode.UNAVAILABLE)

    desk.rpc.replies[ReadCheckpoint] = none
    response = desk.http.get("/v1/ledger/checkpoint")
    assert problem(response) == (503, "unavailable")
    assert "Retry-After" in response.headers


def test_the_auditor_has_an_entry_proven(desk: Desk) -> None:
    """In the tree of the size asked for."""
    proof = InclusionProof(index=3, size=7, leaf_hash="bGVhZg==", hashes=("YQ==", "Yg=="))
    desk.rpc.replies[ProveInclusion] = lambda ask: proof
    url = "/v1/ledger/proof/inclusion?index=3&size=7"
    response = desk.http.get(url, headers=desk.sign_in(Role.AUDITOR))
    assert response.json == {
        "index": 3,
        "size": 7,
        "leaf_hash": "bGVhZg==",
        "hashes": ["YQ==", "Yg=="],
    }
    assert desk.asked()[-1] == ProveInclusion(index=3, size=7)


def test_the_auditor_has_it_proven_that_nothing_was_changed(desk: Desk) -> None:
    """Between two sizes."""
    proof = ConsistencyProof(start=3, to=7, hashes=("YQ==",))
    desk.rpc.replies[ProveConsistency] = lambda ask: proof
    url = "/v1/ledger/proof/consistency?from=3&to=7"
    response = desk.http.get(url, headers=desk.sign_in(Role.AUDITOR))
    assert response.json == {"from": 3, "to": 7, "hashes": ["YQ=="]}
    assert desk.asked()[-1] == ProveConsistency(start=3, to=7)


@pytest.mark.parametrize(
    "query",
    [
        "inclusion",
        "inclusion?index=0",
        "inclusion?index=1&size=x",
        "inclusion?index=1&other=1",
        "consistency",
        "consistency?from=0&to=1",
        "consistency?start=1",
        "consistency?from=99999999999999999",
    ],
)
def test_a_proof_of_no_sense_is_refused(desk: Desk, query: str) -> None:
    """Before the ledger is asked."""
    url = f"/v1/ledger/proof/{query}"
    response = desk.http.get(url, headers=desk.sign_in(Role.AUDITOR))
    assert problem(response) == (422, "validation_failed")


def test_a_proof_of_what_is_not_there_yet_says_which_figure_is_wrong(desk: Desk) -> None:
    """As the audit service refuses it."""

    def refuse(ask: object) -> None:
        raise InvalidFields(("to", "out_of_range"))

    desk.rpc.replies[ProveConsistency] = refuse
    url = "/v1/ledger/proof/consistency?from=1&to=9"
    response = desk.http.get(url, headers=desk.sign_in(Role.AUDITOR))
    assert problem(response) == (422, "validation_failed")
    (error,) = response.json["errors"]
    assert (error["field"], error["code"]) == ("to", "out_of_range")


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.AUDITOR, Role.RESIDENT, Role.SYSTEM}))
@pytest.mark.parametrize("proof", ["inclusion?index=1", "consistency?from=1"])
def test_nobody_else_has_entries_proven(desk: Desk, role: Role, proof: str) -> None:
    """Nor does who has not signed in."""
    url = f"/v1/ledger/proof/{proof}"
    assert desk.http.get(url, headers=desk.sign_in(role)).status_code == 403
    assert desk.http.get(url).status_code == 401
