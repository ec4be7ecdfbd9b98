from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Tags, register

from config.checks import pdf_libraries_are_there, postgresql_is_durable, sqlite_is_sound


class ConfigConfig(AppConfig):
    """Registers the checks that say when a process is not fit to serve, and makes its folders."""

    name = "config"
    verbose_name = "Wiring"

    def ready(self) -> None:
        register(sqlite_is_sound, Tags.database)
        register(postgresql_is_durable, Tags.database)
        register(pdf_libraries_are_there)
        for folder in settings.BROKER_FOLDERS:
            folder.mkdir(parents=True, exist_ok=True)
