"""Settings are read when a process starts, so each case is a process of its own."""

import os
import subprocess
import sys

import pytest

PRODUCTION = {
    "REGISTRY_MODE": "production",
    "SECRET_KEY": "0123456789" * 5,
    "CANONICAL_ORIGIN": "https://registry.example",
    "SIGNING_KEYS_DIR": "/run/secrets/keys",
    "REFERENCE_HASH_KEY": "a key of its own",
    "DATABASE_URL": "postgres://db/registry",
    "ALLOWED_HOSTS": "registry.example",
    "DEFAULT_FROM_EMAIL": "registry@registry.example",
    "EMAIL_HOST": "mail.example",
    "BROKER_URL": "redis://broker/0",
}


def read(environment, expression):
    """What a fresh process with this environment alone makes of the settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    program = f"from django.conf import settings as s; print({expression})"
    return subprocess.run(
        [sys.executable, "-c", program],
        env=kept | {"DJANGO_SETTINGS_MODULE": "config.settings"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_production_is_guarded_once_everything_is_given():
    answer = read(
        PRODUCTION,
        "s.DEBUG, s.SIGNING_KEY_IS_DEMONSTRATION, s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_NAME",
    )

    assert (answer.stdout, answer.stderr) == ("False False True __Host-session\n", "")


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "REGISTRY_MODE"])
def test_production_does_not_start_without(name):
    answer = read({key: value for key, value in PRODUCTION.items() if key != name}, "s.DEBUG")

    assert answer.returncode == 1
    assert answer.stderr.splitlines()[-1] == f"config.env.BadSetting: {name} is not set."


UNSAFE = [
    pytest.param("DEBUG", "1", "must be off in production.", id="debugging"),
    pytest.param(
        "SECRET_KEY",
        "short",
        "must be at least 50 characters of your own in production.",
        id="a short secret",
    ),
    pytest.param(
        "SECRET_KEY",
        "for development and the demonstration only, printed in the source",
        "must be at least 50 characters of your own in production.",
        id="the secret from the source",
    ),
    pytest.param("ALLOWED_HOSTS", "*", "must name its hosts; * would answer to any.", id="any"),
    pytest.param(
        "CANONICAL_ORIGIN",
        "http://registry.example",
        "must begin with https:// and a host, not 'http://registry.example'.",
        id="an origin without TLS",
    ),
    pytest.param(
        "REGISTRY_TIME_ZONE", "Europe/Atlantis", "is no known time zone: 'Europe/Atlantis'.", id="z"
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "value", "problem"), UNSAFE)
def test_production_does_not_start_with(name, value, problem):
    answer = read(PRODUCTION | {name: value}, "s.DEBUG")

    assert answer.returncode == 1
    assert answer.stderr.splitlines()[-1] == f"config.env.BadSetting: {name} {problem}"


WITHOUT_KEYS = {name: value for name, value in PRODUCTION.items() if name != "SIGNING_KEYS_DIR"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({"SIGNING_KEY_FILE": "/run/key.pem"}, "None None /run/key.pem False"),
        (
            {"SIGNING_KEY_FILE": "/run/key.pem", "SIGNING_KEYS_DIR": "/run/keys"},
            "None /run/keys /run/key.pem False",
        ),
        ({"SIGNER_SOCKET": "/run/signer.sock"}, "/run/signer.sock None None False"),
    ],
)
def test_the_keys_are_where_the_operator_says(said, answer):
    places = (
        "s.SIGNER_SOCKET, s.SIGNING_KEYS_DIR, s.SIGNING_KEY_FILE, s.SIGNING_KEY_IS_DEMONSTRATION"
    )
    found = read(WITHOUT_KEYS | said, places)

    assert (found.stdout, found.stderr) == (f"{answer}\n", "")


@pytest.mark.slow
def test_a_process_that_asks_a_signer_holds_no_key_itself():
    answer = read(PRODUCTION | {"SIGNER_SOCKET": "/run/signer.sock"}, "s.DEBUG")

    assert answer.stderr.splitlines()[-1] == (
        "config.env.BadSetting: SIGNER_SOCKET is set, so this process must hold no key itself."
    )
