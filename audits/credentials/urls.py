"""What other people's verifiers fetch, and where a credential is pasted.

The addresses of the lists and of our terms stand in every credential and stay for ever.
"""

from django.urls import path, register_converter

from audits.certificates.converters import StoredNumberConverter
from audits.credentials import views
from audits.credentials.contexts import OWN_PATH
from audits.credentials.converters import ListNumberConverter, StatusPurposeConverter

register_converter(StoredNumberConverter, "number_in_credentials")
register_converter(StatusPurposeConverter, "status_purpose")
register_converter(ListNumberConverter, "list_number")

app_name = "credentials"

urlpatterns = [
    path("verify/credential/", views.check, name="check"),
    path("verify/<number_in_credentials:number>/credential.json", views.as_vc, name="json"),
    path(
        "verify/<number_in_credentials:number>/credential.jsonld", views.as_json_ld, name="jsonld"
    ),
    path("verify/<number_in_credentials:number>/credential.jwt", views.as_jwt, name="jwt"),
    path("status/<status_purpose:purpose>/<list_number:number>", views.status_list, name="list"),
    path(
        "status/<status_purpose:purpose>/<list_number:number>.jwt",
        views.status_list_jwt,
        name="list_jwt",
    ),
    path(".well-known/did.json", views.did, name="did"),
    path(OWN_PATH.removeprefix("/"), views.context, name="context"),
]
