from django.urls import URLPattern, URLResolver, path

from attestations.safeguards.views import editions, reading_room

app_name = "safeguards"

urlpatterns: list[URLPattern | URLResolver] = [
    path("lists/", editions.index, name="index"),
    path("lists/difference/", editions.difference, name="difference"),
    path("lists/agreements/", reading_room.agreements, name="agreements"),
    path("lists/commitments/", reading_room.commitments, name="commitments"),
    path("lists/country/<slug:iso3>/", reading_room.country, name="country"),
    path("lists/national/<slug:code>/", reading_room.national_list, name="national_list"),
    path("lists/load/", editions.load, name="load"),
    path("lists/editions/<slug:label>/", editions.edition, name="edition"),
    path("lists/editions/<slug:label>/activate/", editions.activate, name="activate"),
    path("lists/editions/<slug:label>/discard/", editions.discard, name="discard"),
]
