"""The public addresses. `/verify/<number>/` is printed on paper and stays for ever."""

from django.urls import path, register_converter

from audits.certificates.converters import StoredNumberConverter
from audits.register import feed, receipt_views, upload, views

register_converter(StoredNumberConverter, "stored")


app_name = "register"

urlpatterns = [
    path("", views.front, name="front"),
    path("register/", views.search, name="search"),
    path("register/changes.atom", feed.changes, name="changes"),
    path("register/<str:number>/", views.agency, name="agency"),
    path("register/<stored:number>/changes.atom", feed.changes_of_agency, name="agency_changes"),
    path("register/<stored:number>/receipt/", receipt_views.agency, name="agency_receipt"),
    path("receipt/", receipt_views.check, name="receipt_check"),
    path("verify/", views.verify_start, name="verify_start"),
    path("verify/upload/", upload.upload, name="upload"),
    path("verify/<str:number>/", views.verify, name="verify"),
    path("verify/<stored:number>/receipt/", receipt_views.certificate, name="receipt"),
    path(
        "verify/<stored:number>/certificate.pdf",
        views.certificate_pdf,
        name="certificate_pdf",
    ),
    path("verify/<stored:number>/statement.json", views.statement, name="statement"),
    path("report/<stored:number>/", views.report, name="report"),
    path("report/<stored:number>/report.pdf", views.report_pdf, name="report_pdf"),
]
