import re
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from agencies import journal
from agencies.models import Country, Delivery, Invitation, Regulator, User
from tests.factories import agencies as make

pytestmark = pytest.mark.django_db


def run(*words):
    said = StringIO()
    call_command(*words, stdout=said)
    return said.getvalue()


def test_countries_are_loaded_once_and_then_only_what_changed():
    assert run("load_countries") == "Countries: 249 added, 0 changed, 0 unchanged.\n"
    Country.objects.filter(pk="IRL").update(name="Eire")

    assert run("load_countries") == "Countries: 0 added, 1 changed, 248 unchanged.\n"
    assert Country.objects.get(pk="IRL").name == "Ireland"


def test_a_country_carries_its_facts_with_their_year():
    run("load_countries")

    assert list(
        Country.objects.filter(pk__in=("FJI", "NAM", "TWN"))
        .order_by("pk")
        .values_list(
            "iso2",
            "who_region",
            "income_group",
            "income_group_year",
            "is_small_island_developing_state",
        )
    ) == [
        ("FJ", "Western Pacific", "Upper middle income", "FY2025", True),
        ("NA", "African", "Upper middle income", "FY2025", False),
        ("TW", "", "High income", "FY2025", False),
    ]


def test_the_first_regulator_comes_by_a_command_that_prints_the_way_in(client):
    make.country("GHA")

    said = run(
        "add_regulator",
        "--name=Authority of Examples",
        "--country=GHA",
        "--admin-email=chief@authority.example",
    )

    regulator = Regulator.objects.get()
    assert (regulator.name, regulator.country_id) == ("Authority of Examples", "GHA")
    path = re.search(r"^http://127.0.0.1:8000(/account/invitation/\S+)$", said, re.MULTILINE)[1]
    done = client.post(path, {"name": "Chief", "password": make.PASSWORD, "again": make.PASSWORD})
    assert done.url == "/account/"
    assert client.get(f"/regulator/{regulator.public_id}/staff/").status_code == 200


@pytest.mark.parametrize(
    ("country", "email", "words"),
    [
        ("QQQ", "a@b.example", "There is no country 'QQQ'."),
        ("GHA", "nobody", "Enter a valid email address."),
    ],
)
def test_a_regulator_that_cannot_be_is_refused_and_leaves_nothing(country, email, words):
    make.country("GHA")

    with pytest.raises(CommandError, match=words):
        run("add_regulator", "--name=A", f"--country={country}", f"--admin-email={email}")

    assert (Regulator.objects.count(), Invitation.objects.count()) == (0, 0)


def test_the_outbox_is_sent_by_a_command_as_well():
    entry = journal.record("agency.renamed", make.agency(), by=None)
    journal.post(
        entry,
        channel="email",
        at=make.BEGINNING,
        address="person@people.example",
        template="email/agency_renamed",
        body="Example",
        on="2024-01-01",
    )

    assert run("send_outbox") == "E-mails: 1 sent, 0 to be tried again, 0 given up.\n"
    assert len(mail.outbox) == 1


def test_an_operator_is_added_and_chooses_a_password_by_mail(capsys):
    call_command("add_operator", email="Ops@Example.org", name="Orla Example")

    operator = User.objects.get(email="ops@example.org")
    assert (operator.is_operator, operator.is_superuser) == (True, False)
    assert Delivery.objects.filter(recipient=operator, template="email/password_reset").exists()
    assert capsys.readouterr().out.startswith("Added ops@example.org.")


def test_an_address_with_an_account_is_refused():
    make.user("taken@example.org")

    with pytest.raises(CommandError, match="has an account already"):
        call_command("add_operator", email="taken@example.org", name="Orla Example")


def test_an_operator_closes_an_account_and_nobody_else_does():
    person, operator = make.user("gone@example.org"), make.user("ops@example.org", is_operator=True)

    with pytest.raises(CommandError, match="whoever runs the service"):
        call_command("close_account", email=operator.email, by=person.email)
    with pytest.raises(CommandError, match="no account with the address"):
        call_command("close_account", email="nobody@example.org", by=operator.email)
    call_command("close_account", email=person.email, by=operator.email)

    person.refresh_from_db()
    assert person.is_active is False
