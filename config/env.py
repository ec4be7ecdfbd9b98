"""Strict readers of the environment: a bad or missing value stops the process with its name.

`NAME_FILE` may stand for `NAME` and names a file that holds the value, which is how container
platforms hand over secrets. Setting both is refused: which one counts would be a guess.
"""

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

FLAGS = {"1": True, "true": True, "yes": True, "on": True}
FLAGS |= {"0": False, "false": False, "no": False, "off": False}

POSTGRESQL = ("postgres", "postgresql")


class BadSetting(ImproperlyConfigured):
    """The environment says something that cannot be used; the message names the variable."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name} {problem}")
        self.name = name


class Environment:
    """The variables of one process; without a default a variable must be there."""

    def __init__(self, variables: Mapping[str, str] = os.environ) -> None:
        self.variables = variables

    def text(self, name: str, default: str | None = None) -> str:
        """The value as it stands, from `NAME` or from the file that `NAME_FILE` names."""
        value = self._raw(name)
        if value is not None:
            return value
        if default is None:
            raise BadSetting(name, "is not set.")
        return default

    def flag(self, name: str, default: bool | None = None) -> bool:
        value = self._raw(name)
        if value is None and default is not None:
            return default
        answer = FLAGS.get(self.text(name).lower())
        if answer is None:
            raise BadSetting(name, f"must be one of {', '.join(FLAGS)}, not {value!r}.")
        return answer

    def number(
        self, name: str, default: int | None = None, *, least: int = 0, most: int | None = None
    ) -> int:
        value = self._raw(name)
        if value is None and default is not None:
            return default
        try:
            answer = int(self.text(name))
        except ValueError as error:
            raise BadSetting(name, f"must be a whole number, not {value!r}.") from error
        if answer < least or (most is not None and answer > most):
            upper = "" if most is None else f" and at most {most}"
            raise BadSetting(name, f"must be at least {least}{upper}, not {answer}.")
        return answer

    def choice(self, name: str, choices: Collection[str], default: str | None = None) -> str:
        value = self.text(name, default)
        if value not in choices:
            raise BadSetting(name, f"must be one of {', '.join(choices)}, not {value!r}.")
        return value

    def words(self, name: str, default: Collection[str] | None = None) -> list[str]:
        """Values between commas; an empty entry is a slip of the hand and refused."""
        value = self._raw(name)
        if value is None and default is not None:
            return list(default)
        words = [word.strip() for word in self.text(name).split(",")]
        if not all(words):
            raise BadSetting(name, f"has an empty entry between its commas: {value!r}.")
        return words

    def path(self, name: str, default: Path | None = None) -> Path:
        """An absolute path: a relative one would depend on where the process was started."""
        value = self._raw(name)
        if value is None and default is not None:
            return default
        answer = Path(self.text(name))
        if not answer.is_absolute():
            raise BadSetting(name, f"must be an absolute path, not {value!r}.")
        return answer

    def origin(self, name: str, default: str | None = None, *, secure: bool = False) -> str:
        """Scheme and host and nothing after it: what stands in every QR code."""
        value = self.text(name, default)
        parts = urlsplit(value)
        schemes = ("https",) if secure else ("http", "https")
        if parts.scheme not in schemes or not parts.hostname:
            raise BadSetting(name, f"must begin with {schemes[0]}:// and a host, not {value!r}.")
        if value != f"{parts.scheme}://{parts.netloc}" or "@" in parts.netloc:
            raise BadSetting(name, f"must end after the host, not {value!r}.")
        return value

    def database(self, name: str, default: str | None = None) -> dict[str, Any]:
        """A database address (`sqlite:////absolute/file`, `postgres://…`) as Django's dictionary.

        Only where it is and who asks; how it is used is for the settings to say.
        """
        address = self.text(name, default)
        parts = urlsplit(address)
        if parts.scheme == "sqlite":
            file = unquote(parts.path.removeprefix("/"))
            if parts.netloc or not file.startswith("/"):
                raise BadSetting(name, "needs four slashes and an absolute file: sqlite:////file.")
            return {"ENGINE": "django.db.backends.sqlite3", "NAME": file}
        if parts.scheme not in POSTGRESQL:
            raise BadSetting(name, f"must begin with sqlite:// or postgres://, not {parts.scheme}.")
        try:
            port = parts.port
        except ValueError as error:
            raise BadSetting(name, "has a port that is not a number.") from error
        database = unquote(parts.path.removeprefix("/"))
        if not database:
            raise BadSetting(name, "names no database after the host.")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": database,
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(port or ""),
            "OPTIONS": dict(parse_qsl(parts.query, strict_parsing=bool(parts.query))),
        }

    def _raw(self, name: str) -> str | None:
        value = self.variables.get(name)
        file = self.variables.get(f"{name}_FILE")
        if file is None:
            return self._filled(name, value)
        if value is not None:
            raise BadSetting(name, f"and {name}_FILE are both set; set one of them.")
        try:
            return self._filled(f"{name}_FILE", Path(file).read_text(encoding="utf-8").strip())
        except (OSError, UnicodeDecodeError) as error:
            raise BadSetting(f"{name}_FILE", f"cannot be read: {error}.") from error

    @staticmethod
    def _filled(name: str, value: str | None) -> str | None:
        if value is not None and not value.strip():
            raise BadSetting(name, "is set but empty; give it a value or unset it.")
        return value
