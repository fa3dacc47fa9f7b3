"""The gateway: the only door, and its own picture of every case."""

from functools import partial

from flask import Flask

from chassis.entrypoints import every, on_every_event
from chassis.rpc import RpcClient
from chassis.settings import Configured
from chassis.store import Store
from chassis.work import Work
from contracts.envelope import CloudEvent
from gateway.accounts import StaffAccount, add_demo_accounts
from gateway.app import build_app
from gateway.changes import changes
from gateway.context import Readiness
from gateway.read_model import record
from gateway.settings import GatewaySettings
from gateway.spent import forget_spent
from gateway.throttle import forget_tries
from gateway.web import http_api


class GatewayService:
    """Answers HTTP, and keeps the status of every case from the services' events."""

    name = "gateway"
    store = Store(StaffAccount.metadata)
    rpc = RpcClient()
    settings = Configured(GatewaySettings)

    @http_api
    def http(self, readiness: Readiness) -> Flask:
        """The application that the web server serves; called once, at start."""
        if self.settings.demo:
            with self.store.unit("demo_accounts") as work:
                add_demo_accounts(work.session)
        return build_app(self.settings, self.store, self.rpc, self.store.clock, readiness)

    @on_every_event
    def on_any_event(self, event: CloudEvent, work: Work) -> None:
        """Store the event, fold its case anew, and wake who waits for it."""
        record(work.session, event)
        work.after_commit(partial(changes.announce, event.subject))

    @every(seconds=300)
    def forget_wrong_tries(self, work: Work) -> None:
        """Those whose time is over."""
        forget_tries(work.session, work.now)

    @every(seconds=300)
    def forget_what_ended(self, work: Work) -> None:
        """Revoked tokens and used attempts to sign in, once they are good no more anyway."""
        forget_spent(work.session, work.now)
