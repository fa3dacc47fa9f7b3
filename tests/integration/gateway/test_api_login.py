"""Signing in with local accounts, and the accounts themselves."""

import time
from collections.abc import Iterator
from pathlib import Path

import eventlet
import pytest
from eventlet import tpool

from contracts.envelope import Role
from gateway import accounts
from gateway.accounts import DEMO_PASSWORD, STAFF_ROLES, UnfitAccount, add_account, password_fits
from standards import regions
from tests.integration.gateway.desk import Desk, fields, problem

PASSWORD = "a long enough password"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The gateway outside the demo."""
    desk = Desk(tmp_path, demo="false")
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The gateway in the demo."""
    desk = Desk(tmp_path_factory.mktemp("home"))
    yield desk
    desk.close()


def add(
    desk: Desk,
    username: str = "siti",
    role: Role = Role.VERIFIER,
    districts: tuple[str, ...] = ("63.71.03",),
    password: str = PASSWORD,
) -> None:
    with desk.bench.store.unit("test") as work:
        add_account(work.session, username, role, districts, password, "Siti")


def sign_in(desk: Desk, username: str, password: str) -> tuple[int, str]:
    body = {"username": username, "password": password}
    return problem(desk.http.post("/v1/login", json=body))


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_the_demo_has_an_account_for_each_role(demo: Desk, role: Role) -> None:
    """User name = role name; the token opens what the role may do."""
    body = {"username": role.value, "password": DEMO_PASSWORD}
    signed_in = demo.http.post("/v1/login", json=body).json
    assert signed_in["role"] == role
    assert signed_in["token_type"] == "Bearer"
    assert signed_in["expires_in"] == 8 * 60 * 60
    headers = {"Authorization": f"Bearer {signed_in['access_token']}"}
    assert demo.http.get("/v1/tasks", headers=headers).status_code == 200


def test_the_demos_verifier_is_designated_everywhere(demo: Desk) -> None:
    """So that any request of the demo can be claimed."""
    body = {"username": "verifier", "password": DEMO_PASSWORD}
    districts = demo.http.post("/v1/login", json=body).json["districts"]
    assert districts == [district.code for district in regions.districts()]
    assert len(districts) == 5


def test_there_are_no_demo_accounts_outside_the_demo(desk: Desk) -> None:
    """They are not even made."""
    assert sign_in(desk, "auditor", DEMO_PASSWORD) == (401, "login_failed")


def test_demo_accounts_left_in_a_database_are_refused_outside_the_demo(tmp_path: Path) -> None:
    """Signing in, an old token, and being appointed: all as if there were no such account."""
    in_demo = Desk(tmp_path)
    tokens = {role: in_demo.sign_in(role) for role in (Role.AUDITOR, Role.SOCIAL_WORKER)}
    in_demo.close()
    desk = Desk(tmp_path, demo="false")
    assert sign_in(desk, "auditor", DEMO_PASSWORD) == (401, "login_failed")
    response = desk.http.get("/v1/tasks", headers=tokens[Role.AUDITOR])
    assert problem(response) == (401, "not_signed_in")
    desk.close()


def test_a_member_of_staff_signs_in(desk: Desk) -> None:
    """With the password, for the role and districts of the account."""
    add(desk)
    body = {"username": "siti", "password": PASSWORD}
    signed_in = desk.http.post("/v1/login", json=body).json
    assert (signed_in["role"], signed_in["districts"]) == ("verifier", ["63.71.03"])


@pytest.mark.parametrize(("username", "password"), [("siti", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_password_and_an_unknown_user_get_the_same_answer(
    desk: Desk, username: str, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And cost the same: a password is verified in both cases, once."""
    add(desk)
    verified = []
    verify = accounts._verify
    monkeypatch.setattr(accounts, "_verify", lambda *two: verified.append(two) or verify(*two))
    assert sign_in(desk, username, password) == (401, "login_failed")
    assert len(verified) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"username": "x"}, "password"),
        ({"username": "x", "password": "y", "role": "auditor"}, "role"),
        ({"username": "x\x00", "password": "y"}, "username"),
        ({"username": "x" * 41, "password": "y"}, "username"),
        ({"username": "x", "password": "y" * 201}, "password"),
        ({"username": "x", "password": 5}, "password"),
    ],
)
def test_a_wrong_form_is_refused(desk: Desk, body: dict[str, object], field: str) -> None:
    """By its fields, before any password is looked at."""
    response = desk.http.post("/v1/login", json=body)
    assert problem(response) == (422, "validation_failed")
    assert list(fields(response)) == [field]


def test_a_password_with_unusual_characters_works(desk: Desk) -> None:
    """Letters of any script; a lone surrogate is refused as a wrong field."""
    add(desk, password="kata sandi yang panjang é 🐙")
    body = {"username": "siti", "password": "kata sandi yang panjang é 🐙"}
    assert desk.http.post("/v1/login", json=body).status_code == 200
    lone = desk.http.post(
        "/v1/login",
        data=b'{"username": "siti", "password": "\\ud800"}',
        content_type="application/json",
    )
    assert problem(lone) == (422, "validation_failed")


def test_passwords_are_kept_as_argon2id_hashes(desk: Desk) -> None:
    """Never as they are."""
    add(desk)
    with desk.bench.session() as session:
        account = accounts.account_of(session, "siti", demo=False)
    assert account is not None
    assert account.password_hash.startswith("$argon2id$")


@pytest.mark.parametrize(
    "account",
    [
        {"username": "Siti"},
        {"username": "s"},
        {"username": "siti aminah"},
        {"role": Role.RESIDENT},
        {"role": Role.SYSTEM},
        {"districts": ("63.71.99",)},
        {"districts": ("63.71.03.1003",)},
        {"password": "too short"},
        {"password": "x" * 201},
    ],
)
def test_an_unfit_account_is_not_added(desk: Desk, account: dict[str, object]) -> None:
    """The error says why."""
    with pytest.raises(UnfitAccount):
        add(desk, **account)  # type: ignore[arg-type]


def test_a_user_name_is_given_once(desk: Desk) -> None:
    """The first keeps it."""
    add(desk)
    with pytest.raises(UnfitAccount, match="taken"):
        add(desk, role=Role.AUDITOR)


def test_an_account_of_the_offices_own_is_not_touched_by_the_demo(tmp_path: Path) -> None:
    """Though it has the name of a role."""
    desk = Desk(tmp_path, demo="false")
    add(desk, username="auditor", role=Role.AUDITOR, districts=())
    desk.close()
    demo = Desk(tmp_path)
    assert sign_in(demo, "auditor", DEMO_PASSWORD) == (401, "login_failed")
    body = {"username": "auditor", "password": PASSWORD}
    assert demo.http.post("/v1/login", json=body).status_code == 200
    demo.close()


def test_hashing_lets_the_other_green_threads_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """It happens in a real thread: a green thread runs while the password is verified."""
    sleep = eventlet.patcher.original("time").sleep
    monkeypatch.setattr(accounts, "_verify", lambda *_: sleep(0.3) or True)
    ticks = []

    def tick() -> None:
        while True:
            ticks.append(time.monotonic())
            eventlet.sleep(0.01)

    ticking = eventlet.spawn(tick)
    password_fits(None, "x")
    ticking.kill()
    tpool.killall()
    assert len(ticks) > 5
