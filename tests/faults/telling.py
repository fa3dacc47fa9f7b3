# ruff: noqa: T201 - printing is what this module is for
"""What a run says: as a table on the terminal, and as Markdown."""

from tests.faults.checker import DeadLetters
from tests.faults.rig import Report

MEANING = {
    "lost": "acknowledged and not applied, or applied and not told",
    "unexpected": "effects that nobody asked for",
    "doubled": "effects that happened twice",
    "dead": "dead letters that are not the injected poison, or poison that is none",
    "letters": "letters missing, doubled, or numbered with a gap",
    "projections": "statuses that are not what the ledger adds up to",
    "deadlines": "deadlines told of twice, or not at all",
    "left": "outboxes or queues not empty in the end",
    "processes": "processes that ended by themselves",
    "outages": "reads not answered, writes not refused in time, memory grown without a broker",
}


def rows_of(report: Report, title: str) -> list[tuple[str, str]]:
    """(what, how often or found)."""
    return [
        ("run", f"{title}, {report.seconds:g} s, seed {report.options['seed']}"),
        ("on", "; ".join(report.parts)),
        ("writes", ", ".join(f"{count} {name}" for name, count in report.operations.items())),
        ("accepted requests and complaints", str(report.submissions)),
        ("events in the ledger", str(report.events)),
        ("letters", ", ".join(f"{count} {kind}" for kind, count in sorted(report.letters.items()))),
        *((f"fault: {name}", str(count)) for name, count in sorted(report.faults.items())),
        *((name, str(count)) for name, count in sorted(report.counted.items())),
        *sorted(report.measured.items()),
        ("poison injected", str(report.poison)),
        ("dead letters", _dead_letters(report.dead_letters)),
        *((f"{name}: {MEANING[name]}", str(count)) for name, count in report.verdict.items()),
    ]


def _dead_letters(letters: DeadLetters) -> str:
    return f"{letters.lying} lie there, {letters.distinct} distinct, {letters.twice} more than once"


def tell(report: Report, title: str = "the system") -> None:
    """Print the report as a table."""
    rows = rows_of(report, title)
    width = max(len(name) for name, _ in rows)
    print()
    for name, value in rows:
        print(f"| {name:<{width}} | {value}")
    for note in report.notes:
        print(f"! {note}")
    for lacking in report.lacking:
        print(f"! NOT ENOUGH {lacking}")
    for kind, samples in report.samples.items():
        print(*(f"- {kind}: {sample}" for sample in samples), sep="\n")
    colour = "GREEN" if report.green else "RED"
    print(f"faults: {title}: {colour}{', NOT ENOUGH' if report.lacking else ''}", flush=True)


def markdown(report: Report, proofs: dict[str, Report], disk: Report | None) -> str:
    """The tables of a run, of its proofs, and of the full disk."""
    lines = ["| what | how often / found |", "| --- | --- |"]
    lines += [f"| {name} | {value} |" for name, value in rows_of(report, "the system")]
    if disk is not None:
        lines += ["", "| on a full disk (SQLite) | how often / found |", "| --- | --- |"]
        lines += [f"| {name} | {value} |" for name, value in rows_of(disk, "the embedded system")]
    if proofs:
        lines += ["", "| guard taken out | found |", "| --- | --- |"]
        lines += [
            f"| {guard} | {', '.join(f'{n} {name}' for name, n in proof.verdict.items() if n)} |"
            for guard, proof in proofs.items()
        ]
    return "\n".join(lines) + "\n"
