"""What the records behind the matters say: whose they are, and by what name people know them."""

from collections.abc import Iterable

from attestations.models import Attestation
from audits.cases.enums import CaseKind
from audits.cases.matters import About, Heard
from audits.certificates.models import StatusChange
from audits.models.audit import Audit
from audits.models.decision import Appeal, Decision
from audits.models.finding import CorrectiveAction, Finding


def _attestations(rows):
    for pk, agency, number, public_id, regulator in rows.values_list(
        "pk", "agency", "agency__register_number", "public_id", "agency__regulator"
    ):
        reference = f"{number}-{str(public_id)[:8].upper()}"
        yield pk, About(CaseKind.ATTESTATION, regulator, agency, None, reference)


def _audits(rows):
    for pk, agency, regulator, number, kind, planned_for in rows.values_list(
        "pk", "agency", "regulator", "number", "kind", "planned_for"
    ):
        facts = {"kind": kind, "planned_for": planned_for.isoformat()}
        yield pk, About(CaseKind.AUDIT, regulator, agency, pk, number, facts)


def _of_audit(kind, path, **facts):
    """Rows that hang on an audit, at `path` from them; `facts` name where each fact stands."""

    def read(rows):
        wanted = (f"{path}__agency", f"{path}__regulator", f"{path}__pk", f"{path}__number")
        for pk, agency, regulator, audit, number, *said in rows.values_list(
            "pk", *wanted, *facts.values()
        ):
            known = dict(zip(facts, said, strict=True))
            yield pk, About(kind, regulator, agency, audit, number, known)

    return read


def _status_changes(rows):
    for pk, agency, regulator, number, kind in rows.values_list(
        "pk",
        "certificate__agency",
        "certificate__agency__regulator",
        "certificate__number",
        "kind",
    ):
        facts = {"kind": kind}
        yield pk, About(CaseKind.STATUS_CHANGE, regulator, agency, None, number, facts)


READERS = {
    Attestation: _attestations,
    Audit: _audits,
    CorrectiveAction: _of_audit(
        CaseKind.CORRECTION,
        "finding__audit",
        finding="finding__position",
        grade="finding__grade",
    ),
    Decision: _of_audit(CaseKind.DECISION, "audit", outcome="outcome"),
    Appeal: _of_audit(CaseKind.APPEAL, "decision__audit"),
    StatusChange: _status_changes,
}
MODELS = {model._meta.label_lower: model for model in READERS}

# matters of rooms that say themselves whose they are
SAID = {"agencies.agencyclaim": CaseKind.CLAIM, "audits.concern": CaseKind.CONCERN}


class StoredRecords:
    """Asks for one record at a time, as the hearer does in the transaction of an act."""

    def about(self, heard: Heard) -> About | None:
        label, _, key = heard.subject.partition(":")
        if label in SAID:
            return _said(SAID[label], heard)
        if label not in MODELS:
            return None
        rows = MODELS[label].objects.filter(pk=key)
        return next((about for _, about in READERS[MODELS[label]](rows)), None)

    def audit_of(self, heard: Heard) -> str | None:
        found = Finding.objects.filter(pk=heard.subject.partition(":")[2]).values_list("audit")
        return next((f"audits.audit:{audit}" for (audit,) in found), None)

    def corrections_of(self, heard: Heard) -> Iterable[str]:
        key = heard.subject.partition(":")[2]
        rows = CorrectiveAction.objects.filter(finding=key).order_by("pk")
        return [f"audits.correctiveaction:{pk}" for pk in rows.values_list("pk", flat=True)]


class AllRecords:
    """Everything at once, for whoever follows the journal from its first entry."""

    def __init__(self):
        self._about = {
            f"{label}:{pk}": about
            for label, model in MODELS.items()
            for pk, about in READERS[model](model.objects.order_by("pk"))
        }
        self._audits = {
            f"audits.finding:{pk}": f"audits.audit:{audit}"
            for pk, audit in Finding.objects.values_list("pk", "audit")
        }
        self._corrections: dict[str, list[str]] = {}
        rows = CorrectiveAction.objects.order_by("pk").values_list("pk", "finding")
        for pk, finding in rows:
            label = f"audits.finding:{finding}"
            self._corrections.setdefault(label, []).append(f"audits.correctiveaction:{pk}")

    def about(self, heard: Heard) -> About | None:
        label = heard.subject.partition(":")[0]
        if label in SAID:
            return _said(SAID[label], heard)
        return self._about.get(heard.subject)

    def audit_of(self, heard: Heard) -> str | None:
        return self._audits.get(heard.subject)

    def corrections_of(self, heard: Heard) -> Iterable[str]:
        return self._corrections.get(heard.subject, [])


def _said(kind, heard):
    """What the entry itself tells, with the number under which people know the matter."""
    reference = str(heard.data.get("reference", heard.data.get("number", "")))
    return About(kind, int(heard.data["regulator"]), heard.agency, None, reference)
