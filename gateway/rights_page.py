"""Writes docs/who-may-do-what.md from the table of calls; `--check` says whether it is stale."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI

from contracts.envelope import Role
from gateway.app import RESOURCES
from gateway.calls import CALLS, Call
from gateway.docs import docs
from gateway.openapi_rights import hides_complaints, rights_of
from gateway.rights import EVERY_KIND, ROLE_NAMES, RULES, Whose
from gateway.stages import CaseKind

PAGE = Path(__file__).parent.parent / "docs" / "who-may-do-what.md"

HEAD = """\
# Who may do what

<!-- Written by `make schemas` from gateway/calls.py and gateway/rights.py. -->

This page and the checks at the door are made from one table. Whoever has no right to a call gets
`401 not_signed_in` without a token or code, and `403 access_denied` with the token of another role.
Whose case it is, is decided by the rules below. Every refusal is
[logged and counted](operations.md#refusals).

The same is written down a second time by hand, in `who_may.txt` and `whose_case.txt` of
`tests/integration/gateway/`, and every line of theirs is tried on the running office.
"""

_KIND_NAMES = {
    CaseKind.ASSISTANCE_VERIFICATION: "verifications",
    CaseKind.DATA_REQUEST: "data requests",
    CaseKind.COMPLAINT: "complaints",
}
_COLUMNS: tuple[Role | None, ...] = (None, *ROLE_NAMES)
_NEVER = "–"


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_roles(), *_rules(), *_personal_data(), *_calls()]) + "\n"


def main(arguments: list[str], path: Path = PAGE) -> int:
    """0 when all is well, else 1 and the reason on stderr. Writes, unless told to `--check`."""
    text = page()
    if arguments != ["--check"]:
        path.write_text(text, "utf-8")
        return 0
    if not path.exists() or path.read_text("utf-8") != text:
        sys.stderr.write(f"docs/{path.name} is stale\nRun `make schemas`.\n")
        return 1
    return 0


def _roles() -> Iterator[str]:
    yield "## Roles\n"
    yield "| role | Indonesian | English |"
    yield "| --- | --- | --- |"
    for role, name in ROLE_NAMES.items():
        yield f"| `{role.value}` | {name.id} | {name.en} |"
    yield ""


def _rules() -> Iterator[str]:
    yield "## Whose case\n"
    yield (
        "A right without a rule is for every case of the kinds that it names, or that the call is "
        "about. In every call that is marked * a complaint does not exist for the member of the "
        "staff whom it is about.\n"
    )
    yield "| rule | for | | any other case | kept by |"
    yield "| --- | --- | --- | --- | --- |"
    for whose, rule in RULES.items():
        if whose is not Whose.ANY:
            yield (
                f"| `{whose.value}` | {rule.text.en} | {rule.text.id} | `{rule.refusal}` "
                f"| {rule.kept_by} |"
            )
    yield ""


def _personal_data() -> Iterator[str]:
    yield "## Personal data of a whole case\n"
    yield (
        "`GET /v1/cases/{tracking_number}` answers every member of the staff with the status; with "
        "what the services keep of the case it answers these only. Of a complaint the heads see "
        f"who complains once `{Whose.ESCALATED_EVER.value}` holds.\n"
    )
    yield from _table([("whole case", Call(grants=CALLS["cases.read_case"].personal_data), "")])


def _calls() -> Iterator[str]:
    rows: dict[str, list[tuple[str, Call, str]]] = {}
    for method, path, endpoint in _routes():
        rows.setdefault(endpoint.partition(".")[0], []).append((method, CALLS[endpoint], path))
    yield "## Calls\n"
    for resource, calls in rows.items():
        yield f"### {resource.replace('_', ' ')}\n"
        yield from _table(calls)


def _table(calls: list[tuple[str, Call, str]]) -> Iterator[str]:
    yield "| call | " + " | ".join(_heading(role) for role in _COLUMNS) + " |"
    yield "| --- |" + " --- |" * len(_COLUMNS)
    for method, call, path in calls:
        hides = " *" if hides_complaints(path, call) else ""
        cells = " | ".join(_cell(call, role) for role in _COLUMNS)
        yield f"| {f'`{method} {path}`' if path else method}{hides} | {cells} |"
    yield ""


def _heading(role: Role | None) -> str:
    return ROLE_NAMES[role].en if role else "anyone"


def _cell(call: Call, role: Role | None) -> str:
    """`yes`, or for which kinds of case and by which rule."""
    if call.anyone and (role is Role.RESIDENT or not call.grants):
        return "yes"
    rights = [right for right in rights_of(call) if right.role is role]
    return "; ".join(_right(call, right.kinds, right.whose) for right in rights) or _NEVER


def _right(call: Call, kinds: tuple[CaseKind, ...], whose: Whose) -> str:
    rule = "" if whose is Whose.ANY else f"`{whose.value}`"
    if set(kinds) == call.kinds or set(kinds) == EVERY_KIND:
        return rule or "yes"
    named = ", ".join(_KIND_NAMES[kind] for kind in kinds)
    return f"{named}: {rule}" if rule else named


def _routes() -> list[tuple[str, str, str]]:
    """(method, path, endpoint) of every call, in the order of the OpenAPI document."""
    app = OpenAPI(
        "rights", info=Info(title="rights", version="1"), doc_ui=False, static_folder=None
    )
    for resource in RESOURCES:
        app.register_api(resource.api)
    app.register_blueprint(docs)
    return [
        (method, re.sub(r"<(\w+)>", r"{\1}", rule.rule), rule.endpoint)
        for rule in app.url_map.iter_rules()
        if rule.endpoint in CALLS
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
