from django.urls import URLPattern, URLResolver, include, path

from attestations.views import agency_side, answering, evidence, review

app_name = "attestations"

one = [
    path("", review.detail, name="detail"),
    path("tasks/", answering.tasks, name="tasks"),
    path("requirement/<slug:ref>/", answering.requirement, name="requirement"),
    path(
        "requirement/<slug:ref>/evidence/<uuid:evidence>/remove/",
        answering.detach,
        name="detach",
    ),
    path("check/", answering.check_answers, name="check_answers"),
    path("declare/", agency_side.declare, name="declare"),
    path("sent/", agency_side.sent, name="sent"),
    path("withdraw/", agency_side.withdraw, name="withdraw"),
    path("continue/", agency_side.continue_returned, name="continue_returned"),
    path("correct/", agency_side.correct, name="correct"),
    path("accept/", review.accept, name="accept"),
    path("return/", review.return_for_changes, name="return_for_changes"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("agency/<slug:number>/attestation/", agency_side.overview, name="overview"),
    path("agency/<slug:number>/attestation/start/", agency_side.start, name="start"),
    path("agency/<slug:number>/attestation/<uuid:public_id>/", include(one)),
    path("attestations/", review.submitted, name="submitted"),
    path("evidence/<uuid:public_id>/", evidence.download, name="evidence"),
]
