"""What operators did: recorded on command, published like every event, and so in the ledger."""

from chassis.rpc import command
from chassis.work import Work
from contracts.envelope import Done
from contracts.operations import RecordDiscard, RecordReplay


class OperationRecords:
    """A part of the audit service."""

    @command(RecordReplay)
    def record_replay(self, ask: RecordReplay, work: Work) -> Done:
        """Publish that a dead letter was sent back."""
        work.emit(ask.subject, ask.letter)
        return Done(tracking_number=ask.subject, state="replayed")

    @command(RecordDiscard)
    def record_discard(self, ask: RecordDiscard, work: Work) -> Done:
        """Publish that a dead letter was thrown away."""
        work.emit(ask.subject, ask.letter)
        return Done(tracking_number=ask.subject, state="discarded")
