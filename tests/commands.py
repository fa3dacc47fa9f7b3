"""Operators' commands in the tests' own process: as `sigap`, without the seconds that its start
takes. What a process of its own does differently (its exit, its output) is tested beside it."""

import os
from collections.abc import Mapping
from typing import NamedTuple
from unittest.mock import patch

from typer.testing import CliRunner

from ops.cli import app
from ops.trouble import told


class Told(NamedTuple):
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


def sigap(environ: Mapping[str, str], *words: str) -> Told:
    """Run a command with this environment."""
    others = {name: None for name in os.environ if name.startswith("SIGAP_")}
    ours = {name: value for name, value in environ.items() if name.startswith("SIGAP_")}
    with patch("chassis.logs.configure"):  # the log stays where the tests want it
        answer = CliRunner().invoke(app, list(words), env=others | ours)
    if answer.exception is not None and (said := told(answer.exception)):  # as `main` says it
        return Told(said[1], answer.stdout, f"{answer.stderr}sigap: {said[0]}\n")
    if answer.exception is not None and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    return Told(answer.exit_code, answer.stdout, answer.stderr)
