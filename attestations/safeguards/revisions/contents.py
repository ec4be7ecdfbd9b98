"""What a revision says, between the JSON in which it is kept and the rows that it stands for."""

import copy
import datetime as dt
from dataclasses import asdict, fields

from agencies.lib.canonical import digest
from attestations.enums import RevisionAct, RevisionKind
from attestations.safeguards.models import (
    Agreement,
    AuthorizationRequirement,
    CountryCommunication,
    Emergency,
    NationalGrade,
)
from attestations.safeguards.reading import GradeText

MODELS = {
    RevisionKind.AGREEMENT: Agreement,
    RevisionKind.COMMUNICATION: CountryCommunication,
    RevisionKind.EMERGENCY: Emergency,
    RevisionKind.REQUIREMENT: AuthorizationRequirement,
}


def kind_of(row):
    """The kind of revision by which such a row is recorded."""
    return next(kind for kind, model in MODELS.items() if isinstance(row, model))


def digest_of(kind, act, content):
    return digest({"kind": str(kind), "act": str(act), "content": content})


def subject_of(row):
    """What a row is about, in a few words."""
    if isinstance(row, Agreement):
        return str(row)
    said = {
        CountryCommunication: lambda: row.get_kind_display().lower(),
        Emergency: lambda: row.title,
        AuthorizationRequirement: lambda: row.get_side_display().lower(),
    }[type(row)]
    return f"{row.country}: {said()}"


def rows_of(revision):
    """The rows that a recording revision stands for, as they would be stored."""
    model = MODELS[revision.kind]
    return [row_from(model, said) for said in revision.content["rows"]]


def row_from(model, said):
    return model(
        **{name: model._meta.get_field(name).to_python(value) for name, value in said.items()}
    )


def ending_day(revision):
    return dt.date.fromisoformat(revision.content["ends_on"])


def target_of(revision):
    """The row that an ending revision ends; None if it was rolled back since."""
    return MODELS[revision.kind]._default_manager.filter(pk=revision.content["row"]).first()


def ended(row, ends_on):
    """The row as it would be with this last day; the row itself stays as it is."""
    later = copy.copy(row)
    later.ended_on = ends_on
    return later


def national_content(code, version):
    return {
        "list": code,
        "begins": [_said(row) for row in version.begins],
        "ends": [_said(row) for row in version.ends],
    }


def begins_of(revision):
    return [_grade(said) for said in revision.content["begins"]]


def ends_of(revision):
    return [_grade(said) for said in revision.content["ends"]]


def grade_text(row):
    """A stored grade as the files write it."""
    return GradeText(
        country=row.country_id,
        **{
            field.name: getattr(row, field.name)
            for field in fields(GradeText)
            if field.name != "country"
        },
    )


def grade_from(said, **made):
    """A grade to be stored."""
    values = asdict(said)
    return NationalGrade(country_id=values.pop("country"), **values, **made)


def is_ending(revision):
    return revision.act == RevisionAct.END


def is_national(revision):
    return revision.kind == RevisionKind.NATIONAL_LIST


def _said(row):
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in asdict(row).items()
    }


def _grade(said):
    days = ("earliest_possible", "valid_from", "valid_to_exclusive")
    return GradeText(
        **said | {name: dt.date.fromisoformat(said[name]) if said[name] else None for name in days}
    )
