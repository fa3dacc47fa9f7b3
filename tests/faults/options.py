"""What a run of the rig is asked to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """`requests` writes are to be acknowledged at least, `submissions` of them new cases, by
    `clients` at once. Faults come one after the other in each lane, `gap` seconds apart at least;
    those of the lanes overlap. `evenly` lets them wait for the work, so that all of it is done
    under faults. One that cannot be made is tried again later; none is begun after `minutes`. A
    walk stops after the registration with the probability `registered_only`."""

    requests: int
    submissions: int = 0
    clients: int = 8
    seed: int = 1
    minutes: float = 5.0
    gap: tuple[float, float] = (1.0, 3.0)
    evenly: bool = False
    registered_only: float = 0.46
    without: str | None = None
    far_jump: bool = True
    rebuild: bool = True
    quiet_within: float = 600.0
