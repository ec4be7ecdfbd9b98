from django.urls import URLPattern, URLResolver, path

from attestations.safeguards import views

app_name = "safeguards"

urlpatterns: list[URLPattern | URLResolver] = [
    path("lists/", views.index, name="index"),
    path("lists/difference/", views.difference, name="difference"),
    path("lists/agreements/", views.agreements, name="agreements"),
    path("lists/commitments/", views.commitments, name="commitments"),
    path("lists/country/<slug:iso3>/", views.country, name="country"),
    path("lists/national/<slug:code>/", views.national_list, name="national_list"),
    path("lists/load/", views.load, name="load"),
    path("lists/editions/<slug:label>/", views.edition, name="edition"),
    path("lists/editions/<slug:label>/activate/", views.activate, name="activate"),
    path("lists/editions/<slug:label>/discard/", views.discard, name="discard"),
]
