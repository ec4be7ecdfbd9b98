from django import forms

from attestations.models import EvidenceFile, Placement
from audits.enums import FindingGrade
from audits.forms.fields import WordsField
from audits.services import Evidence
from audits.services.findings import codes_of


class FindingForm(forms.Form):
    """A finding and what it rests on; meaning is judged by the act."""

    requirement = forms.ChoiceField(label="Requirement")
    grade = forms.ChoiceField(
        choices=FindingGrade.choices,
        widget=forms.RadioSelect,
        label="Grade",
        help_text="Critical and major findings stand against a certificate until their "
        "correction is verified; a minor one can be a condition; an observation asks for nothing.",
    )
    statement = WordsField(label="What was found", help_text="The fact, not the person.")
    placement = forms.CharField(
        required=False,
        max_length=60,
        label="Placement it rests on",
        help_text="The agency’s reference of the placement.",
    )
    rule_code = forms.CharField(
        required=False,
        max_length=30,
        label="Rule of the cross-check that it cites",
        help_text="For instance SSL-ACTIVE; only one that was raised on this placement.",
    )
    file = forms.ModelChoiceField(
        queryset=EvidenceFile.objects.none(), required=False, label="File it rests on"
    )
    description = forms.CharField(
        required=False,
        max_length=500,
        label="Other evidence, in words",
        help_text="A document, an interview, an advertisement: what and of which day.",
    )

    def __init__(self, *args, audit, requirements, **options):
        super().__init__(*args, **options)
        self.audit = audit
        self.fields["requirement"].choices = [("", ""), *requirements]
        self.fields["file"].queryset = EvidenceFile.objects.filter(agency=audit.agency_id)

    def clean_placement(self):
        reference = self.cleaned_data["placement"]
        if not reference:
            return None
        placements = Placement.objects.select_related("verdict")
        found = placements.filter(agency=self.audit.agency_id, reference=reference).first()
        if found is None:
            raise forms.ValidationError("The agency has no placement with this reference.")
        return found

    def clean(self):
        given = super().clean()
        placement, code = given.get("placement"), given.get("rule_code")
        if code and placement is None and "placement" not in self.errors:
            self.add_error("placement", "Name the placement on which this rule was raised.")
        elif code and placement and code not in codes_of(placement):
            raised = ", ".join(codes_of(placement)) or "none"
            self.add_error("rule_code", f"On this placement the cross-check raised: {raised}.")
        if not any(given.get(name) for name in ("placement", "file", "description")):
            self.add_error(
                "description", "Name what the finding rests on: a placement, a file, or words."
            )
        return given

    def act(self):
        given = self.cleaned_data
        evidence = []
        if given["placement"]:
            evidence.append(Evidence(placement=given["placement"], rule_code=given["rule_code"]))
        if given["file"]:
            evidence.append(Evidence(file=given["file"]))
        if given["description"]:
            evidence.append(Evidence(description=given["description"]))
        return {
            "ref": given["requirement"],
            "grade": given["grade"],
            "statement": given["statement"],
            "evidence": evidence,
        }


class WithdrawFindingForm(forms.Form):
    reason = WordsField(rows=3, label="Why is the finding withdrawn?")


class ReplyForm(forms.Form):
    reply = WordsField(
        label="Your reply",
        help_text="It is printed in the report beside the finding. You can change it until then.",
    )


class CorrectionForm(forms.Form):
    root_cause = WordsField(rows=4, label="What was the cause?")
    correction = WordsField(rows=4, label="What have you put right?")
    prevention = WordsField(rows=4, label="How will it not happen again?")


class VerifyForm(forms.Form):
    note = WordsField(rows=3, required=False, label="How was it verified?")


class RejectForm(forms.Form):
    note = WordsField(
        rows=3,
        label="What is still missing?",
        help_text="The agency reads this, and a new request follows with a new last day.",
    )
