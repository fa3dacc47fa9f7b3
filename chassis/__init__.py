"""How a service runs: settings, database, messages, RPC, logs, health.

It knows no word of the domain.
"""
