"""The audit of what is locked: red for what is known, and never green for what was not asked."""

import json
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[3] / "deploy" / "audit_dependencies.py"
LOCKED = f"jinja2=={{version}} --hash=sha256:{'0' * 64}\n"
KNOWN = {
    "id": "PYSEC-2014-8",
    "modified": "2021-07-05T00:01:22Z",
    "affected": [
        {
            "package": {"name": "jinja2", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.7.2"}]}],
            "versions": ["2.7.1"],
        }
    ],
}
"""An advisory of the Python Packaging Advisory Database, shortened."""


class Advisories(BaseHTTPRequestHandler):
    """A source of advisories with the interface of OSV; it knows one."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = [KNOWN] if asked["version"] == "2.7.1" else []
        content = json.dumps({"vulns": known} if known else {}).encode()
        self.send_response(500 if asked["version"] == "2.7.3" else 200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Not said."""


@pytest.fixture(scope="module")
def source() -> Iterator[str]:
    """Its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Advisories)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query"
    server.shutdown()
    server.server_close()


def audit(folder: Path, version: str, source: str, *options: str) -> tuple[int, str]:
    """Exit code and words of an audit of one locked package, by pip-audit itself."""
    lock = folder / "some.lock"
    lock.write_text(LOCKED.format(version=version))
    command = [sys.executable, str(SCRIPT), *options, str(lock), "--", "-s", "osv"]
    ran = subprocess.run(
        [*command, "--osv-url", source], capture_output=True, text=True, check=False
    )
    return ran.returncode, ran.stderr


def test_a_known_vulnerability_is_red(tmp_path: Path, source: str) -> None:
    """With the package, the advisory and the version that mends it; nothing excuses it."""
    code, said = audit(tmp_path, "2.7.1", source, "--unless-out-of-reach")
    assert code == 1
    assert "jinja2 2.7.1: PYSEC-2014-8, mended in 2.7.2" in said


def test_what_nothing_is_known_of_is_green(tmp_path: Path, source: str) -> None:
    """And the number of packages is told."""
    code, said = audit(tmp_path, "3.1.6", source)
    assert (code, said) == (0, "dependency audit: no known vulnerability in 1 packages\n")


def test_a_source_that_fails_is_no_audit(tmp_path: Path, source: str) -> None:
    """It is said aloud; only who asks for that goes on."""
    code, said = audit(tmp_path, "2.7.3", source, "--unless-out-of-reach")
    assert code == 0
    assert "NOT DONE" in said


def module() -> Any:
    spec = spec_from_file_location("audit_dependencies", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    script = sys.modules[spec.name] = module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


def judge(*packages: dict[str, Any]) -> tuple[int, str]:
    script = module()
    report = script.read(json.dumps({"dependencies": packages, "fixes": []}))
    result: tuple[int, str] = script.judged(report, "")
    return result


CLEAN = {"name": "a", "version": "1", "vulns": []}
UNKNOWN = {"name": "b", "skip_reason": "Dependency not found on PyPI and could not be audited"}


def test_packages_that_were_not_looked_up_are_no_clean_ones() -> None:
    """pip-audit itself calls both of these clean."""
    assert judge(UNKNOWN)[0] == 2
    code, said = judge(CLEAN, UNKNOWN)
    assert code == 2
    assert "1 of 2 packages: b" in said
    assert judge()[0] == 2
    assert module().judged(None, "no route")[0] == 2


def test_a_finding_counts_more_than_what_was_not_looked_up() -> None:
    """Red is red."""
    found = {"id": "X-1", "fix_versions": [], "aliases": [], "description": ""}
    code, said = judge(UNKNOWN, CLEAN | {"vulns": [found]})
    assert code == 1
    assert "a 1: X-1, mended in no version yet" in said
