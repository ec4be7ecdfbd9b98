from django.urls import path

from attestations.placements import public_views, views

app_name = "placements"

OF_AGENCY = "agency/<str:number>/placements/"
IMPORT = f"{OF_AGENCY}imports/<uuid:public_id>/"

urlpatterns = [
    path("ask/", public_views.ask, name="ask"),
    path("placements/template.csv", public_views.template_csv, name="template_csv"),
    path("placements/template.xlsx", public_views.template_xlsx, name="template_xlsx"),
    path(OF_AGENCY, views.placement_list, name="list"),
    path(f"{OF_AGENCY}upload/", views.upload, name="upload"),
    path(IMPORT, views.import_detail, name="import_detail"),
    path(f"{IMPORT}apply/", views.apply, name="apply"),
    path(f"{IMPORT}cancel/", views.cancel, name="cancel"),
    path(f"{IMPORT}problems.csv", views.problems, name="problems"),
    path(f"{OF_AGENCY}<int:pk>/", views.placement_detail, name="detail"),
    path(f"{OF_AGENCY}<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
