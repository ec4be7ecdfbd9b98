from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "agencies"
    verbose_name = "Agencies: who they are, and what happened"
    default_auto_field = "django.db.models.BigAutoField"
