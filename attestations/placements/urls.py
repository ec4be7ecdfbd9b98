from django.urls import path

from attestations.placements import public_views
from attestations.placements.views import (
    correcting,
    importing,
    listing,
    mapping,
    marked,
    one,
    original,
    rows,
    uploading,
)

app_name = "placements"

OF_AGENCY = "agency/<str:number>/placements/"
IMPORT = f"{OF_AGENCY}imports/<uuid:public_id>/"

urlpatterns = [
    path("ask/", public_views.ask, name="ask"),
    path("placements/template.csv", public_views.template_csv, name="template_csv"),
    path("placements/template.xlsx", public_views.template_xlsx, name="template_xlsx"),
    path(OF_AGENCY, listing.placement_list, name="list"),
    path(f"{OF_AGENCY}upload/", uploading.upload, name="upload"),
    path(f"{OF_AGENCY}columns/", mapping.remembered, name="remembered"),
    path(f"{OF_AGENCY}columns/forget/", mapping.forget, name="forget_column"),
    path(IMPORT, importing.import_detail, name="import_detail"),
    path(f"{IMPORT}columns/", mapping.columns, name="columns"),
    path(f"{IMPORT}file", original.download, name="original"),
    path(f"{IMPORT}apply/", importing.apply, name="apply"),
    path(f"{IMPORT}cancel/", importing.cancel, name="cancel"),
    path(f"{IMPORT}problems.csv", importing.problems, name="problems"),
    path(f"{IMPORT}write-instead/", correcting.write_instead, name="write_instead"),
    path(f"{IMPORT}order-days/", correcting.order_days, name="order_days"),
    path(f"{IMPORT}leave-out/", correcting.leave_out, name="leave_out"),
    path(f"{IMPORT}take-back/", correcting.take_back, name="take_back"),
    path(f"{IMPORT}rows/<int:row>/", rows.import_row, name="import_row"),
    path(f"{IMPORT}marked/", marked.download, name="marked"),
    path(f"{IMPORT}marked/make/", marked.make, name="make_marked"),
    path(f"{OF_AGENCY}<int:pk>/", one.placement_detail, name="detail"),
    path(f"{OF_AGENCY}<int:pk>/correct/", one.correct, name="correct"),
    path(f"{OF_AGENCY}<int:pk>/withdraw/", one.withdraw, name="withdraw"),
]
