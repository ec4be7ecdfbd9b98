from importlib import import_module

from django.apps import AppConfig

from agencies.lib import state_machines
from audits import workflow


class AuditsConfig(AppConfig):
    name = "audits"
    verbose_name = "Audits: what others establish"

    def ready(self) -> None:
        for name, table in workflow.MACHINES.items():
            state_machines.register(name, table)
        import_module("audits.invariants")
