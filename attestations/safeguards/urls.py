from django.urls import URLPattern, URLResolver, path

from attestations.safeguards.views import agreements, editions, reading_room, revisions

app_name = "safeguards"

urlpatterns: list[URLPattern | URLResolver] = [
    path("lists/", editions.index, name="index"),
    path("lists/difference/", editions.difference, name="difference"),
    path("lists/agreements/", reading_room.agreements, name="agreements"),
    path("lists/agreements/<uuid:public_id>/", agreements.agreement, name="agreement"),
    path("lists/commitments/", reading_room.commitments, name="commitments"),
    path("lists/country/<slug:iso3>/", reading_room.country, name="country"),
    path("lists/national/<slug:code>/", reading_room.national_list, name="national_list"),
    path("lists/national/<slug:code>/file/", agreements.national_file, name="national_file"),
    path("lists/national/<slug:code>/revise/", revisions.revise, name="revise"),
    path("lists/waiting/", revisions.waiting, name="waiting"),
    path("lists/record/<slug:kind>/", revisions.record, name="record"),
    path("lists/record/<slug:kind>/file/", revisions.record_file, name="record_file"),
    path("lists/record/<slug:kind>/<int:pk>/end/", revisions.end, name="end"),
    path("lists/revisions/<uuid:public_id>/", revisions.revision, name="revision"),
    path("lists/revisions/<uuid:public_id>/confirm/", revisions.confirm, name="confirm"),
    path("lists/revisions/<uuid:public_id>/discard/", revisions.discard, name="discard_revision"),
    path("lists/revisions/<uuid:public_id>/reckon/", revisions.reckon, name="reckon_revision"),
    path(
        "lists/revisions/<uuid:public_id>/roll-back/",
        revisions.roll_back,
        name="roll_back_revision",
    ),
    path(
        "lists/revisions/<uuid:public_id>/roll-back/confirm/",
        revisions.confirm_rollback,
        name="confirm_revision_rollback",
    ),
    path(
        "lists/revisions/<uuid:public_id>/roll-back/drop/",
        revisions.drop_rollback,
        name="drop_revision_rollback",
    ),
    path("lists/load/", editions.load, name="load"),
    path("lists/editions/<slug:label>/", editions.edition, name="edition"),
    path("lists/editions/<slug:label>/activate/", editions.activate, name="activate"),
    path("lists/editions/<slug:label>/discard/", editions.discard, name="discard"),
    path("lists/editions/<slug:label>/reckon/", editions.reckon, name="reckon_edition"),
    path("lists/editions/<slug:label>/roll-back/", editions.roll_back, name="roll_back"),
    path(
        "lists/editions/<slug:label>/roll-back/confirm/",
        editions.confirm_rollback,
        name="confirm_rollback",
    ),
    path(
        "lists/editions/<slug:label>/roll-back/drop/",
        editions.drop_rollback,
        name="drop_rollback",
    ),
]
