"""What every test has: the green standard library that nameko runs on, and the real parts."""

import logging

import eventlet

eventlet.monkey_patch()

pytest_plugins = ["tests.real.plugin"]

from chassis import logs  # noqa: E402 - green threads first

logs.configure()
logging.getLogger("httpx").setLevel(logging.WARNING)
