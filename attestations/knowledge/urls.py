from django.urls import path

from attestations.knowledge import views

app_name = "knowledge"

HERE = "agency/<slug:number>/knowledge"

urlpatterns = [
    path(f"{HERE}/", views.home, name="home"),
    path(f"{HERE}/begin/", views.begin, name="begin"),
    path(f"{HERE}/<uuid:public_id>/", views.attempt, name="attempt"),
    path(f"{HERE}/<uuid:public_id>/<int:position>/", views.question, name="question"),
    path(f"{HERE}/<uuid:public_id>/finish/", views.finish, name="finish"),
]
