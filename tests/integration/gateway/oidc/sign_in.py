"""Signing in at a provider as a browser and a front end do."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from contracts.envelope import Role
from gateway.accounts import add_account, link_account
from tests.integration.gateway.desk import Desk
from tests.integration.gateway.sign_in_provider import CLIENT, SECRET, Json, Provider

BACK = "https://office.example/back"


PASSWORD = "a long enough password"


FAILED = (401, "sign_in_failed")


AWAY = (503, "sign_in_provider_unavailable")


def make_desk(folder: Path, issuer: str, **more: str) -> Desk:
    settings = {
        "oidc_issuer": issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET,
        "oidc_redirect_uris": f"https://other.example/, {BACK}",
        "failed_logins_per_client": "1000",
    }
    desk = Desk(folder, demo="false", **settings | more)
    desk.clock.set(datetime.now(UTC))
    return desk


def hire(desk: Desk, provider: Provider) -> None:
    with desk.bench.store.unit("test") as work:
        add_account(work.session, "siti", Role.VERIFIER, ["63.71.03"], None, "Siti")
        link_account(work.session, "siti", provider.issuer, provider.subject)


def begin(desk: Desk, redirect_uri: str = BACK) -> Json:
    answer = desk.http.get("/v1/login/oidc", query_string={"redirect_uri": redirect_uri})
    assert answer.status_code == 200, answer.text
    begun: Json = answer.json
    return begun


def come_back(begun: Json) -> Json:
    """Go to the provider as a browser does; what the front end sends on afterwards."""
    answer = httpx.get(begun["authorization_url"])
    address = urlsplit(answer.headers["Location"])
    assert address.geturl().startswith(BACK)
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    return {"code": query["code"], "state": query["state"], "ticket": begun["ticket"]}


def finish(desk: Desk, form: Json) -> Any:
    return desk.http.post("/v1/login/oidc", json=form)


def attempt(desk: Desk) -> Any:
    """One whole attempt to sign in."""
    return finish(desk, come_back(begin(desk)))


def reasons(lines: list[Any]) -> list[tuple[str, str]]:
    """(reason, why) of each refusal in the log."""
    refused = [line for line in lines if line["event"] == "sign_in_refused"]
    return [(line["reason"], line["why"]) for line in refused]
