"""The page of who may do what: complete, and made from the table that the door uses."""

from pathlib import Path

import pytest

from gateway import rights_page
from gateway.calls import CALLS
from gateway.rights import GATEWAY, ROLE_NAMES, RULES, STAFF, Whose
from gateway.visibility import _KEPT_HERE


def test_the_page_is_what_the_table_says() -> None:
    """`make schemas` writes it anew."""
    assert rights_page.PAGE.read_text("utf-8") == rights_page.page()


def test_every_call_stands_in_the_page() -> None:
    """Once each."""
    routes = rights_page._routes()
    assert {endpoint for _, _, endpoint in routes} == set(CALLS)
    text = rights_page.page()
    for method, path, _ in routes:
        assert text.count(f"| `{method} {path}`") == 1


def test_a_stale_page_is_told_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With what to do about it; writing makes it good."""
    page = tmp_path / "page.md"
    page.write_text("| old |\n")
    assert rights_page.main(["--check"], page) == 1
    assert "make schemas" in capsys.readouterr().err
    assert rights_page.main([], page) == 0
    assert rights_page.main(["--check"], page) == 0


def test_every_rule_is_kept_by_somebody() -> None:
    """The gateway knows how to tell its own, but for the code, which is asked for before."""
    of_gateway = {whose for whose, rule in RULES.items() if rule.kept_by == GATEWAY}
    assert of_gateway == {*_KEPT_HERE, Whose.WITH_ITS_CODE}
    assert set(RULES) == set(Whose)
    used = {grant.whose for call in CALLS.values() for grant in call.grants + call.personal_data}
    assert used | {Whose.NOT_ABOUT_THEM} == set(Whose)


def test_every_role_of_the_staff_has_a_name_and_a_right() -> None:
    """And the resident is none of them."""
    assert len(STAFF) == 8
    assert (
        {role for call in CALLS.values() for role in call.roles}
        == STAFF
        == set(ROLE_NAMES) - {"resident"}
    )
