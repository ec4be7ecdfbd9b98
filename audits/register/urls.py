"""The public addresses. `/verify/<number>/` is printed on paper and stays for ever."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from audits.register import views


class StoredNumberConverter(StringConverter):
    """A number in the one form in which it is stored; documents have no other address."""

    regex = "[0-9A-Z]{3,16}"


register_converter(StoredNumberConverter, "stored_number")

app_name = "register"

urlpatterns = [
    path("", views.front, name="front"),
    path("register/", views.search, name="search"),
    path("register/<str:number>/", views.agency, name="agency"),
    path("verify/", views.verify_start, name="verify_start"),
    path("verify/<str:number>/", views.verify, name="verify"),
    path(
        "verify/<stored_number:number>/certificate.pdf",
        views.certificate_pdf,
        name="certificate_pdf",
    ),
    path("verify/<stored_number:number>/statement.json", views.statement, name="statement"),
    path("report/<stored_number:number>/", views.report, name="report"),
    path("report/<stored_number:number>/report.pdf", views.report_pdf, name="report_pdf"),
]
