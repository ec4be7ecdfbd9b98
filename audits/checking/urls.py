from django.urls import path, register_converter

from audits.certificates.converters import StoredNumberConverter
from audits.checking import views

register_converter(StoredNumberConverter, "agency_number")

app_name = "checking"

urlpatterns = [
    path("check-many/", views.many, name="many"),
    path("register/<agency_number:number>/person/", views.person, name="person"),
]
