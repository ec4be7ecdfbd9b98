"""The log at the addresses of tlog-tiles, its proofs, and the page that explains it to people."""

from django.urls import path

from audits.transparency import views

app_name = "log"

urlpatterns = [
    path("log/", views.index, name="index"),
    path("log/checkpoint", views.checkpoint, name="checkpoint"),
    path("log/keys.json", views.keys, name="keys"),
    path("log/tile/<path:address>", views.tile, name="tile"),
    path("log/leaf/<int:position>/", views.leaf, name="leaf"),
    path("log/proof/inclusion/", views.inclusion, name="inclusion"),
    path("log/proof/consistency/", views.consistency, name="consistency"),
    path("log/witness/add-checkpoint", views.add_checkpoint, name="add_checkpoint"),
    path("log/verify_register.py", views.verifier, name="verifier"),
]
