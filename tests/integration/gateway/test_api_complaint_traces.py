"""What names a complaint without its number in the address: deliveries and the ledger say nothing
of it to whom it is about."""

import json
from collections.abc import Iterator

import pytest

from contracts.audit import LedgerEntry, LedgerPage, ReadLedger
from contracts.envelope import Actor, Done, Role
from contracts.errors import ErrorCode, Refusal
from contracts.notifications import ReplayDelivery
from tests.complaint_events import COMPLAINED, COMPLAINT
from tests.integration.gateway.desk import KEY, Desk, problem

ABOUT = "dewi.concerned"
"""User name of whom the complaint is about."""

ANOTHER = "ADU-20261123-0002"
REPLAY = "/v1/deliveries/n-1/replay"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The gateway, with a complaint about somebody and one about nobody."""
    desk = Desk(tmp_path_factory.mktemp("home"))
    desk.happened(COMPLAINED.model_copy(update={"officer": ABOUT}), case=COMPLAINT)
    desk.happened(COMPLAINED, case=ANOTHER)
    yield desk
    desk.close()


def signed_in(desk: Desk, role: Role, name: str) -> dict[str, str]:
    return KEY | desk.sign_in_as(Actor(id=name, role=role))


def test_a_delivery_of_it_is_replayed_for_others_only(desk: Desk) -> None:
    """Who knows its id from before is answered as for an unknown one, to the byte."""
    others, own = (signed_in(desk, Role.ADMINISTRATOR, name) for name in ("sari", ABOUT))

    def replay(ask: ReplayDelivery) -> Done:
        if COMPLAINT in ask.kept_from:
            raise Refusal(ErrorCode.DELIVERY_NOT_FOUND)
        return Done(tracking_number=COMPLAINT, state="waiting")

    desk.rpc.replies[ReplayDelivery] = replay
    assert desk.http.post(REPLAY, json={}, headers=others).json["tracking_number"] == COMPLAINT
    hidden = desk.http.post(REPLAY, json={}, headers=own)
    assert problem(hidden) == (404, "delivery_not_found")

    def refuse(ask: ReplayDelivery) -> None:
        raise Refusal(ErrorCode.DELIVERY_NOT_FOUND)

    desk.rpc.replies[ReplayDelivery] = refuse
    assert hidden.get_data() == desk.http.post(REPLAY, json={}, headers=own).get_data()


def test_the_ledger_withholds_it_from_an_auditor_whom_it_is_about(desk: Desk) -> None:
    """The line stays with its index; every other event is there, and a colleague sees them all."""
    subjects = (COMPLAINT, ANOTHER, COMPLAINT)
    events = [{"id": f"e-{index}", "subject": case} for index, case in enumerate(subjects)]
    entries = tuple(LedgerEntry(index=i, event=event) for i, event in enumerate(events, 1))
    desk.rpc.replies[ReadLedger] = lambda ask: LedgerPage(entries=entries, last=3, size=3)
    for name, shown in (("sari", events), (ABOUT, [None, events[1], None])):
        response = desk.http.get("/v1/events", headers=signed_in(desk, Role.AUDITOR, name))
        assert [json.loads(line) for line in response.text.splitlines()] == [
            {"index": index} | ({"event": event} if event else {"withheld": True})
            for index, event in enumerate(shown, 1)
        ]
        assert response.headers["X-Ledger-Size"] == "3"
