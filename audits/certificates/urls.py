from django.urls import path, register_converter

from audits.certificates import views
from audits.certificates.converters import StoredNumberConverter

register_converter(StoredNumberConverter, "certificate_number")

app_name = "certificates"

urlpatterns = [
    path("certificates/", views.index, name="index"),
    path("certificates/changes/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("certificates/changes/<int:pk>/decline/", views.decline, name="decline"),
    path(
        "certificates/reports/<certificate_number:number>/references/",
        views.report_references,
        name="report_references",
    ),
    path("certificates/<certificate_number:number>/", views.detail, name="detail"),
    path("certificates/<certificate_number:number>/propose/", views.propose, name="propose"),
]
