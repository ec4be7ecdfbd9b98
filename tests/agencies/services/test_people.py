from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from agencies import journal, services
from agencies.enums import AgencyRole, RegulatorRole
from agencies.lib.transitions import IllegalTransition
from agencies.models import (
    Agency,
    AgencyMembership,
    AgencyUserObjectPermission,
    Delivery,
    Invitation,
    User,
)
from agencies.permissions import holds
from agencies.tokens import digest_of, invitation_token
from tests.factories import agencies as make

pytestmark = pytest.mark.django_db

PASSWORD = make.PASSWORD


@pytest.fixture
def agency():
    return make.agency("Harbour Example")


@pytest.fixture
def admin(agency):
    return make.agency_person(agency, AgencyRole.ADMIN)


def invited(agency, admin, email="new@people.example", role=AgencyRole.MEMBER):
    invitation = services.invite(email=email, role=role, agency_id=agency.pk, by=admin)
    return invitation, invitation_token(invitation.public_id)


def accept(token, *, by=None, at=None, name="New Example", password=PASSWORD):
    return services.accept_invitation(
        token=token, at=at or timezone.now(), by=by, name=name, password=password
    )


def test_an_invitation_stores_a_digest_and_mails_no_secret_to_the_database(agency, admin):
    invitation, token = invited(agency, admin, " New@People.Example ")

    assert invitation.email == "new@people.example"
    assert invitation.token_digest == digest_of(token)
    delivery = Delivery.objects.get()
    assert delivery.address == "new@people.example"
    assert token not in str(delivery.context)
    assert journal.history_of(invitation).get().data == {"role": "member"}


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (AgencyRole.ADMIN, True),
        (AgencyRole.SIGNING_OFFICER, False),
        (AgencyRole.MEMBER, False),
        (RegulatorRole.CASE_OFFICER, True),
        (RegulatorRole.ADMIN, True),
        (RegulatorRole.AUDITOR, False),
        (RegulatorRole.DATA_STEWARD, False),
    ],
)
def test_who_may_invite_to_an_agency(agency, standing, expected):
    if isinstance(standing, AgencyRole):
        person = make.agency_person(agency, standing)
    else:
        person = make.staff(agency.regulator, standing)

    if expected:
        invited(agency, person)
    else:
        with pytest.raises(PermissionDenied):
            invited(agency, person)

    assert Invitation.objects.exists() is expected


def test_only_an_administrator_of_a_regulator_invites_its_staff():
    regulator = make.regulator()
    for role in RegulatorRole:
        staff = make.staff(regulator, role)
        if role == RegulatorRole.ADMIN:
            services.invite(
                email="a@b.example", role=RegulatorRole.AUDITOR, regulator_id=regulator.pk, by=staff
            )
        else:
            with pytest.raises(PermissionDenied):
                services.invite(email="a@b.example", role=role, regulator_id=regulator.pk, by=staff)


def test_a_role_of_the_other_kind_of_body_is_refused(agency, admin):
    with pytest.raises(ValueError, match="case_officer"):
        invited(agency, admin, role="case_officer")


def test_a_second_invitation_replaces_the_first(agency, admin):
    _, first = invited(agency, admin)
    _, second = invited(agency, admin)

    with pytest.raises(IllegalTransition):
        accept(first)
    assert accept(second).role == AgencyRole.MEMBER


def test_nobody_is_invited_to_what_they_hold(agency, admin):
    with pytest.raises(ValidationError):
        invited(agency, admin, admin.email, AgencyRole.ADMIN)


def test_a_new_account_is_made_by_the_one_who_was_invited(agency, admin):
    _, token = invited(agency, admin)

    membership = accept(token)

    person = membership.user
    assert (person.email, person.name) == ("new@people.example", "New Example")
    assert person.check_password(PASSWORD)
    assert list(Agency.objects.visible_to(person)) == [agency]


@pytest.mark.parametrize(
    ("name", "password"), [("", PASSWORD), ("New Example", "short"), ("New Example", "1" * 20)]
)
def test_a_new_account_needs_a_name_and_a_password_that_holds(agency, admin, name, password):
    _, token = invited(agency, admin)

    with pytest.raises(ValidationError):
        accept(token, name=name, password=password)

    assert User.objects.filter(email="new@people.example").exists() is False
    assert Invitation.objects.get().accepted_at is None


def test_who_has_an_account_signs_in_first(agency, admin):
    person = make.user("new@people.example")
    _, token = invited(agency, admin)

    with pytest.raises(services.SignInFirst):
        accept(token)
    membership = accept(token, by=person)

    assert membership.user == person


def test_somebody_else_cannot_accept(agency, admin):
    _, token = invited(agency, admin)

    with pytest.raises(services.InvitationNotForYou):
        accept(token, by=make.user("other@people.example"))

    assert Invitation.objects.get().accepted_at is None


def test_an_invitation_is_accepted_once(agency, admin):
    _, token = invited(agency, admin)
    person = accept(token).user

    with pytest.raises(IllegalTransition):
        accept(token, by=person)

    assert AgencyMembership.objects.filter(user=person).count() == 1


def test_an_invitation_expires(agency, admin):
    invitation, token = invited(agency, admin)

    with pytest.raises(IllegalTransition):
        accept(token, at=invitation.expires_at)

    assert accept(token, at=invitation.expires_at - timedelta(seconds=1)).pk


def test_a_revoked_invitation_opens_nothing(agency, admin):
    invitation, token = invited(agency, admin)

    services.revoke_invitation(invitation_id=invitation.pk, by=admin)

    with pytest.raises(IllegalTransition):
        accept(token)
    with pytest.raises(IllegalTransition):
        services.revoke_invitation(invitation_id=invitation.pk, by=admin)


def test_an_agency_that_has_ended_lets_nobody_in(agency, admin):
    _, token = invited(agency, admin)
    services.end_agency(agency_id=agency.pk, on=agency.registered_on, by=admin)

    with pytest.raises(IllegalTransition):
        accept(token)
    with pytest.raises(IllegalTransition):
        invited(agency, admin, "another@people.example")


def test_a_made_up_token_leads_nowhere():
    assert services.invitation_by("x" * 43) is None


def test_leaving_takes_everything_along_in_one_transaction(agency, admin):
    leaver = make.agency_person(agency, AgencyRole.ADMIN)
    officer = make.officer(agency, user=leaver)
    elsewhere = make.agency()
    make.delegation(leaver, elsewhere)
    invitation, _ = invited(agency, leaver, "friend@people.example")
    signed_in_as = leaver.get_session_auth_hash()

    services.end_agency_membership(membership_id=leaver.agency_memberships.get().pk, by=admin)

    leaver.refresh_from_db()
    officer.refresh_from_db()
    invitation.refresh_from_db()
    assert holds(leaver) is False
    assert list(Agency.objects.visible_to(leaver)) == []
    assert AgencyUserObjectPermission.objects.filter(user=leaver).exists() is False
    assert officer.valid_until == timezone.localdate()
    assert invitation.revoked_at is not None
    assert leaver.get_session_auth_hash() != signed_in_as
    assert leaver.is_active is True


def test_with_one_role_of_two_the_officership_of_the_other_stays(agency, admin):
    person = make.agency_person(agency, AgencyRole.MEMBER)
    signing = make.agency_membership(person, agency, AgencyRole.SIGNING_OFFICER)
    member = person.agency_memberships.get(role=AgencyRole.MEMBER)
    officer = make.officer(agency, user=person, may_sign=True)

    services.end_agency_membership(membership_id=member.pk, by=admin)
    officer.refresh_from_db()
    assert officer.valid_until is None

    services.end_agency_membership(membership_id=signing.pk, by=admin)
    officer.refresh_from_db()
    assert officer.valid_until == timezone.localdate()


def test_who_stays_a_member_signs_no_more_without_that_role(agency, admin):
    person = make.agency_person(agency, AgencyRole.MEMBER)
    signing = make.agency_membership(person, agency, AgencyRole.SIGNING_OFFICER)
    officer = make.officer(agency, user=person, may_sign=True)

    services.end_agency_membership(membership_id=signing.pk, by=admin)

    officer.refresh_from_db()
    assert officer.valid_until == timezone.localdate()
    assert holds(person, agency=agency) is True


def test_anybody_may_leave_and_nobody_may_send_another_away(agency, admin):
    member, other = (make.agency_person(agency) for _ in range(2))

    with pytest.raises(PermissionDenied):
        services.end_agency_membership(membership_id=other.agency_memberships.get().pk, by=member)
    services.end_agency_membership(membership_id=member.agency_memberships.get().pk, by=member)

    assert holds(member) is False
    assert holds(other) is True


def test_the_last_administrator_cannot_leave_silently(agency, admin):
    own = admin.agency_memberships.get()

    with pytest.raises(services.LastAdministrator):
        services.end_agency_membership(membership_id=own.pk, by=admin)

    services.end_agency_membership(
        membership_id=own.pk, by=make.staff(agency.regulator, RegulatorRole.CASE_OFFICER)
    )
    assert holds(admin) is False


def test_a_closed_account_is_no_other_administrator(agency, admin):
    asleep = make.agency_person(agency, AgencyRole.ADMIN)
    asleep.is_active = False
    asleep.save(update_fields=["is_active"])

    with pytest.raises(services.LastAdministrator):
        services.end_agency_membership(membership_id=admin.agency_memberships.get().pk, by=admin)


def test_the_last_administrator_of_a_regulator_stays():
    regulator = make.regulator()
    admin = make.staff(regulator, RegulatorRole.ADMIN)
    auditor = make.staff(regulator, RegulatorRole.AUDITOR)

    with pytest.raises(services.LastAdministrator):
        services.end_regulator_membership(
            membership_id=admin.regulator_memberships.get().pk, by=admin
        )
    services.end_regulator_membership(
        membership_id=auditor.regulator_memberships.get().pk, by=admin
    )

    assert holds(auditor) is False


def test_a_role_ends_once(agency, admin):
    member = make.agency_person(agency).agency_memberships.get()
    services.end_agency_membership(membership_id=member.pk, by=admin)

    with pytest.raises(IllegalTransition):
        services.end_agency_membership(membership_id=member.pk, by=admin)


def test_a_closed_account_keeps_nothing(agency, admin):
    operator = make.user(is_operator=True)
    regulator = make.regulator()
    make.regulator_membership(admin, regulator, RegulatorRole.AUDITOR)
    make.delegation(admin, make.agency())

    services.deactivate_user(user_id=admin.pk, by=operator)

    admin.refresh_from_db()
    assert admin.is_active is False
    assert admin.agency_memberships.filter(ended_at=None).exists() is False
    assert admin.regulator_memberships.filter(ended_at=None).exists() is False
    assert AgencyUserObjectPermission.objects.filter(user=admin).exists() is False
    assert journal.history_of(admin).get().data["without_administrator"] == [
        f"agencies.agency:{agency.pk}"
    ]
    with pytest.raises(IllegalTransition):
        services.deactivate_user(user_id=admin.pk, by=operator)


def test_only_an_operator_closes_an_account(agency, admin):
    for person in (admin, make.staff(agency.regulator, RegulatorRole.ADMIN), AnonymousUser()):
        with pytest.raises(PermissionDenied):
            services.deactivate_user(user_id=admin.pk, by=person)


def test_a_first_regulator_comes_with_an_invitation_for_its_administrator():
    make.country("GHA")

    regulator, invitation = services.add_regulator(
        name="Authority", country_id="GHA", admin_email="Chief@Authority.Example"
    )

    membership = accept(invitation_token(invitation.public_id))
    assert (membership.regulator, membership.role) == (regulator, RegulatorRole.ADMIN)
    assert membership.user.email == "chief@authority.example"


def test_a_regulator_is_added_once_a_country():
    make.country("GHA")
    services.add_regulator(name="Authority", country_id="GHA", admin_email="a@b.example")

    with pytest.raises(ValidationError):
        services.add_regulator(name="Authority", country_id="GHA", admin_email="a@b.example")
