"""Settings are typed, read once, and say which variable is wrong without showing its value."""

from pathlib import Path

import pytest

from chassis.settings import Settings, SettingsError

BOTH = {
    "SIGAP_AMQP_URL": "amqp://u:p@broker:5672/",
    "SIGAP_DATABASE_URL": "postgresql://u:p@server:5432/sigap",
}


def test_an_empty_environment_is_the_embedded_system():
    """No server, no configuration: SQLite under `var` and messages in memory."""
    settings = Settings.read({})
    assert settings.embedded
    assert settings.home == Path("var")


def test_broker_and_database_server_make_it_a_distributed_system():
    """Both addresses together, and nothing else, take it out of one process."""
    assert not Settings.read(BOTH).embedded


@pytest.mark.parametrize("alone", BOTH)
def test_a_broker_without_a_database_server_is_refused_and_the_other_way_round(alone):
    """Half a configuration would run, and keep its data where nobody looks for it."""
    with pytest.raises(SettingsError, match="both or neither") as failure:
        Settings.read({alone: BOTH[alone]})
    assert set(BOTH) <= set(str(failure.value).split())


def test_a_value_may_lie_in_a_file(tmp_path):
    """Container secrets are files; the newline at their end is not part of the value."""
    path = tmp_path / "amqp"
    path.write_text(BOTH["SIGAP_AMQP_URL"] + "\n")
    environ = {**BOTH, "SIGAP_AMQP_URL": "", "SIGAP_AMQP_URL_FILE": str(path)}
    assert Settings.read(environ).amqp_url == BOTH["SIGAP_AMQP_URL"]


def test_the_variable_itself_wins_over_its_file(tmp_path):
    """An operator who sets the variable by hand means it."""
    path = tmp_path / "zone"
    path.write_text("Asia/Jakarta")
    environ = {"SIGAP_TIME_ZONE": "Asia/Jayapura", "SIGAP_TIME_ZONE_FILE": str(path)}
    assert Settings.read(environ).time_zone == "Asia/Jayapura"


def test_a_file_that_cannot_be_read_names_its_variable(tmp_path):
    """The operator learns which of many mounts is missing."""
    with pytest.raises(SettingsError, match="SIGAP_AMQP_URL_FILE cannot be read"):
        Settings.read({"SIGAP_AMQP_URL_FILE": str(tmp_path / "absent")})


def test_an_empty_variable_counts_as_not_set():
    """Compose files pass every variable on, empty where it has no value."""
    assert Settings.read({"SIGAP_AMQP_URL": "", "SIGAP_PREFETCH": ""}).prefetch == 10


@pytest.mark.parametrize(
    ("variable", "wrong"),
    [
        ("SIGAP_PREFETCH", "hunter2"),
        ("SIGAP_PREFETCH", "-987654"),
        ("SIGAP_RPC_TIMEOUT_SECONDS", "hunter2"),
        ("SIGAP_STOP_GRACE_SECONDS", "-987654"),
        ("SIGAP_DEMO", "hunter2"),
        ("SIGAP_LOG_FORMAT", "hunter2"),
        ("SIGAP_AMQP_URL", "hunter2"),
        ("SIGAP_AMQP_URL", "amqp://user:hun/ter2@broker/"),
        ("SIGAP_AMQP_URL", "amqp://user:hunter2@broker:port/"),
        ("SIGAP_DATABASE_URL", "postgresql://user:hunter2@server:port/sigap"),
    ],
)
def test_a_wrong_value_is_refused_by_its_variable_and_never_shown(variable, wrong):
    """A start-up error ends in logs and screenshots; a password in a wrong field must not."""
    with pytest.raises(SettingsError) as failure:
        Settings.read({**BOTH, variable: wrong})
    text = str(failure.value)
    assert variable in text
    assert failure.value.__cause__ is None
    assert failure.value.__suppress_context__
    for part in ("hun", "ter2", "987654"):
        assert part not in text


def test_settings_do_not_change_after_they_are_read():
    """One process, one configuration."""
    with pytest.raises(ValueError, match="frozen"):
        Settings.read({}).prefetch = 1
