from importlib import import_module

from django.apps import AppConfig

from agencies.lib import state_machines
from audits import workflow
from audits.certificates import workflow as certificates


class AuditsConfig(AppConfig):
    name = "audits"
    verbose_name = "Audits: what others establish"

    def ready(self) -> None:
        for name, table in (workflow.MACHINES | certificates.MACHINES).items():
            state_machines.register(name, table)
        import_module("audits.invariants")
        import_module("audits.cases.hearing")
        import_module("audits.cases.invariants")
        import_module("audits.certificates.invariants")
        import_module("audits.certificates.touched")
        import_module("audits.credentials.invariants")
        import_module("audits.keys.invariants")
        import_module("audits.transparency.log")
        import_module("audits.transparency.invariants")
