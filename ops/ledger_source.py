"""The running system's ledger, as the audit service shows it."""

import base64
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chassis import logs
from chassis.rpc import RpcClient
from chassis.settings import Settings
from contracts.audit import LatestCheckpoint, ReadCheckpoint, ReadLeafHashes
from ops.operator import asking, ledger_pages
from ops.processes import alone
from services.audit.canonical import NotCanonical
from services.audit.proving import Fault

PAGE = 1000


class LiveLedger:
    """Reads over RPC."""

    def __init__(self, rpc: RpcClient) -> None:
        self._rpc = rpc
        self.odd: set[int] = set()
        """Indexes, among the entries read so far, of those whose columns differ."""

    def checkpoint(self) -> LatestCheckpoint:
        """The newest. Raises Refusal `unavailable` before there is one."""
        newest: LatestCheckpoint = self._rpc.call(ReadCheckpoint())
        return newest

    def entries(self) -> Iterator[tuple[int, Any]]:
        """(index, event) pairs, oldest first, to the ledger's end.

        Raises NotCanonical at one that cannot be read.
        """
        for page in ledger_pages(self._rpc):
            for entry in page.entries:
                if entry.fault == Fault.UNREADABLE:
                    raise NotCanonical(f"entry {entry.index}")
                if entry.fault:
                    self.odd.add(entry.index)
                yield entry.index, entry.event

    def hashes(self, size: int) -> Iterator[bytes]:
        """The hashes of the first `size` entries, as far as the system knows them."""
        for after in range(0, size, PAGE):
            limit = min(PAGE, size - after)
            page = self._rpc.call(ReadLeafHashes(after=after, limit=limit)).hashes
            yield from (base64.b64decode(each) for each in page)
            if len(page) < limit:
                return


@contextmanager
def live(settings: Settings) -> Iterator[LiveLedger]:
    """The ledger of the running services; a stopped embedded system's audit service is started."""
    logs.configure(settings.log_format, sys.stderr)
    with alone(settings), asking(settings, "audit") as rpc:
        yield LiveLedger(rpc)
