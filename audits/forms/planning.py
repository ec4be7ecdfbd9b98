from datetime import date

from django import forms

from agencies.models import Country, User
from attestations import occupations
from attestations.enums import AttestationState
from attestations.models import Attestation, CatalogueEdition
from audits.enums import AuditKind, TeamRole
from audits.forms.fields import (
    DayField,
    PeopleField,
    PersonField,
    WordsField,
    doubled_names,
    possible_leaders,
    possible_team,
)


class AgencyNumberForm(forms.Form):
    number = forms.RegexField(
        r"^\s*[A-Za-z0-9]+\s*$", max_length=16, label="Register number of the agency"
    )

    def clean_number(self):
        return self.cleaned_data["number"].strip().upper()


class TeamForm(forms.Form):
    """Who audits. A person has one role; whoever is ticked twice is refused by the act."""

    leader = PersonField(queryset=User.objects.none(), label="Team leader")
    auditors = PeopleField(queryset=User.objects.none(), required=False, label="Further auditors")
    experts = PeopleField(queryset=User.objects.none(), required=False, label="Technical experts")
    observers = PeopleField(
        queryset=User.objects.none(),
        required=False,
        label="Observers",
        help_text="They see the case and record nothing.",
    )
    outside_auditor = forms.EmailField(
        required=False,
        label="Auditor from outside",
        help_text="The e-mail address of a person with an account who holds no role at the "
        "regulator. They see this audit and nothing else, until it is closed.",
    )

    def __init__(self, *args, regulator, audit=None, **options):
        super().__init__(*args, **options)
        circle = possible_team(regulator, audit)
        doubled = doubled_names(circle)
        for name in ("leader", "auditors", "experts", "observers"):
            self.fields[name].queryset = circle
            self.fields[name].doubled = doubled
        self.fields["leader"].queryset = possible_leaders(regulator, audit)

    def clean_outside_auditor(self):
        address = self.cleaned_data["outside_auditor"]
        if not address:
            return None
        person = User.objects.filter(email__iexact=address, is_active=True).first()
        if person is None:
            raise forms.ValidationError(
                "Nobody with this address has an account here. Ask them to be invited first."
            )
        return person

    def members(self):
        """The whole team as pairs of person and role, the leader last."""
        given = self.cleaned_data
        pairs = [(person, TeamRole.AUDITOR) for person in given["auditors"]]
        pairs += [(person, TeamRole.TECHNICAL_EXPERT) for person in given["experts"]]
        pairs += [(person, TeamRole.OBSERVER) for person in given["observers"]]
        if given["outside_auditor"]:
            pairs.append((given["outside_auditor"], TeamRole.AUDITOR))
        return [*pairs, (given["leader"], TeamRole.LEADER)]


class PlanForm(TeamForm):
    kind = forms.ChoiceField(choices=AuditKind.choices, label="Kind of audit")
    edition = forms.ModelChoiceField(
        queryset=CatalogueEdition.objects.all(), label="Criteria: edition of the commitments"
    )
    attestation = forms.ModelChoiceField(
        queryset=Attestation.objects.none(), required=False, label="Attestation that is audited"
    )
    period_from = DayField(label="Period looked at: from")
    period_until = DayField(label="Period looked at: until")
    planned_for = DayField(label="Planned for")
    scopes = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Scope: corridors of the agency’s placements",
        help_text="A certificate can cover what is audited, and nothing else.",
    )
    source = forms.ModelChoiceField(
        queryset=Country.objects.all(), required=False, label="A further corridor: source country"
    )
    destination = forms.ModelChoiceField(
        queryset=Country.objects.all(),
        required=False,
        label="A further corridor: destination country",
    )
    occupation_group = forms.ChoiceField(
        required=False, label="A further corridor: occupation group"
    )
    plan = WordsField(
        label="Plan", help_text="What is looked at, where and when, and who is spoken to."
    )

    field_order = (
        "kind",
        "edition",
        "attestation",
        "period_from",
        "period_until",
        "planned_for",
        "scopes",
        "source",
        "destination",
        "occupation_group",
        "plan",
        "leader",
        "auditors",
        "experts",
        "observers",
        "outside_auditor",
    )

    def __init__(self, *args, agency, scopes, kinds, **options):
        """`scopes` are triples of codes with their words; `kinds` what this regulator may plan."""
        super().__init__(*args, **options)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]
        self.fields["attestation"].queryset = Attestation.objects.filter(
            agency=agency, state__in=(AttestationState.SUBMITTED, AttestationState.ACCEPTED)
        )
        self.fields["scopes"].choices = [(" ".join(codes), words) for codes, words in scopes]
        self.fields["occupation_group"].choices = [
            ("", ""),
            *((group.code, str(group.title)) for group in occupations.groups()),
        ]

    def clean(self):
        given = super().clean()
        further = [given.get(name) for name in ("source", "destination", "occupation_group")]
        if any(further) and not all(further):
            self.add_error(
                "source", "A further corridor has a source, a destination and an occupation group."
            )
        frm, until = given.get("period_from"), given.get("period_until")
        if frm and until and until < frm:
            self.add_error("period_until", "The period cannot end before it begins.")
        return given

    def chosen_scopes(self):
        given = self.cleaned_data
        chosen = [tuple(codes.split(" ")) for codes in given["scopes"]]
        if given["source"]:
            chosen.append((given["source"].pk, given["destination"].pk, given["occupation_group"]))
        return chosen

    def act(self):
        """What the service is told."""
        names = ("kind", "edition", "attestation", "period_from", "period_until", "planned_for")
        *team, (leader, _) = self.members()
        return {name: self.cleaned_data[name] for name in names} | {
            "plan": self.cleaned_data["plan"],
            "scopes": self.chosen_scopes(),
            "leader": leader,
            "team": team,
        }


class CancelForm(forms.Form):
    reason = WordsField(rows=3, label="Why is the audit cancelled?")


class CloseForm(forms.Form):
    note = WordsField(
        rows=3, required=False, label="Closing note", help_text="Anything the next audit needs."
    )


def period_before(day: date) -> tuple[date, date]:
    """The twelve months that end on `day`: what a plan proposes to look at."""
    return date(day.year - 1, day.month, min(day.day, 28)), day
