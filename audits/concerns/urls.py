from django.urls import path, register_converter

from audits.certificates.converters import StoredNumberConverter
from audits.concerns import views

register_converter(StoredNumberConverter, "number_of_concerned")

app_name = "concerns"

DESK = "regulator/concerns/<int:pk>"

urlpatterns = [
    path("concerns/", views.follow, name="follow"),
    path("concerns/report/", views.report_other, name="report_other"),
    path("concerns/report/<number_of_concerned:number>/", views.report, name="report"),
    path(f"{DESK}/", views.matter, name="matter"),
    path(f"{DESK}/reply/", views.reply, name="reply"),
    path(f"{DESK}/note/", views.note, name="note"),
    path(f"{DESK}/close/", views.close, name="close"),
]
