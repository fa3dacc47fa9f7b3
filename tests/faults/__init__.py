"""The fault rig: the real system under load, broken on purpose, and counted afterwards.

It keeps its own record of what clients attempted and what they were told, outside the system, and
compares it with what the system holds once it is quiet. `python -m tests.faults --help`.
"""
