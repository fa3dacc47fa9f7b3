"""Many at once: one key makes one case, one verifier gets it, and no number is given twice."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import eventlet
import httpx
import pytest
from eventlet.event import Event
from sqlalchemy import text

from ops.demo import AidJourney, Office
from ops.demo.aid import REQUEST
from tests.e2e.inspection import database, nothing_is_left
from tests.fleet import Fleet
from tests.real import Broker, eventually

SAME = 50
DIFFERENT = 40
RACES = 3
RIVALS = ("rina_uji", "budi_uji")
PASSWORD = "kata sandi uji coba"

BODY = REQUEST | {"channel": "web"}

Call = Callable[[], httpx.Response]


class Front(httpx.Client):
    """A front end's connection, with its own idempotency key on every call."""

    def submit(self, body: dict[str, Any], key: str) -> httpx.Response:
        return self.post("/v1/requests", json=body, headers={"Idempotency-Key": key})


@pytest.fixture(scope="module")
def fleet(shared_fleet):
    """These tests look at their own cases only."""
    return shared_fleet


@pytest.fixture
def front(fleet: Fleet) -> Iterator[Front]:
    limits = httpx.Limits(max_connections=SAME)
    with Front(base_url=fleet.url, timeout=60, limits=limits) as front:
        yield front


def at_once(calls: list[Call]) -> list[httpx.Response]:
    """The answers to calls that all begin in the same moment."""
    start = Event()

    def begin(call: Call) -> httpx.Response:
        start.wait()
        return call()

    threads = [eventlet.spawn(begin, call) for call in calls]
    eventlet.sleep(0)
    start.send()
    return [thread.wait() for thread in threads]


def registered(fleet: Fleet) -> list[str]:
    """The tracking numbers of all requests, in order."""
    with database(fleet, "intake") as connection:
        query = "SELECT tracking_number FROM requests ORDER BY 1"
        return list(connection.scalars(text(query)))


def without_gaps(cases: list[str]) -> bool:
    """Whether the numbers of each day are 1, 2, 3 and so on."""
    days: dict[str, list[int]] = {}
    for case in cases:
        day, _, number = case.rpartition("-")
        days.setdefault(day, []).append(int(number))
    return all(sorted(each) == list(range(1, len(each) + 1)) for each in days.values())


def test_one_key_sent_many_times_at_once_makes_one_case(fleet, front, broker: Broker):
    """All get the same answer, to the letter; there is one request and one receipt."""
    before = registered(fleet)
    key = str(uuid.uuid4())
    answers = at_once([lambda: front.submit(BODY, key)] * SAME)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    (case,) = set(registered(fleet)) - set(before)
    assert answers[0].json()["tracking_number"] == case
    assert front.submit(BODY, key).content == answers[0].content
    eventually(lambda: nothing_is_left(fleet, broker), "all to be quiet")
    with database(fleet, "documents") as connection:
        receipts = text("SELECT count(*) FROM documents WHERE tracking_number = :case")
        assert connection.scalar(receipts, {"case": case}) == 1


def test_a_key_is_refused_for_another_body(fleet, front):
    """Also when both come at once: whichever was second is told."""
    key = str(uuid.uuid4())
    other = BODY | {"notes": "Bukan yang tadi."}
    before = registered(fleet)
    answers = at_once([lambda: front.submit(BODY, key), lambda: front.submit(other, key)])
    first, second = sorted(answers, key=lambda answer: answer.status_code)
    assert (first.status_code, second.status_code) == (201, 422)
    assert second.json()["code"] == "idempotency_key_reused"
    assert len(registered(fleet)) == len(before) + 1


def test_different_requests_at_once_get_numbers_without_gap(fleet, front):
    """Each its own, following each other and what was there before."""
    before = registered(fleet)
    bodies = [BODY | {"notes": f"Permohonan ke-{index}"} for index in range(DIFFERENT)]
    answers = at_once([lambda body=body: front.submit(body, str(uuid.uuid4())) for body in bodies])
    assert {answer.status_code for answer in answers} == {201}
    made = {answer.json()["tracking_number"] for answer in answers}
    assert len(made) == DIFFERENT
    everything = registered(fleet)
    assert set(everything) - set(before) == made
    assert without_gaps(everything)


def test_of_two_verifiers_who_claim_at_once_one_gets_the_case(fleet, front):
    """The other is told that it is taken; asking again changes nothing for either."""
    headers = [sign_in(fleet, front, rival) for rival in RIVALS]
    office = Office(fleet.url)
    for _ in range(RACES):
        case = announced(office).tracking_number
        path = f"/v1/verifications/{case}/claim"

        def claim(who: int, path: str = path) -> httpx.Response:
            key = {"Idempotency-Key": str(uuid.uuid4())}
            return front.post(path, json={}, headers=headers[who] | key)

        answers = at_once([lambda: claim(0), lambda: claim(1)])
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        winner = [answer.status_code for answer in answers].index(200)
        assert answers[1 - winner].json()["code"] == "already_claimed"
        assert claim(winner).status_code == 200
        assert claim(1 - winner).json()["code"] == "already_claimed"
        with database(fleet, "verification") as connection:
            query = text("SELECT verifier FROM cases WHERE tracking_number = :case")
            assert connection.scalar(query, {"case": case}) == RIVALS[winner]


def test_a_move_sent_many_times_with_one_key_happens_once(fleet, front):
    """An upload from the field that is repeated until it is answered."""
    journey = announced(Office(fleet.url))
    path = f"/v1/verifications/{journey.tracking_number}/claim"
    headers = sign_in(fleet, front, RIVALS[0]) | {"Idempotency-Key": str(uuid.uuid4())}
    answers = at_once([lambda: front.post(path, json={}, headers=headers)] * 10)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    eventually(lambda: "verifier_assigned" in journey.event_names(), "the ledger")
    assert journey.event_names().count("verifier_assigned") == 1


@pytest.mark.parametrize("path", ["/v1/requests", "/v1/attachments"])
def test_a_call_that_makes_something_needs_a_key(front, path):
    """Nothing is made without one."""
    content = {"json": BODY} if path == "/v1/requests" else {"files": {"file": b"%PDF-1.4"}}
    answer = front.post(path, **content)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")


def sign_in(fleet: Fleet, front: Front, rival: str) -> dict[str, str]:
    """The header of a verifier, whose account is made at the first time."""
    credentials = {"username": rival, "password": PASSWORD}
    answer = front.post("/v1/login", json=credentials)
    if answer.status_code == 401:
        arguments = ("staff", "add", rival, "verifier", "--district", "63.71.03")
        fleet.sigap(*arguments, SIGAP_PASSWORD=PASSWORD)
        answer = front.post("/v1/login", json=credentials)
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


class Announced(AidJourney):
    """The procedure up to the announcement to the verifiers."""

    def travel(self) -> dict[str, Any]:
        self.registered(self.office.post("/v1/requests", BODY, "counter_officer"))
        names = ("resident", "identity_document", "institution_documents")
        checklist = [{"requirement": name, "fulfilled": True} for name in names]
        return self.as_staff(
            "identification", {"checklist": checklist}, "counter_officer", "announced"
        )


def announced(office: Office) -> Announced:
    journey = Announced(office)
    journey.travel()
    return journey
