from importlib import import_module

from django.apps import AppConfig

from agencies.lib import state_machines
from attestations import workflow
from attestations.placements import workflow as imports


class AttestationsConfig(AppConfig):
    name = "attestations"
    verbose_name = "Attestations: what agencies declare, and how it is checked"

    def ready(self) -> None:
        state_machines.register("attestation", workflow.TRANSITIONS)
        state_machines.register("placement import", imports.TRANSITIONS)
        import_module("attestations.invariants")
        import_module("attestations.placements.invariants")
        import_module("attestations.safeguards.invariants")
        import_module("attestations.safeguards.staleness")
