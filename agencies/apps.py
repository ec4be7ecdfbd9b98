from importlib import import_module

from django.apps import AppConfig

from agencies.lib import state_machines
from agencies.workflow import MACHINES


class AgenciesConfig(AppConfig):
    name = "agencies"
    verbose_name = "Agencies: who they are, and what happened"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        for name, table in MACHINES.items():
            state_machines.register(name, table)
        import_module("agencies.invariants")
