"""Audit: the ledger of every event, each once, indexed without gaps, never changed."""
