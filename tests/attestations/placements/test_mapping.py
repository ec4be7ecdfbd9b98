"""A file whose columns were not known: asked with a preview, read again, and remembered."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agencies.lib.transitions import IllegalTransition
from attestations.enums import ImportState
from attestations.placements import column_memory, services
from attestations.placements.column_naming import name_columns
from attestations.placements.layout import ColumnsRefused, lay_out
from attestations.placements.models import (
    ImportProblem,
    PlacementImport,
    StagedPlacement,
)
from attestations.placements.reading import read_import
from attestations.placements.remembered import RememberedColumn
from tests.factories import agencies, attestations
from tests.factories import placements as make

pytestmark = pytest.mark.django_db

# what an agency's own system calls things; the last is none of ours
THEIRS = {
    "Fall": "reference",
    "Land": "residence",
    "Ziel": "destination",
    "Abschluss": "qualified_as",
    "Stelle": "placed_as",
    "Weg": "mode",
    "Tag": "recruited_on",
    "Lohn": None,
}


@pytest.fixture
def agency():
    attestations.reference()
    return agencies.agency()


@pytest.fixture
def member(agency, client):
    person = agencies.user()
    agencies.agency_membership(person, agency)
    client.force_login(person)
    return person


def their_file(*references, **stated):
    rows = [make.row(reference=reference, **stated) for reference in references]
    return make.csv_file(
        [{header: row[name] if name else "2800" for header, name in THEIRS.items()} for row in rows]
    )


def page(name, agency, **more):
    return reverse(f"placements:{name}", kwargs={"number": agency.register_number, **more})


def columns_page(record):
    return page("columns", record.agency, public_id=record.public_id)


def answers(mapping):
    return {f"column_{at}": name or "" for at, name in enumerate(mapping.values())}


def read(record):
    read_import(import_id=record.pk)
    record.refresh_from_db()
    return record


def said(agency):
    return dict(RememberedColumn.objects.filter(agency=agency).values_list("header", "name"))


# --- the journey ----------------------------------------------------------------------------------


def test_a_file_of_unknown_columns_is_asked_about_read_and_the_next_needs_no_question(
    client, agency, member, django_capture_on_commit_callbacks
):
    failed = make.imported(agency, their_file("A", "B"), by=member)
    result = client.get(page("import_detail", agency, public_id=failed.public_id))
    asked = client.get(columns_page(failed))
    with django_capture_on_commit_callbacks(execute=True):
        sent = client.post(columns_page(failed), answers(THEIRS))
    follower = failed.followed_by.get()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            page("upload", agency), {"file": SimpleUploadedFile("next.csv", their_file("C"))}
        )
    following = PlacementImport.objects.get(original_name="next.csv")

    failed.refresh_from_db()
    assert columns_page(failed) in result.content.decode()
    assert asked.status_code == 200
    assert sent.url == page("import_detail", agency, public_id=follower.public_id)
    assert (failed.state, failed.header) == (ImportState.FAILED, {})
    assert (follower.state, follower.rows_new, follower.file_digest) == (
        ImportState.PREVIEW,
        2,
        failed.file_digest,
    )
    assert (following.state, following.rows_new, following.mapping) == (ImportState.PREVIEW, 1, {})
    assert following.layout["remembered"] == list(THEIRS)
    assert following.layout["aside"] == ["Lohn"]
    found = client.get(page("import_detail", agency, public_id=following.public_id))
    assert [
        (one.header, one.column.name if one.column else None, one.is_remembered)
        for one in found.context["file"].columns
    ] == sorted(
        ((header, name, True) for header, name in THEIRS.items()),
        key=lambda one: list(THEIRS).index(one[0]),
    )


def test_looking_shows_how_rows_would_be_read_and_changes_nothing(
    client, agency, member, reads_only
):
    failed = make.imported(agency, their_file("A", residence="Congo"), by=member)

    with reads_only():
        looked = client.post(columns_page(failed), answers(THEIRS) | {"look": "yes"})

    assert looked.status_code == 200
    assert [column.name for column in looked.context["sheets"][0].filled] == [
        name for name in THEIRS.values() if name
    ]
    assert [cell.text for cell in looked.context["sheets"][0].cells[0]][:3] == [
        "A",
        looked.context["sheets"][0].cells[0][1].text,
        "Ireland (IRL)",
    ]
    assert looked.context["sheets"][0].cells[0][1].is_refused
    assert PlacementImport.objects.count() == 1


def test_what_is_needed_and_not_said_is_named(client, agency, member):
    failed = make.imported(agency, their_file("A"), by=member)

    answer = client.post(columns_page(failed), answers(THEIRS | {"Land": None}))

    assert answer.status_code == 400
    assert "The column residence is missing (Country where the worker lived when recruited)." in (
        answer.context["sheets"][0].form.non_field_errors()
    )
    assert [column.name for column in answer.context["sheets"][0].missing] == ["residence"]
    assert (
        "These are needed and have no column yet"
        in client.get(columns_page(failed)).content.decode()
    )
    assert (PlacementImport.objects.count(), said(agency)) == (1, {})


def test_two_columns_cannot_be_the_same(client, agency, member):
    failed = make.imported(agency, their_file("A"), by=member)

    answer = client.post(columns_page(failed), answers(THEIRS | {"Lohn": "residence"}))

    assert list(answer.context["sheets"][0].form.non_field_errors()) == [
        "“Land” and “Lohn” both say residence. Keep one of them."
    ]


def test_the_columns_of_a_good_preview_can_be_changed(
    client, agency, member, django_capture_on_commit_callbacks
):
    """The old preview is dropped with its rows; what it said of columns stands in the form."""
    before = make.imported(agency, [make.row(), make.row(reference="B", mode="by boat")], by=member)
    asked = client.get(columns_page(before))
    headers = before.header["headers"]
    new = {header: None if header == "training" else header for header in headers}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(columns_page(before), answers(new))
    before.refresh_from_db()
    after = before.followed_by.get()

    assert asked.context["sheets"][0].form.names() == headers
    assert (before.state, before.header) == (ImportState.CANCELLED, {})
    assert not ImportProblem.objects.filter(placement_import=before).exists()
    assert (after.state, after.rows_new, after.layout["aside"]) == (
        ImportState.PREVIEW,
        1,
        ["training"],
    )
    assert StagedPlacement.objects.get().training is None
    assert said(agency) == {"training": ""}


def test_a_second_answer_leads_to_the_reading_that_is_there(agency, member):
    failed = make.imported(agency, their_file("A"), by=member)

    first = name_columns(import_id=failed.pk, mapping=THEIRS, by=member)
    second = name_columns(import_id=failed.pk, mapping=THEIRS, by=member)

    assert (first, PlacementImport.objects.count()) == (second, 2)


@pytest.mark.parametrize("state", [ImportState.APPLIED, ImportState.CANCELLED])
def test_what_is_over_is_not_asked_about(client, agency, member, state):
    record = (make.applied if state == ImportState.APPLIED else make.imported)(
        agency, [make.row()], by=member
    )
    if state == ImportState.CANCELLED:
        services.cancel_import(import_id=record.pk, by=member)

    answer = client.get(columns_page(record))

    assert answer.url == page("import_detail", agency, public_id=record.public_id)
    with pytest.raises(IllegalTransition):
        name_columns(import_id=record.pk, mapping={}, by=member)


def test_what_is_being_saved_keeps_its_columns(agency, member):
    record = make.imported(agency, [make.row()], by=member)
    services.ask_to_apply(import_id=record.pk, by=member)

    with pytest.raises(IllegalTransition):
        name_columns(import_id=record.pk, mapping={"training": None}, by=member)


def test_strangers_and_the_regulator_say_nothing(agency, member):
    failed = make.imported(agency, their_file("A"), by=member)
    officer = agencies.user()
    agencies.regulator_membership(officer, agency.regulator)

    for person in (officer, agencies.user()):
        with pytest.raises(PermissionDenied):
            name_columns(import_id=failed.pk, mapping=THEIRS, by=person)
        with pytest.raises(PermissionDenied):
            column_memory.forget_column(agency_id=agency.pk, header="land", by=person)


# --- nothing of a person --------------------------------------------------------------------------


def test_nothing_is_kept_of_a_file_with_a_personal_column(agency, member):
    """Beside unknown columns too, and whatever the agency once said of that header."""
    column_memory.remember(
        agency=agency, mapping={"Surname": "reference"}, by=member, at=make.RECORDED
    )
    content = their_file("A").replace(b"Lohn", b"Surname")

    failed = make.imported(agency, content, by=member)

    assert (failed.state, failed.header) == (ImportState.FAILED, {})
    assert "The file was not kept." in failed.message
    assert failed.layout == {}


def test_first_rows_are_forgotten_when_they_are_no_longer_needed(agency, member):
    failed = make.imported(agency, their_file("A"), by=member)
    fresh = make.imported(agency, their_file("B"), by=member)
    applied = make.applied(agency, [make.row()], by=member)
    now = fresh.created_at
    PlacementImport.objects.filter(pk=failed.pk).update(
        created_at=now - column_memory.SAMPLES_KEPT - timedelta(seconds=1)
    )

    first = column_memory.forget_samples(at=now)
    second = column_memory.forget_samples(at=now)

    assert (first, second) == (2, 0)
    kept = PlacementImport.objects.exclude(header={})
    assert [record.pk for record in kept] == [fresh.pk]
    assert applied.pk != fresh.pk


def test_the_first_rows_are_kept_short_and_storable(agency, member):
    content = their_file("A\x00" + "x" * 500).replace(b"Lohn", b'"Lohn\nbrutto"')

    failed = make.imported(agency, content, by=member)

    assert failed.header["headers"][-1] == "Lohn brutto"
    assert failed.header["rows"][0][0] == "A�" + "x" * 117 + "…"
    assert (failed.header["row"], failed.header["sheet"]) == (1, "")


# --- memory ---------------------------------------------------------------------------------------


def test_memory_is_of_one_agency(agency, member):
    column_memory.remember(agency=agency, mapping=THEIRS, by=member, at=make.RECORDED)
    other = agencies.agency()

    theirs = make.imported(other, their_file("A"))
    ours = make.imported(agency, their_file("A"))

    assert (theirs.state, ours.state) == (ImportState.FAILED, ImportState.PREVIEW)


def test_only_what_the_names_do_not_say_is_remembered(agency, member):
    for mapping in (
        {"Pays": "residence", "destination": None, "Dest": "destination"},
        {"pays": "training", "Destination": "destination"},
    ):
        column_memory.remember(agency=agency, mapping=mapping, by=member, at=make.RECORDED)

    assert said(agency) == {"pays": "training"}


def test_a_remembered_column_is_looked_at_and_forgotten(client, agency, member):
    column_memory.remember(
        agency=agency, mapping={"Pays": "residence"}, by=member, at=make.RECORDED
    )

    before = client.get(page("remembered", agency)).content.decode()
    client.post(page("forget_column", agency), {"header": "pays"})
    again = client.post(page("forget_column", agency), {"header": "pays"})

    assert "residence: Country where the worker lived when recruited" in before
    assert (said(agency), again.status_code) == ({}, 302)


@pytest.mark.parametrize("many", [1, 30])
def test_pages_of_columns_cost_the_same_for_one_and_for_many(
    client, agency, member, many, django_assert_num_queries
):
    mapping = {f"Spalte {at}": None for at in range(many)}
    column_memory.remember(agency=agency, mapping=mapping, by=member, at=make.RECORDED)
    failed = make.imported(agency, make.csv_file([dict.fromkeys(mapping, "x")]), by=member)

    with django_assert_num_queries(6):
        client.get(page("remembered", agency))
    with django_assert_num_queries(6):
        client.get(columns_page(failed))


NEEDED = ["reference", "destination", "qualified_as", "placed_as", "mode", "recruited_on"]


@pytest.mark.parametrize(
    ("headers", "mapping", "remembered", "residence", "recalled"),
    [
        pytest.param(["Pays"], {}, {"pays": "residence"}, "Pays", ("Pays",), id="it speaks"),
        pytest.param(
            ["Pays", "residence"], {}, {"pays": "residence"}, "residence", (), id="a name is first"
        ),
        pytest.param(
            ["Pays", "Land"],
            {"Land": "residence"},
            {"pays": "residence"},
            "Land",
            (),
            id="what was said of this file is first",
        ),
        pytest.param(
            ["residence", "Lives in"],
            {},
            {"residence": None},
            "Lives in",
            ("residence",),
            id="left aside",
        ),
        pytest.param(["residence"], {}, {"pays": "training"}, "residence", (), id="not there"),
    ],
)
def test_memory_speaks_where_nothing_else_does(headers, mapping, remembered, residence, recalled):
    layout = lay_out([*headers, *NEEDED], mapping, remembered)

    assert (layout.header_of("residence"), layout.remembered) == (residence, recalled)


def test_two_remembered_headers_of_one_column_are_asked_about():
    with pytest.raises(ColumnsRefused) as refused:
        lay_out(["Pays", "Land", *NEEDED], {}, {"pays": "residence", "land": "residence"})

    assert refused.value.reasons == ("“Pays” and “Land” both say residence. Keep one of them.",)
