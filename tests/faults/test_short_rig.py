"""A short run of the rig, within the normal tests."""

import pytest

from tests.faults import plans
from tests.faults.options import Options
from tests.faults.rig import run, system_under


@pytest.mark.timeout(240)
def test_nothing_is_lost_or_doubled_in_a_short_run(broker, postgres, tmp_path):
    """Kills, named kill points, cut connections, repeated and poisonous messages: all is counted
    once, and only the poison lies in the dead letters."""
    with system_under(broker, postgres, tmp_path, proxied=True) as (system, proxy):
        options = Options(
            requests=60,
            clients=4,
            minutes=0.6,
            gap=(0.2, 1.0),
            registered_only=0.2,
            far_jump=False,
            rebuild=False,
            quiet_within=90,
        )
        report = run(system, proxy, options, plans.short())
    assert report.samples == {}
    assert report.green
    assert report.poison
