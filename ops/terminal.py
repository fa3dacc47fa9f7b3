"""What commands of `sigap` share: options, and how a result is printed."""

import json
from collections.abc import Mapping
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
By = Annotated[str, typer.Option("--by", help="Your user name; the ledger keeps it.")]


def show(result: Mapping[str, object], as_json: bool) -> None:
    """Print it: as JSON, or a line for each name; what is in a list stands side by side."""
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False))
        return
    for name, value in result.items():
        typer.echo(f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}")
