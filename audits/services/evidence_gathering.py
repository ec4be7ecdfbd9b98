"""What the team looks at: the sample of placements, and the checklist of the commitments."""

import io
import secrets
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies import journal
from agencies.lib import stored_files
from audits import sampling
from audits.enums import CheckResult
from audits.models import Audit, SampledPlacement, SampleDraw
from audits.permissions import check_can_work
from audits.populations import population_root
from audits.queries import population_of
from audits.services.conclusions import take_back_conclusion
from audits.services.wording import perhaps_said, said
from audits.workflow import next_state


@transaction.atomic
def draw_sample(*, audit_id, by, size=None, seed=None, at=None):
    """Draw the sample, once: the population is fixed by its digest, the seed is made at random.

    Whoever holds the population and the seed draws the same sample (`audits.sampling`).
    """
    audit = Audit.objects.locked(pk=audit_id)
    check_can_work(by, audit)
    audit.state = next_state("draw_sample", audit.state)
    if SampleDraw.objects.filter(audit=audit).exists():
        raise ValidationError("The sample of this audit is drawn, and is drawn only once.")
    members = population_of(audit)
    if not members:
        raise ValidationError(
            "There is no placement in the period and scope of this audit to draw from."
        )
    size = sampling.suggested_size(len(members)) if size is None else size
    if not 1 <= size <= len(members):
        raise ValidationError(f"A sample has from 1 to {len(members)} placements here.")
    seed = seed or secrets.token_hex(32)
    keys = {member.reference: key for key, member in members.items()}
    written = sampling.population_bytes(members.values())
    stored = stored_files.store(io.BytesIO(written), population_root(), limit=len(written))
    draw = SampleDraw.objects.create(
        audit=audit,
        population_digest=stored.digest,
        population_size=len(members),
        seed=seed,
        size=size,
        drawn_at=at or timezone.now(),
        drawn_by=by,
    )
    references = sampling.draw(members.values(), seed=seed, size=size)
    SampledPlacement.objects.bulk_create(
        SampledPlacement(draw=draw, placement_id=keys[reference], position=position)
        for position, reference in enumerate(references, start=1)
    )
    journal.record(
        "sample.drawn",
        audit,
        by=by,
        agency=audit.agency,
        population_digest=draw.population_digest,
        population_size=draw.population_size,
        seed=draw.seed,
        size=draw.size,
    )
    return draw


@transaction.atomic
def record_sample_result(*, audit_id, position, result, by, note=""):
    """What was found on file for one placement of the sample."""
    audit = Audit.objects.locked(pk=audit_id)
    check_can_work(by, audit)
    audit.state = next_state("record_result", audit.state)
    sampled = SampledPlacement.objects.get(draw__audit=audit, position=position)
    sampled.result, sampled.note = result, _note_for(result, note)
    sampled.save(update_fields=["result", "note"])
    take_back_conclusion(audit)
    journal.record(
        "sample.result_recorded",
        audit,
        by=by,
        agency=audit.agency,
        position=position,
        result=str(result),
        note=_digest_of(sampled.note),
    )
    return sampled


@transaction.atomic
def record_checklist_result(*, audit_id, ref, result, by, note=""):
    """Whether the agency conforms to one requirement, and what that was seen from."""
    audit = Audit.objects.locked(pk=audit_id)
    check_can_work(by, audit)
    audit.state = next_state("record_result", audit.state)
    item = audit.checklist.select_related("requirement").get(requirement__ref=ref)
    item.result, item.note = result, _note_for(result, note)
    item.save(update_fields=["result", "note"])
    take_back_conclusion(audit)
    journal.record(
        "checklist.result_recorded",
        audit,
        by=by,
        agency=audit.agency,
        requirement=ref,
        result=str(result),
        note=_digest_of(item.note),
    )
    return item


def _note_for(result, note):
    if result == CheckResult.DOES_NOT:
        return said(note, "Say what does not conform, and where it was seen.")
    return perhaps_said(note)


def _digest_of(text):
    return sha256(text.encode()).hexdigest() if text else ""
