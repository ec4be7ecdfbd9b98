"""What is told of an attestation: handed in, accepted, returned."""

from django.utils import timezone

from attestations import services
from attestations.statement import declaration_for
from tests.factories import agencies
from tests.factories import attestations as make


def handed_in_and_reviewed():
    for review in (services.accept_attestation, services.return_for_changes):
        agency = agencies.agency()
        officer = make.signing_officer(agency)
        reviewer = agencies.staff(agency.regulator)
        draft = make.complete_draft(agency, by=officer.user)
        services.submit_attestation(
            attestation_id=draft.pk,
            officer_id=officer.pk,
            declaration=declaration_for(draft, officer, on=timezone.localdate()),
            by=officer.user,
        )
        review(attestation_id=draft.pk, note="Say more on fees.", by=reviewer)


LIVES = (handed_in_and_reviewed,)
