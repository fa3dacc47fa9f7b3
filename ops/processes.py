"""Running services: all in this process (`sigap run`), or some of them (`sigap serve`)."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from chassis import logs
from chassis.runner import Runner
from chassis.settings import Configured, Settings, SettingsError
from ops import registry


def run_embedded(settings: Settings) -> None:
    """The whole system in this process: SQLite files and messages in memory. Ends on SIGTERM."""
    if not settings.embedded:
        raise SettingsError("`sigap run` is the embedded system; unset SIGAP_AMQP_URL, or `serve`")
    os.environ.setdefault("SIGAP_DEMO", "1")
    settings = Settings.read()
    logs.configure(settings.log_format)
    names = list(registry.CLASSES)
    _read_settings(names)
    with alone(settings):
        for name in names:
            registry.migrate_service(name, settings)
        _runner(names, settings).run()


def serve(names: list[str], settings: Settings) -> None:
    """These services, on the broker and the database server of the settings. Ends on SIGTERM."""
    if settings.embedded:
        raise SettingsError("`sigap serve` needs SIGAP_AMQP_URL and SIGAP_DATABASE_URL")
    logs.configure(settings.log_format)
    _read_settings(names)
    _runner(names, settings).run()


def _runner(names: list[str], settings: Settings) -> Runner:
    return Runner(
        [registry.service_class(name) for name in names],
        registry.topology(),
        settings,
        databases_ready=lambda: registry.databases_current(names, settings),
    )


def _read_settings(names: list[str]) -> None:
    """Before anything starts: in the midst of it a SettingsError comes with a traceback."""
    for name in names:
        for each in vars(registry.service_class(name)).values():
            if isinstance(each, Configured):
                each.model.read()


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Embedded messages live in one process's memory, so a folder has one process at a time."""
    if not settings.embedded:
        yield
        return
    home = settings.home
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsError(
                f"another Sigap runs in {home}; stop it or set SIGAP_HOME"
            ) from None
        yield
