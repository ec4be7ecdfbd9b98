"""The frame of every page, and the pages for what went wrong."""

from html.parser import HTMLParser

import pytest
from django import forms
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest
from django.template import engines
from django.test import Client, RequestFactory
from django.urls import path

from agencies.lib.widgets import DayInput
from config import views
from config.context import site


def raising(error):
    def view(request: HttpRequest):
        raise error

    view.login_required = False
    return view


urlpatterns = [
    path("bad", raising(SuspiciousOperation("odd"))),
    path("no", raising(PermissionDenied("Only a decision maker may decide."))),
    path("gone", raising(Http404())),
    path("broken", raising(RuntimeError("boom"))),
]
handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error

WRONG = [
    pytest.param("/bad", 400, "The request could not be read", id="bad request"),
    pytest.param("/no", 403, "Only a decision maker may decide.", id="not allowed, with why"),
    pytest.param("/gone", 404, "Nothing is at this address", id="not there"),
    pytest.param("/elsewhere", 404, "Nothing is at this address", id="never was there"),
    pytest.param("/broken", 500, "The fault is ours.", id="our fault"),
]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("address", "status", "words"), WRONG)
def test_what_went_wrong_is_said_in_words(address, status, words):
    response = Client(raise_request_exception=False).get(address)

    assert (response.status_code, words in response.text) == (status, True)


@pytest.mark.parametrize("address", ["/", "/account/"])
def test_a_forged_host_is_refused_in_words(address):
    response = Client(raise_request_exception=False).get(address, headers={"host": "evil.example"})

    assert (response.status_code, "evil" in response.text) == (400, False)
    assert "The request could not be read" in response.text


@pytest.mark.urls(__name__)
def test_a_form_without_our_mark_is_refused_in_words():
    response = Client(enforce_csrf_checks=True).post("/gone")

    assert (response.status_code, "Nothing" in response.text) == (403, False)
    assert "so nothing was changed" in response.text


@pytest.mark.urls(__name__)
def test_pages_allow_nothing_from_elsewhere():
    response = Client().get("/gone")

    assert set(response["Content-Security-Policy"].split("; ")) == {
        "default-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    }


class Every(forms.Form):
    name = forms.CharField(help_text="As in the <company> register")
    on = forms.DateField(widget=DayInput, required=False)
    mode = forms.ChoiceField(choices=[("a", "Agency"), ("b", "Direct")], widget=forms.RadioSelect)
    groups = forms.MultipleChoiceField(
        choices=[("a", "Nurses"), ("b", "Doctors")], widget=forms.CheckboxSelectMultiple
    )
    kind = forms.ChoiceField(choices=[("a", "A")])
    why = forms.CharField(widget=forms.Textarea(attrs={"class": "wide"}))
    sure = forms.BooleanField(help_text="Read it first")
    file = forms.FileField()
    token = forms.CharField(widget=forms.HiddenInput)


class Elements(HTMLParser):
    """Every element with its attributes, in order of the page."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        assert len(dict(attributes)) == len(attributes), f"an attribute twice: {attributes}"
        self.found.append((tag, dict(attributes)))

    def having(self, attribute):
        return [attributes for _, attributes in self.found if attribute in attributes]


@pytest.mark.parametrize("sent", [None, {}], ids=["empty form", "form with errors"])
def test_every_control_has_its_label_hint_and_error_by_id(sent):
    page = Elements(Every(sent).render())

    ids = [attributes["id"] for attributes in page.having("id")]
    described = {
        name
        for attributes in page.having("aria-describedby")
        for name in attributes["aria-describedby"].split()
    }
    labelled = {attributes["for"] for attributes in page.having("for")}
    controls = {
        attributes["id"]
        for tag, attributes in page.found
        if tag in ("input", "select", "textarea") and attributes.get("type") != "hidden"
    }
    assert len(ids) == len(set(ids))
    assert described <= set(ids)
    assert labelled == controls


def test_a_hint_is_text_and_not_markup():
    assert "As in the &lt;company&gt; register" in Every().render()


def test_the_summary_of_errors_leads_to_the_fields():
    summary = engines["django"].get_template("components/error_summary.html")
    form = Every({"mode": "a"})
    page = Elements(summary.render({"form": form}) + form.render())

    targets = [attributes["href"].removeprefix("#") for attributes in page.having("href")]
    ids = {attributes["id"] for attributes in page.having("id")}
    assert len(targets) == 7
    assert set(targets) <= ids


def test_a_day_is_written_as_the_browser_wants_it():
    form = Every(initial={"on": "2024-03-14"})

    assert 'type="date" name="on" class="govuk-input" value="2024-03-14"' in str(form["on"])


@pytest.mark.django_db
def test_the_frame_of_a_page_costs_a_stranger_no_query(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/nothing/is/here")


def test_the_frame_says_when_documents_prove_nothing(settings):
    settings.SIGNING_KEY_IS_DEMONSTRATION = False

    assert site(RequestFactory().get("/"))["is_demonstration"] is False
