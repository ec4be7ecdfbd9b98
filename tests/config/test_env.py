from pathlib import Path

import pytest

from config.env import BadSetting, Environment

READ = [
    pytest.param("text", {"X": "plain"}, {}, "plain", id="text as it stands"),
    pytest.param("text", {}, {"default": "other"}, "other", id="text that is not set"),
    pytest.param("text", {}, {"default": ""}, "", id="an empty default is a default"),
    pytest.param("flag", {"X": "yes"}, {}, True, id="yes"),
    pytest.param("flag", {"X": "0"}, {"default": True}, False, id="zero beats its default"),
    pytest.param("flag", {}, {"default": False}, False, id="flag that is not set"),
    pytest.param("number", {"X": "5"}, {}, 5, id="number"),
    pytest.param("number", {}, {"default": 7}, 7, id="number that is not set"),
    pytest.param("choice", {"X": "a"}, {"choices": ("a", "b")}, "a", id="choice"),
    pytest.param("words", {"X": "a, b"}, {}, ["a", "b"], id="words between commas"),
    pytest.param("words", {}, {"default": ["c"]}, ["c"], id="words that are not set"),
    pytest.param("path", {"X": "/srv/x"}, {}, Path("/srv/x"), id="absolute path"),
    pytest.param("path", {}, {"default": Path("y")}, Path("y"), id="path that is not set"),
    pytest.param(
        "origin", {"X": "https://a.example"}, {"secure": True}, "https://a.example", id="origin"
    ),
    pytest.param(
        "origin", {"X": "http://[::1]:8000"}, {}, "http://[::1]:8000", id="origin with a port"
    ),
    pytest.param(
        "database",
        {"X": "sqlite:////srv/a%20b.sqlite3"},
        {},
        {"ENGINE": "django.db.backends.sqlite3", "NAME": "/srv/a b.sqlite3"},
        id="SQLite file",
    ),
    pytest.param(
        "database",
        {"X": "postgres://me:p%40ss@db:5433/register?sslmode=require"},
        {},
        {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "register",
            "USER": "me",
            "PASSWORD": "p@ss",
            "HOST": "db",
            "PORT": "5433",
            "OPTIONS": {"sslmode": "require"},
        },
        id="PostgreSQL with everything",
    ),
    pytest.param(
        "database",
        {"X": "postgresql:///register"},
        {},
        {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "register",
            "USER": "",
            "PASSWORD": "",
            "HOST": "",
            "PORT": "",
            "OPTIONS": {},
        },
        id="PostgreSQL by its socket",
    ),
]


@pytest.mark.parametrize(("reader", "variables", "arguments", "expected"), READ)
def test_reads(reader, variables, arguments, expected):
    assert getattr(Environment(variables), reader)("X", **arguments) == expected


REFUSED = [
    pytest.param("text", {}, {}, "X is not set.", id="missing"),
    pytest.param(
        "text", {"X": " "}, {}, "X is set but empty; give it a value or unset it.", id="empty"
    ),
    pytest.param(
        "flag",
        {"X": "maybe"},
        {},
        "X must be one of 1, true, yes, on, 0, false, no, off, not 'maybe'.",
        id="no flag",
    ),
    pytest.param("flag", {}, {}, "X is not set.", id="flag missing"),
    pytest.param("number", {}, {}, "X is not set.", id="number missing"),
    pytest.param("number", {"X": "1.5"}, {}, "X must be a whole number, not '1.5'.", id="fraction"),
    pytest.param("number", {"X": "-1"}, {}, "X must be at least 0, not -1.", id="below"),
    pytest.param(
        "number",
        {"X": "70000"},
        {"least": 1, "most": 65535},
        "X must be at least 1 and at most 65535, not 70000.",
        id="above",
    ),
    pytest.param(
        "choice", {"X": "c"}, {"choices": ("a", "b")}, "X must be one of a, b, not 'c'.", id="else"
    ),
    pytest.param(
        "words",
        {"X": "a,,b"},
        {},
        "X has an empty entry between its commas: 'a,,b'.",
        id="a comma too many",
    ),
    pytest.param(
        "path", {"X": "var/x"}, {}, "X must be an absolute path, not 'var/x'.", id="relative path"
    ),
    pytest.param(
        "origin",
        {"X": "http://a.example"},
        {"secure": True},
        "X must begin with https:// and a host, not 'http://a.example'.",
        id="origin without TLS",
    ),
    pytest.param(
        "origin",
        {"X": "https://a.example/verify"},
        {},
        "X must end after the host, not 'https://a.example/verify'.",
        id="origin with a path",
    ),
    pytest.param(
        "origin",
        {"X": "https://me@a.example"},
        {},
        "X must end after the host, not 'https://me@a.example'.",
        id="origin with a name in front",
    ),
    pytest.param(
        "database",
        {"X": "sqlite:///relative.sqlite3"},
        {},
        "X needs four slashes and an absolute file: sqlite:////file.",
        id="relative SQLite file",
    ),
    pytest.param(
        "database",
        {"X": "mysql://db/register"},
        {},
        "X must begin with sqlite:// or postgres://, not mysql.",
        id="another database",
    ),
    pytest.param(
        "database",
        {"X": "postgres://db:port/register"},
        {},
        "X has a port that is not a number.",
        id="port in words",
    ),
    pytest.param(
        "database", {"X": "postgres://db"}, {}, "X names no database after the host.", id="no name"
    ),
]


@pytest.mark.parametrize(("reader", "variables", "arguments", "message"), REFUSED)
def test_refuses_and_names_the_variable(reader, variables, arguments, message):
    with pytest.raises(BadSetting) as refused:
        getattr(Environment(variables), reader)("X", **arguments)

    assert (refused.value.name, str(refused.value)) == ("X", message)


def test_a_secret_may_stand_in_a_file(tmp_path):
    (tmp_path / "secret").write_text("from the file\n")

    assert Environment({"X_FILE": str(tmp_path / "secret")}).text("X") == "from the file"


def test_a_secret_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BadSetting) as refused:
        Environment({"X_FILE": str(tmp_path / "gone")}).text("X", "default")

    assert refused.value.name == "X_FILE"


def test_an_empty_secret_file_is_no_secret(tmp_path):
    (tmp_path / "secret").write_text("\n")

    with pytest.raises(BadSetting) as refused:
        Environment({"X_FILE": str(tmp_path / "secret")}).text("X")

    assert refused.value.name == "X_FILE"


def test_value_and_file_together_are_refused(tmp_path):
    with pytest.raises(BadSetting) as refused:
        Environment({"X": "a", "X_FILE": str(tmp_path / "secret")}).text("X")

    assert str(refused.value) == "X and X_FILE are both set; set one of them."
