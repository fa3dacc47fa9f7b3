"""What crosses a boundary: envelope, events, commands with their replies, error codes.

Pure: pydantic models and nothing else. `contracts/<service>.py` is owned by the service that
publishes it. Models are frozen; a change only adds optional fields, anything else is a new `.vN`.
"""
