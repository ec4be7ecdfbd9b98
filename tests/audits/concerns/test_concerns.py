"""A concern: told by anybody, read by one desk, followed by a code, never seen by the agency."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from agencies.enums import AgencyRole
from agencies.invariants import run_all
from agencies.models import JournalEntry
from agencies.services import signing_in
from audits.cases.enums import CaseKind, Stage, WaitsOn
from audits.cases.models import Case
from audits.cases.rebuilding import differences
from audits.concerns import services
from audits.concerns.codes import ALPHABET, digest_of, new_code
from audits.concerns.enums import ConcernKind
from audits.concerns.models import Concern, ConcernMessage
from audits.models import LogLeaf
from tests.factories import agencies as make
from tests.naughty import naughty_texts

pytestmark = pytest.mark.django_db

TOLD = "They asked me for a placement fee of 900."


@pytest.fixture
def agency():
    return make.agency("Harbour Example Recruitment")


@pytest.fixture
def officer(agency):
    return make.staff(agency.regulator)


def told(agency, text=TOLD, **stated):
    return services.receive_concern(
        agency_id=agency.pk, kind=ConcernKind.FEES, text=text, at=timezone.now(), **stated
    )


def report(client, agency, **given):
    where = reverse("concerns:report", args=(agency.register_number,))
    return client.post(where, {"kind": "fees", "text": TOLD, **given})


def follow(client, code, **given):
    return client.post(reverse("concerns:follow"), {"code": code, **given})


def test_the_way_of_a_concern_through_the_queue(agency, officer):
    concern, _code = told(agency)
    case = Case.objects.get(kind=CaseKind.CONCERN)
    assert (case.regulator, case.agency, case.reference) == (
        agency.regulator,
        None,
        concern.reference,
    )
    assert case.stage == Stage.RECEIVED

    services.reply_to_reporter(concern_id=concern.pk, text="When was it?", by=officer)
    case.refresh_from_db()
    assert (case.stage, case.waits_on) == (Stage.QUESTION_ASKED, WaitsOn.AGENCY)
    services.add_to_concern(concern_id=concern.pk, text="In May.", at=timezone.now())
    case.refresh_from_db()
    assert (case.stage, case.waits_on) == (Stage.ANSWERED, WaitsOn.REGULATOR)
    services.note_on_concern(concern_id=concern.pk, text="As the one before.", by=officer)
    services.close_concern(concern_id=concern.pk, outcome="An audit looks at it.", by=officer)
    case.refresh_from_db()
    assert case.closed_at

    assert list(differences()) == []
    assert [(name, wrong) for name, wrong in run_all() if wrong] == []


def test_the_reporter_reads_the_thread_without_the_notes(client, agency, officer):
    code = report(client, agency).context["code"]
    concern = Concern.objects.get()
    services.reply_to_reporter(concern_id=concern.pk, text="When was it?", by=officer)
    services.note_on_concern(concern_id=concern.pk, text="Between us.", by=officer)

    page = follow(client, code.lower().replace("-", " ")).content.decode()
    assert TOLD in page
    assert "When was it?" in page
    assert "Between us." not in page
    assert officer.name not in page

    page = follow(client, code, text="It was in May.").content.decode()
    assert "It was in May." in page
    assert concern.messages.count() == 4


def test_the_code_is_kept_nowhere_and_stands_in_no_address(client, agency):
    answer = report(client, agency, reporter="Ama Example, ama@people.example")
    code = answer.context["code"]
    assert code in answer.content.decode()
    concern = Concern.objects.get()
    assert code not in str(concern.__dict__)
    assert concern.code_digest == digest_of(code)
    assert set(code) <= {*ALPHABET, "-"}
    assert new_code() != new_code()


def test_nothing_about_the_agency_shows_that_there_is_one(client, agency, officer):
    leaves = LogLeaf.objects.count()
    concern, code = told(agency)
    entries = JournalEntry.objects.filter(verb__startswith="concern.")
    for entry in entries:
        assert entry.agency_number == ""
        assert agency.register_number not in str(entry.data)
        assert TOLD not in str(entry.data)
    assert LogLeaf.objects.count() == leaves

    member = make.agency_person(agency, AgencyRole.ADMIN)
    client.force_login(member)
    number = agency.register_number
    for address in (
        f"/agency/{number}/",
        f"/agency/{number}/attestation/",
        f"/agency/{number}/placements/",
        f"/register/{number}/",
        f"/register/{number}/?format=json",
        f"/register/{number}/changes.atom",
        f"/audits/agency/{number}/",
    ):
        page = client.get(address)
        assert page.status_code == 200, address
        assert concern.reference not in page.content.decode()
        assert TOLD not in page.content.decode()
    assert client.get(reverse("concerns:matter", args=(concern.pk,))).status_code == 404
    assert code


def test_other_regulators_do_not_read_it(agency):
    concern, _code = told(agency)
    stranger = make.staff(make.regulator("Another"))
    assert not Concern.objects.visible_to(stranger).exists()
    with pytest.raises(PermissionDenied):
        services.close_concern(concern_id=concern.pk, outcome="No.", by=stranger)


def test_whoever_was_of_the_agency_answers_nothing_about_it(agency, officer):
    concern, _code = told(agency)
    make.agency_membership(officer, agency, ended_at=timezone.now(), ended_by=officer)
    with pytest.raises(ValidationError, match="a colleague does this"):
        services.reply_to_reporter(concern_id=concern.pk, text="Well.", by=officer)


def test_a_closed_concern_takes_nothing_more(agency, officer):
    concern, _code = told(agency)
    services.close_concern(concern_id=concern.pk, outcome="Done.", by=officer)
    with pytest.raises(ValidationError, match="closed"):
        services.add_to_concern(concern_id=concern.pk, text="More.", at=timezone.now())
    with pytest.raises(ValidationError, match="closed"):
        services.close_concern(concern_id=concern.pk, outcome="Again.", by=officer)


def test_about_an_agency_that_is_not_here(client):
    regulator = make.regulator("Authority Example")
    where = reverse("concerns:report_other")
    given = {"kind": "other", "text": TOLD, "agency_named": "Unheard Of Ltd"}
    assert client.post(where, given).status_code == 400
    assert client.post(where, {**given, "regulator": regulator.pk}).status_code == 200
    assert Concern.objects.get().agency_named == "Unheard Of Ltd"


def test_guessing_codes_has_an_end(client, agency):
    told(agency)
    for _ in range(signing_in.CONCERNS_FROM_AN_ADDRESS):
        answer = client.post(
            reverse("concerns:follow"), {"code": new_code()}, REMOTE_ADDR="192.0.2.7"
        )
        assert answer.status_code == 400
    answer = client.post(reverse("concerns:follow"), {"code": new_code()}, REMOTE_ADDR="192.0.2.7")
    assert answer.status_code == 429


def test_control_without_the_count_guessing_goes_on(client, agency, monkeypatch):
    monkeypatch.setattr(signing_in, "_count", lambda what, at: 0)
    for _ in range(signing_in.CONCERNS_FROM_AN_ADDRESS + 3):
        answer = client.post(
            reverse("concerns:follow"), {"code": new_code()}, REMOTE_ADDR="192.0.2.7"
        )
        assert answer.status_code == 400


def test_words_are_forgotten_after_years(agency, officer, settings):
    concern, _code = told(agency, reporter="Ama Example")
    services.close_concern(concern_id=concern.pk, outcome="Done.", by=officer)
    soon = timezone.now() + timedelta(days=settings.CONCERN_KEEP_DAYS - 1)
    assert services.forget_old_concerns(at=soon) == 0
    late = timezone.now() + timedelta(days=settings.CONCERN_KEEP_DAYS + 1)
    assert services.forget_old_concerns(at=late) == 1
    assert set(ConcernMessage.objects.values_list("text", flat=True)) == {""}
    assert Concern.objects.get().reporter == ""


@pytest.mark.slow
def test_hostile_texts(client, agency, officer):
    for text in naughty_texts(7_000):
        code = report(client, agency, text=text).context["code"]
        assert "<script>alert(" not in follow(client, code).content.decode()
    client.force_login(officer)
    for concern in Concern.objects.all():
        page = client.get(reverse("concerns:matter", args=(concern.pk,)))
        assert "<script>alert(" not in page.content.decode()
