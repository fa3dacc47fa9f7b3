"""Asks for known vulnerabilities of everything in the lock file, with pip-audit.

pip-audit passes over what its source does not know, and calls that clean: where a mirror answers
for PyPI that can be every package. Here such an audit counts as not done, and says so.

    python deploy/audit_dependencies.py [--unless-out-of-reach] [LOCK] [-- options of pip-audit]

Exit code: 0 nothing is known, 1 something is, 2 not done (0 with --unless-out-of-reach).
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOCK = Path(__file__).parent.parent / "requirements-dev.lock"
HASHED = ("--disable-pip", "--require-hashes", "--progress-spinner=off", "--format=json")
SHOWN = 5


@dataclass(frozen=True)
class Report:
    """Packages that were looked up, those that were not, and what is known of the former."""

    audited: tuple[str, ...]
    skipped: tuple[str, ...]
    found: tuple[str, ...]


def read(answer: str) -> Report:
    """pip-audit's JSON. Raises ValueError when it is none."""
    packages: list[dict[str, Any]] = json.loads(answer)["dependencies"]
    looked_up = [each for each in packages if "skip_reason" not in each]
    return Report(
        audited=tuple(each["name"] for each in looked_up),
        skipped=tuple(each["name"] for each in packages if "skip_reason" in each),
        found=tuple(_told(each, one) for each in looked_up for one in each["vulns"]),
    )


def judged(report: Report | None, reason: str) -> tuple[int, str]:
    """Exit code and what to say; without a report for the `reason`."""
    if report is None:
        return 2, f"NOT DONE: {reason}"
    if report.found:
        return 1, "\n".join(("VULNERABLE:", *report.found))
    if report.skipped or not report.audited:
        number, every = len(report.skipped), len(report.skipped) + len(report.audited)
        some = ", ".join(report.skipped[:SHOWN])
        return 2, f"NOT DONE: the source does not know {number} of {every} packages: {some} ..."
    return 0, f"no known vulnerability in {len(report.audited)} packages"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--unless-out-of-reach", action="store_true")
    parser.add_argument("lock", nargs="?", type=Path, default=LOCK)
    given, more = parser.parse_known_args(arguments)
    more = [each for each in more if each != "--"]
    command = [sys.executable, "-m", "pip_audit", *HASHED, "-r", str(given.lock), *more]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    try:
        report = read(ran.stdout)
    except ValueError:
        report = None
    lines = ran.stderr.strip().splitlines()
    code, text = judged(report, lines[-1] if lines else "")
    bar = "" if code == 0 else f"{'!' * 78}\n"
    sys.stderr.write(f"{bar}dependency audit: {text}\n{bar}")
    return 0 if code == 2 and given.unless_out_of_reach else code


def _told(package: dict[str, Any], vulnerability: dict[str, Any]) -> str:
    mended = ", ".join(vulnerability["fix_versions"]) or "no version yet"
    name, version = package["name"], package["version"]
    return f"  {name} {version}: {vulnerability['id']}, mended in {mended}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
