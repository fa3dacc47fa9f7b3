"""Calls at random to the running system, by everybody: no 5xx, and every answer as documented."""

import os
from contextlib import suppress
from random import Random

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from hypothesis.stateful import initialize
from schemathesis import GenerationMode
from schemathesis.generation.stateful.state_machine import StepInput, StepOutput

from tests.e2e.documented_api import Api, operations
from tests.e2e.fuzzing import Fuzzer, Pool

CALLS = int(os.environ.get("SIGAP_FUZZ", "250"))
"""How many calls are made at random, and about as many along the links."""

pytestmark = pytest.mark.timeout(120 + CALLS)
CHANCES = st.integers(0, 2**32).map(Random)
UNHURRIED = settings(
    deadline=None,
    database=None,
    derandomize=False,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
"""The system keeps what was done to it, so nothing can be tried again in a smaller form."""

LINKED = settings(UNHURRIED, max_examples=10, stateful_step_count=8)


@pytest.fixture(scope="module")
def fuzzer(api: Api, delivered, handed_over, reopened, escalated, detours, told) -> Fuzzer:
    """Knows the cases of every procedure, each at another point, and what belongs to them."""
    pool = Pool(api.codes)
    for case in api.codes:
        pool.learn(api.get("/v1/status/{tracking_number}", "auditor", tracking_number=case).json())
    return Fuzzer(api, pool)


@pytest.fixture(scope="module")
def schema(api: Api):
    """The document, for right and for wrong calls."""
    schema = schemathesis.openapi.from_dict(api.document)
    schema.config.generation.update(modes=list(GenerationMode))
    return schema


def test_every_call_at_random_is_answered_as_documented(fuzzer, schema):
    """Whoever calls: anyone, residents, each role; with bodies that fit and bodies that do not."""
    each = [found.ok() for found in schema.get_all_operations()]
    assert {(one.method, one.path) for one in each} == set(operations(fuzzer.api.document))
    ways = st.sampled_from([(one, mode) for one in each for mode in GenerationMode])
    drawn = ways.flatmap(lambda way: way[0].as_strategy(generation_mode=way[1]))

    @settings(UNHURRIED, max_examples=CALLS)
    @given(case=drawn, chance=CHANCES)
    def call(case, chance):
        fuzzer.make(fuzzer.dressed(case, chance))

    call()
    assert not fuzzer.wrong, "\n\n".join(fuzzer.wrong.values())


def test_calls_along_the_links_are_answered_as_documented(fuzzer, schema):
    """What one answer names is what the next call is about, in the order of the procedures."""
    until = fuzzer.made + CALLS

    class Procedures(schema.as_state_machine()):
        @initialize(chance=CHANCES)
        def begin(self, chance):
            self.chance = chance

        def step(self, input: StepInput) -> StepOutput:
            case = fuzzer.dressed(input.case, self.chance, linked=input.is_applied)
            return StepOutput(fuzzer.make(case), input.case)

    while fuzzer.made < until:
        with suppress(Flaky):  # the same calls find another system when they come again
            Procedures.run(settings=LINKED)
    assert not fuzzer.wrong, "\n\n".join(fuzzer.wrong.values())
