"""Signing out: one token ends, at once and everywhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from contracts.envelope import Role
from gateway.spent import Spent
from tests.integration.gateway.desk import Desk, problem


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """In the demo."""
    desk = Desk(tmp_path)
    yield desk
    desk.close()


def is_let_in(desk: Desk, token: dict[str, str]) -> bool:
    answer = desk.http.get("/v1/tasks", headers=token)
    return answer.status_code == 200 or problem(answer) != (401, "not_signed_in")


def kept(desk: Desk) -> list[str]:
    with desk.bench.session() as session:
        return list(session.scalars(select(Spent.key)))


def test_a_token_that_is_signed_out_is_good_no_more_on_any_replica(
    desk: Desk, tmp_path: Path
) -> None:
    """The other tokens of the account are."""
    replica = Desk(tmp_path)
    token, other = desk.sign_in(Role.AUDITOR), desk.sign_in(Role.AUDITOR)
    with capture_logs() as lines:
        answer = desk.http.post("/v1/logout", headers=token)
    assert (answer.status_code, answer.json) == (200, {"signed_out": True})
    assert [line["actor"] for line in lines if line["event"] == "signed_out"] == ["auditor"]
    for each in (desk, replica):
        assert not is_let_in(each, token)
        assert is_let_in(each, other)
    assert problem(replica.http.post("/v1/logout", headers=token)) == (401, "not_signed_in")
    replica.close()


def test_what_is_kept_of_a_token_is_a_digest_until_it_ends(desk: Desk) -> None:
    """Then the job forgets it: it is refused for its age."""
    token = desk.sign_in(Role.AUDITOR)
    desk.http.post("/v1/logout", headers=token)
    (key,) = kept(desk)
    assert len(key) == 64
    desk.clock.move(minutes=479)
    desk.bench.run_job("forget_what_ended")
    assert kept(desk) == [key]
    assert not is_let_in(desk, token)
    desk.clock.move(minutes=2)
    desk.bench.run_job("forget_what_ended")
    assert kept(desk) == []
    assert not is_let_in(desk, token)


def test_replicas_on_one_server_know_who_signed_out(tmp_path: Path, database_url: str) -> None:
    """On PostgreSQL too."""
    replicas = [Desk(tmp_path, server=database_url) for _ in range(2)]
    token = replicas[0].sign_in(Role.AUDITOR)
    statuses = [each.http.post("/v1/logout", headers=token).status_code for each in replicas]
    assert statuses == [200, 401]
    assert not any(is_let_in(each, token) for each in replicas)
    for each in replicas:
        each.close()


def test_signing_out_takes_a_token(desk: Desk) -> None:
    """Without one there is nothing to end; and no field."""
    assert problem(desk.http.post("/v1/logout")) == (401, "not_signed_in")
    token = desk.sign_in(Role.AUDITOR)
    answer = desk.http.post("/v1/logout", headers=token, json={"everywhere": True})
    assert problem(answer) == (422, "validation_failed")
    assert is_let_in(desk, token)
