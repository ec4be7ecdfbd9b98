"""What must never be in this room, for `manage.py fsck`."""

from django.conf import settings
from django.db.models import Count, F
from django.utils import timezone

from agencies.invariants import invariant
from agencies.lib import stored_files
from agencies.lib.canonical import digest
from attestations.catalogue_loading import edition_as_kept, version_as_kept
from attestations.enums import AttestationState
from attestations.models import (
    Attestation,
    CatalogueEdition,
    CodeVersion,
    EvidenceFile,
    ListEdition,
    NationalList,
)
from attestations.safeguards.loading import digest_of_national_list, text_of
from attestations.statement import statement_digest


@invariant("A submitted attestation still says what was signed")
def submitted_attestations_unchanged():
    submitted = Attestation.objects.filter(submitted_at__isnull=False).select_related(
        "agency", "edition", "continues", "signed_by", "submitted_by"
    )
    for attestation in submitted.order_by("pk").iterator(chunk_size=500):
        if statement_digest(attestation) != attestation.statement_digest:
            yield (
                f"Attestation {attestation.public_id} of {attestation.agency.register_number} "
                "no longer has the digest that was signed."
            )


@invariant("Every file of evidence is on the disk with its content")
def evidence_on_disk():
    for evidence in EvidenceFile.objects.order_by("pk").iterator(chunk_size=500):
        found = stored_files.condition(settings.EVIDENCE_ROOT, evidence.digest)
        if found is not stored_files.Condition.INTACT:
            yield f"The file {evidence.digest} of evidence {evidence.public_id} is {found}."


@invariant("A published edition of the List is unchanged")
def list_editions_unchanged():
    for edition in ListEdition.objects.published().order_by("valid_from"):
        if text_of(edition).digest != edition.digest:
            yield f"The edition {edition.label} no longer has its digest."


@invariant("A national list is what was loaded")
def national_lists_unchanged():
    for national_list in NationalList.objects.order_by("code"):
        if digest_of_national_list(national_list) != national_list.digest:
            yield f"The national list {national_list.code} no longer has its digest."


@invariant("A version of the Code and an edition of the catalogue are what was loaded")
def code_and_catalogue_unchanged():
    for version in CodeVersion.objects.order_by("label"):
        if digest(version_as_kept(version)) != version.digest:
            yield f"The Code version {version.label} no longer has its digest."
    for edition in CatalogueEdition.objects.order_by("label"):
        if digest(edition_as_kept(edition)) != edition.digest:
            yield f"The catalogue edition {edition.label} no longer has its digest."


@invariant("An agency has one open attestation at most")
def one_open_attestation_an_agency():
    several = (
        Attestation.objects.open()
        .order_by()
        .values("agency__register_number")
        .annotate(times=Count("pk"))
        .filter(times__gt=1)
    )
    for row in several:
        yield f"The agency {row['agency__register_number']} has {row['times']} open attestations."


@invariant("Two people load and activate an edition of the List")
def two_people_on_an_edition():
    for edition in ListEdition.objects.filter(loaded_by=F("activated_by")):
        yield f"The edition {edition.label} was loaded and activated by the same person."


@invariant("An edition of the List was rolled back before its day or not at all")
def editions_in_force_stay():
    for edition in ListEdition.objects.filter(rolled_back_at__isnull=False).order_by("label"):
        if timezone.localdate(edition.rolled_back_at) >= edition.valid_from:
            yield f"The edition {edition.label} was rolled back when it was in force."


@invariant("An attestation is reviewed by nobody who signed it")
def nobody_reviews_their_own():
    for attestation in Attestation.objects.filter(reviewed_by=F("submitted_by")).exclude(
        state=AttestationState.DRAFT
    ):
        yield f"Attestation {attestation.public_id} was reviewed by who handed it in."
