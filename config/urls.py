"""The map of the site: each room hangs its own pages below."""

from django.urls import include, path

urlpatterns = [
    # before the register, which reads any word after /verify/ as a number
    path("", include("audits.credentials.urls")),
    path("", include("audits.transparency.urls")),
    path("", include("audits.register.urls")),
    path("", include("audits.checking.urls")),
    path("", include("audits.concerns.urls")),
    path("", include("agencies.urls")),
    path("", include("attestations.urls")),
    path("", include("attestations.knowledge.urls")),
    path("", include("attestations.placements.urls")),
    path("", include("attestations.safeguards.urls")),
    path("", include("audits.cases.urls")),
    path("", include("audits.urls")),
    path("", include("audits.certificates.urls")),
]

handler400 = "config.views.bad_request"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
