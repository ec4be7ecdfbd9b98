from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.enums import AgencyRole, RegulatorRole

# by the kind of role first: both kinds know an administrator
WHAT_A_ROLE_DOES = {
    AgencyRole: {
        AgencyRole.MEMBER: _("uploads placements and prepares declarations"),
        AgencyRole.SIGNING_OFFICER: _("signs declarations and answers for the agency"),
        AgencyRole.ADMIN: _("keeps the agency’s record and its people"),
    },
    RegulatorRole: {
        RegulatorRole.CASE_OFFICER: _("registers agencies, plans audits and follows them"),
        RegulatorRole.AUDITOR: _("audits and writes findings"),
        RegulatorRole.DECIDER: _("decides on the work of others"),
        RegulatorRole.DATA_STEWARD: _("keeps lists and agreements; sees no case"),
        RegulatorRole.ADMIN: _("keeps the staff"),
        RegulatorRole.APPEAL_PANEL: _("hears appeals, and took no part in the first decision"),
        RegulatorRole.NATIONAL_AUTHORITY: _("reads aggregates; sees no case"),
    },
}


class InviteForm(forms.Form):
    """Whom to invite, and to which of `roles` (AgencyRole or RegulatorRole)."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("The invitation goes to this address and can be accepted by it alone."),
    )
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, *args, roles, **options):
        super().__init__(*args, **options)
        self.fields["role"].choices = [
            (role.value, f"{role.label}: {does}") for role, does in WHAT_A_ROLE_DOES[roles].items()
        ]
