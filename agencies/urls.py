from django.contrib.auth.views import LogoutView
from django.urls import path

from agencies.views import account, agencies, people, regulators

app_name = "agencies"

AGENCY = "agency/<slug:number>"
REGULATOR = "regulator/<uuid:public_id>"

urlpatterns = [
    path("account/", account.home, name="home"),
    path("account/sign-in/", account.SignIn.as_view(), name="sign_in"),
    path("account/sign-out/", LogoutView.as_view(), name="sign_out"),
    path("account/password/", account.password_forgotten, name="password_forgotten"),
    path("account/password/sent/", account.password_sent, name="password_sent"),
    path("account/password/<slug:uidb64>/<slug:token>/", account.password_new, name="password_new"),
    path("account/invitation/<slug:token>/", account.invitation, name="invitation"),
    path(
        "account/invitations/<uuid:public_id>/revoke/",
        account.revoke_invitation,
        name="revoke_invitation",
    ),
    path(f"{AGENCY}/", agencies.agency, name="agency"),
    path(f"{AGENCY}/contact/", agencies.change_contact, name="contact"),
    path(f"{AGENCY}/name/", agencies.rename, name="rename"),
    path(f"{AGENCY}/end/", agencies.end, name="end"),
    path(f"{AGENCY}/merger/", agencies.merge, name="merge"),
    path(f"{AGENCY}/transfer/", agencies.transfer, name="transfer"),
    path(f"{AGENCY}/record/<slug:kind>/", agencies.add_record, name="add_record"),
    path(f"{AGENCY}/record/<slug:kind>/<int:pk>/end/", agencies.end_record, name="end_record"),
    path(f"{AGENCY}/officers/<int:pk>/replace/", agencies.replace_officer, name="replace_officer"),
    path(
        f"{AGENCY}/authorizations/<int:pk>/check/",
        agencies.check_authorization,
        name="check_authorization",
    ),
    path(f"{AGENCY}/people/", people.people, name="people"),
    path(f"{AGENCY}/people/invite/", people.invite, name="invite"),
    path(f"{AGENCY}/people/<int:pk>/end/", people.end_membership, name="end_membership"),
    path("regulator/", regulators.regulator_home, name="regulator_home"),
    path("regulator/agencies/", regulators.regulator_agencies, name="regulator_agencies"),
    path("regulator/agencies/register/", regulators.register, name="register"),
    path(f"{REGULATOR}/staff/", people.staff, name="staff"),
    path(f"{REGULATOR}/staff/invite/", people.invite_staff, name="invite_staff"),
    path(f"{REGULATOR}/staff/<int:pk>/end/", people.end_staff, name="end_staff"),
]
