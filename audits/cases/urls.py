from django.urls import path

from audits.cases import views

app_name = "cases"

CASE = "regulator/cases/<uuid:public_id>"

urlpatterns = [
    path("regulator/queue/", views.queue, name="queue"),
    path("regulator/queue/views/", views.save_view, name="save_view"),
    path("regulator/queue/views/<uuid:public_id>/remove/", views.remove_view, name="remove_view"),
    path(f"{CASE}/", views.case, name="case"),
    path(f"{CASE}/take/", views.take, name="take"),
    path(f"{CASE}/hand-on/", views.hand_on, name="hand_on"),
    path(f"{CASE}/seen/", views.mark_seen, name="mark_seen"),
]
