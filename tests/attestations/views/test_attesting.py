"""An attestation from its beginning to its acceptance, by the pages that people use."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from agencies.lib.stored_files import path_of
from attestations.enums import AttestationState
from attestations.models import Answer, Attestation, EvidenceFile
from tests.factories import agencies as people
from tests.factories import attestations as make
from tests.naughty import naughty_texts

pytestmark = pytest.mark.usefixtures("reference")


@pytest.fixture
def agency(db):
    return people.agency("Harbour Example Recruitment")


@pytest.fixture
def officer(agency):
    return make.signing_officer(agency)


def signed_in(person):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(name, attestation, **more):
    args = {"number": attestation.agency.register_number, "public_id": attestation.public_id}
    return reverse(f"attestations:{name}", kwargs=args | more)


def words(response):
    main = response.content.decode().split("<main", 1)[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def answer(client, attestation, ref, **given):
    return client.post(page("requirement", attestation, ref=ref), {"choice": "complies"} | given)


def test_an_agency_attests_and_its_regulator_accepts(agency, officer):
    client = signed_in(officer.user)
    begun = client.post(reverse("attestations:start", args=(agency.register_number,)))
    attestation = Attestation.objects.get()
    assert begun["Location"] == page("tasks", attestation)

    refs = [task.ref for task in attestation.edition.requirements.all()]
    for ref in refs:
        more = (
            {"file": SimpleUploadedFile("licence.txt", b"Licence 4711")} if ref == "REQ-07" else {}
        )
        following = answer(client, attestation, ref, **more)
        assert following.status_code == 302
    assert following["Location"] == page("tasks", attestation)

    declare = client.get(page("declare", attestation))
    form = declare.context["form"].initial
    sent = client.post(page("declare", attestation), form | {"read": "on"}, follow=True)

    attestation.refresh_from_db()
    assert attestation.state == AttestationState.SUBMITTED
    assert attestation.declaration == form["declaration"]
    assert attestation.reference in words(sent)
    reviewer = signed_in(people.staff(agency.regulator))
    listed = reviewer.get(reverse("attestations:submitted"))
    assert page("detail", attestation) in listed.content.decode()
    reviewer.post(page("accept", attestation))
    attestation.refresh_from_db()
    assert attestation.state == AttestationState.ACCEPTED


def test_the_words_on_the_page_are_the_words_in_the_form(agency, officer):
    attestation = make.complete_draft(agency)
    client = signed_in(officer.user)
    form = client.get(page("declare", attestation)).context["form"].initial
    attestation.answers.filter(requirement__ref="REQ-38").update(choice="does_not")

    unread = client.post(page("declare", attestation), form)
    again = client.post(page("declare", attestation), form | {"read": "on"}, follow=True)

    assert "Tick this to declare." in words(unread)
    assert "“We do not do this yet” to 1" in escape(unread.context["form"]["declaration"].value())
    assert "Read the declaration again." in words(again)
    assert Attestation.objects.get().state == AttestationState.DRAFT


def test_an_unfinished_attestation_says_what_is_left(agency, officer):
    attestation = make.draft_attestation(agency, answers={"REQ-07": "complies"})
    client = signed_in(officer.user)

    tasks = client.get(page("tasks", attestation))
    declare = client.get(page("declare", attestation))

    assert "0 of 38 requirements" in words(tasks)
    assert "There is a problem" in words(tasks)
    assert "Cannot start yet" in words(tasks)
    assert "REQ-07: this answer needs a file that bears it out." in words(declare)
    assert declare.context["progress"].obstacles[0] == "REQ-01: not answered yet."


def test_nothing_typed_or_sent_is_lost_when_something_is_wrong(agency, officer):
    attestation = make.draft_attestation(agency)
    client = signed_in(officer.user)

    refused = answer(
        client,
        attestation,
        "REQ-09",
        choice="not_applicable",
        covers_from="2026-01-01",
        file=SimpleUploadedFile("authorization.txt", b"Not required in Ireland."),
    )

    evidence = EvidenceFile.objects.get()
    form = refused.context["form"]
    assert form.errors == {"explanation": ["Say why this does not apply to you."]}
    assert form["existing"].value() == str(evidence.public_id)
    assert form["covers_from"].value() == "2026-01-01"
    assert "“authorization.txt” has arrived" in words(refused)
    assert Answer.objects.count() == 0
    mended = answer(
        client,
        attestation,
        "REQ-09",
        choice="not_applicable",
        explanation="We place in Ireland alone.",
        covers_from="2026-01-01",
        existing=str(evidence.public_id),
        then="here",
    )
    assert mended["Location"] == page("requirement", attestation, ref="REQ-09")
    assert Answer.objects.get().evidence.get().file == evidence


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        pytest.param({"choice": ""}, "choice", "Choose one of the three answers.", id="no answer"),
        pytest.param(
            {"covers_until": "2026-01-01"},
            "file",
            "Choose the file that covers these days.",
            id="days without a file",
        ),
        pytest.param(
            {"covers_from": "2026-02-01", "covers_until": "2026-01-01"},
            "covers_until",
            "The last day cannot come before the first.",
            id="days in the wrong order",
        ),
        pytest.param(
            {"file": SimpleUploadedFile("run.pdf", b"MZ\x90\x00")},
            "file",
            "This is a program, not a document.",
            id="a program",
        ),
        pytest.param(
            {"file": SimpleUploadedFile("empty.pdf", b"")},
            "file",
            "This file is empty. Check that it was saved, and send it again.",
            id="an empty file",
        ),
        pytest.param(
            {"existing": "00000000-0000-4000-8000-000000000000"},
            "existing",
            "Select a valid choice. That choice is not one of the available choices.",
            id="a file of nobody",
        ),
        pytest.param(
            {"existing": "not a uuid"},
            "existing",
            "“not a uuid” is not a valid UUID.",
            id="no file at all",
        ),
    ],
)
def test_what_is_wrong_stands_beside_its_field(agency, officer, given, field, message):
    attestation = make.draft_attestation(agency)

    refused = answer(signed_in(officer.user), attestation, "REQ-01", **given)

    assert refused.status_code == 200
    assert refused.context["form"].errors[field] == [message]
    assert f'href="#id_{field}"' in refused.content.decode()


def test_another_agencys_file_cannot_be_chosen(agency, officer):
    attestation = make.draft_attestation(agency)
    theirs = make.evidence_file(people.agency())

    refused = answer(signed_in(officer.user), attestation, "REQ-01", existing=str(theirs.public_id))

    assert "existing" in refused.context["form"].errors


def test_a_file_is_served_as_an_attachment_and_only_if_it_is_what_was_stored(
    agency, officer, settings
):
    evidence = make.evidence_file(agency, content=b"Nothing <b>bold</b>.", name="no page.txt")
    address = reverse("attestations:evidence", args=(evidence.public_id,))
    client = signed_in(officer.user)

    served = client.get(address)

    assert b"".join(served.streaming_content) == b"Nothing <b>bold</b>."
    assert {
        name: served[name]
        for name in ("Content-Type", "Content-Disposition", "X-Content-Type-Options")
    } == {
        "Content-Type": "text/plain",
        "Content-Disposition": 'attachment; filename="no page.txt"',
        "X-Content-Type-Options": "nosniff",
    }
    assert "sandbox" in served["Content-Security-Policy"]
    assert "no-store" in served["Cache-Control"]
    path_of(settings.EVIDENCE_ROOT, evidence.digest).unlink()
    missing = client.get(address)
    assert (missing.status_code, "It is not served." in words(missing)) == (503, True)


def test_a_file_can_be_taken_off_an_answer(agency, officer):
    attestation = make.complete_draft(agency)
    evidence = agency.evidence_files.get()

    taken = signed_in(officer.user).post(
        page("detach", attestation, ref="REQ-07", evidence=evidence.public_id)
    )

    assert taken["Location"] == page("requirement", attestation, ref="REQ-07")
    assert evidence.used_for.count() == 0


def test_a_returned_attestation_shows_why_and_goes_on_as_a_copy(agency, officer):
    returned = make.returned_attestation(agency, officer=officer, note="REQ-12: which edition?")
    client = signed_in(officer.user)

    shown = client.get(page("detail", returned))
    begun = client.post(page("continue_returned", returned), follow=True)

    assert "REQ-12: which edition?" in words(shown)
    assert "REQ-12: which edition?" in words(begun)
    copy = Attestation.objects.get(state="draft")
    assert copy.continues == returned
    again = client.post(page("continue_returned", returned), follow=True)
    assert "is open already" in words(again)


def test_what_follows_is_said_in_every_state(agency, officer):
    client = signed_in(officer.user)
    overview = reverse("attestations:overview", args=(agency.register_number,))

    def next_step():
        return client.get(overview).context["next_step"]

    steps = [next_step()]
    draft = make.complete_draft(agency)
    steps.append(next_step())
    draft.answers.filter(requirement__ref="REQ-01").delete()
    steps.append(next_step())
    Attestation.objects.update(state="withdrawn")
    steps.append(next_step())
    make.returned_attestation(agency, officer=officer)
    steps.append(next_step())

    assert steps == [
        "",
        "A signing officer of the agency declares and sends it.",
        "The agency: 1 requirement is left.",
        "Nothing: it was withdrawn.",
        "The agency reads what has to change, and goes on with a copy.",
    ]


def test_lists_cost_the_same_queries_for_one_and_three(agency, officer):
    client, staff = signed_in(officer.user), signed_in(people.staff(agency.regulator))
    overview = reverse("attestations:overview", args=(agency.register_number,))

    def counts():
        found = []
        for reader, address in ((client, overview), (staff, reverse("attestations:submitted"))):
            with CaptureQueriesContext(connection) as asked:
                assert reader.get(address).status_code == 200
            found.append(len(asked))
        return found

    make.accepted_attestation(agency, officer=officer)
    one = counts()
    for _ in range(2):
        make.accepted_attestation(agency, officer=officer)

    assert counts() == one


def test_the_detail_costs_the_same_queries_for_one_and_all_answers(agency, officer):
    client = signed_in(officer.user)
    one = make.draft_attestation(agency, answers={"REQ-07": "complies"})
    make.AnswerEvidence.objects.create(
        answer=one.answers.get(), file=make.evidence_file(agency, by=officer.user)
    )
    counts = []
    for attestation in (one, None):
        if attestation is None:
            Attestation.objects.update(state="withdrawn")
            attestation = make.complete_draft(agency)
            Attestation.objects.filter(pk=attestation.pk).update(state="withdrawn")
        else:
            Attestation.objects.update(state="withdrawn")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page("detail", attestation)).status_code == 200
        counts.append(len(asked))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param({}, {"Harbour", "Quay"}, id="everything"),
        pytest.param({"state": "accepted"}, {"Quay"}, id="by state"),
        pytest.param({"agency": "harb"}, {"Harbour"}, id="by name"),
        pytest.param({"submitted_from": "2026-11-23"}, set(), id="by day"),
        pytest.param({"state": "draft"}, {"Harbour", "Quay"}, id="a state it does not offer"),
        pytest.param({"agency": "\x00", "page": "x"}, {"Harbour", "Quay"}, id="no text at all"),
    ],
)
def test_a_regulator_narrows_the_list(agency, asked, expected):
    make.submitted_attestation(agency)
    other = people.agency("Quay Example Recruitment", regulator=agency.regulator)
    make.accepted_attestation(other)
    make.submitted_attestation(people.agency("Elsewhere Example Recruitment", country="IND"))

    listed = signed_in(people.staff(agency.regulator)).get(reverse("attestations:submitted"), asked)

    assert {each.agency.legal_name.split()[0] for each in listed.context["page"]} == expected


@pytest.mark.slow
def test_naughty_texts_are_kept_and_shown_as_text(agency, officer):
    """The big list of naughty strings through every text field of these pages."""
    attestation = make.complete_draft(agency)
    client, reviewer = signed_in(officer.user), signed_in(people.staff(agency.regulator))
    for text in naughty_texts(4000):
        answered = answer(client, attestation, "REQ-01", explanation=text)
        assert answered.status_code == 302
        shown = client.get(page("check_answers", attestation)).content.decode()
        kept = Answer.objects.get(attestation=attestation, requirement__ref="REQ-01").explanation
        assert [line for line in kept.splitlines() if escape(line) not in shown] == []
    form = client.get(page("declare", attestation)).context["form"].initial
    for text in naughty_texts(4000):
        refused = client.post(page("declare", attestation), form | {"declaration": text})
        assert refused.status_code == 200
    client.post(page("declare", attestation), form | {"read": "on"})
    text = next(iter(naughty_texts(4000)))
    reviewer.post(page("return_for_changes", attestation), {"note": text})
    attestation.refresh_from_db()
    detail = reviewer.get(page("detail", attestation)).content.decode()
    note = attestation.review_note
    assert note
    assert [line for line in note.splitlines() if escape(line) not in detail] == []
    for text in naughty_texts(99)[::10]:
        assert reviewer.get(reverse("attestations:submitted"), {"agency": text}).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/agency/%00/attestation/",
        "/agency/AG999999X/attestation/",
        "/agency/{number}/attestation/{draft}/requirement/REQ-99/",
        "/agency/{number}/attestation/{draft}/requirement/%00/",
        "/agency/{number}/attestation/00000000-0000-4000-8000-000000000000/",
        "/agency/{other}/attestation/{draft}/",
        "/evidence/00000000-0000-4000-8000-000000000000/",
    ],
)
def test_what_is_not_there_is_404(agency, officer, address):
    draft = make.draft_attestation(agency)
    other = people.agency()
    numbers = {"number": agency.register_number, "other": other.register_number}

    answer = signed_in(officer.user).get(address.format(draft=draft.public_id, **numbers))

    assert answer.status_code == 404
