"""operations.md says of accounts what they get; files of secrets go where they belong."""

import re
from pathlib import Path

from chassis import rights
from chassis.rights import accounts
from chassis.settings import Settings, account_secret, write_secret
from chassis.transport import broker_url
from contracts.askers import GATEWAY, OPERATOR
from ops import secret_files
from ops.registry import CLASSES, topology

ROOT = Path(__file__).parents[2]
CALLS = topology().calls


def names_in(pattern: str) -> list[str]:
    """The names that a pattern lets through, but for those of answers."""
    names = pattern.removeprefix("^").removesuffix("$").strip("()").replace("\\", "").split("|")
    return [name for name in names if name and "reply" not in name and name != "nameko-rpc"]


def table() -> list[str]:
    """A row for each account, as operations.md has them."""
    rows = []
    for account, given in accounts(topology()).items():
        read = {re.sub(r"^evt-(?!all).*--", "evt-*--", name) for name in names_in(given.read)}
        read = {re.sub(r"\.on_.*", ".on_*", name) for name in read}
        asked = [f"{service}.{method}" for who, service, method in CALLS if who == account]
        cells = [[account], names_in(given.write), sorted(read), asked]
        shown = [", ".join(f"`{name}`" for name in cell) or "–" for cell in cells]
        if account == GATEWAY:
            shown[3] = "all that the HTTP API needs"
        rows.append(f"| {' | '.join(shown)} |")
    return rows


def test_operations_md_tells_what_each_account_may_do() -> None:
    """The table is made from the rights, by hand, and goes stale aloud."""
    assert "\n".join(table()) in (ROOT / "docs" / "operations.md").read_text("utf-8")


def test_operators_have_one_name() -> None:
    """Rights and table of askers mean the same account, though neither room knows the other."""
    assert rights.OPERATOR == OPERATOR


def test_every_account_has_its_password_among_the_secrets() -> None:
    """`sigap secrets` knows whoever signs in."""
    made = {account_secret(account) for account in accounts(topology())}
    assert made <= set(secret_files.PASSWORDS)


def test_each_service_is_handed_its_own_secrets_only(tmp_path: Path) -> None:
    """Nobody else's password, and no key that it has no use for; readable by its owner alone."""
    secret_files.make(tmp_path / "all")
    for _ in range(2):  # the second time puts new files in the old ones' places
        secret_files.hand_out(tmp_path / "all", tmp_path / "own")
    files = {holder: {p.name for p in (tmp_path / "own" / holder).iterdir()} for holder in CLASSES}
    for service, names in files.items():
        passwords = {name for name in names if name.startswith(("broker_", "database_"))}
        assert passwords == {f"broker_{service}", f"database_{service}"}
    holders = {
        name: {s for s, names in files.items() if name in names} for name in ("ledger", "token")
    }
    assert holders == {"ledger": {"audit"}, "token": {"gateway"}}
    assert "vault" not in files["gateway"] | files["audit"]
    for path in (tmp_path / "own").rglob("*_*"):
        assert path.is_dir() or path.stat().st_mode & 0o077 == 0


def test_an_address_without_a_password_is_a_family_of_accounts(tmp_path: Path) -> None:
    """Each service signs in for itself; one with a password is taken as it is."""
    write_secret(tmp_path / "broker_intake")
    family = Settings(
        amqp_url="amqp://office@broker:5672/house",
        database_url="postgresql://unused/",
        secrets_dir=tmp_path,
    )
    password = (tmp_path / "broker_intake").read_text()
    assert broker_url(family, "intake") == f"amqp://office_intake:{password}@broker:5672/house"
    alone = family.model_copy(update={"amqp_url": "amqp://a:b@broker/"})
    assert broker_url(alone, "intake") == "amqp://a:b@broker/"
    assert (family.own_accounts, alone.own_accounts) == (True, False)
