import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import isolate_apps

from agencies.lib.constraints import all_or_none, in_order, one_of

MAY, JUNE = dt.date(2024, 5, 1), dt.date(2024, 6, 1)


@pytest.fixture
def visit(db):
    """A table that lives for one test, with one constraint of each kind."""
    with isolate_apps("agencies"):

        class Visit(models.Model):
            opened_on = models.DateField(null=True)
            closed_on = models.DateField(null=True)
            closed_by = models.CharField(max_length=9, null=True)  # noqa: DJ001 -- NULL is tested
            mode = models.CharField(max_length=9, null=True)  # noqa: DJ001 -- NULL is tested

            class Meta:
                app_label = "agencies"
                constraints = [
                    all_or_none("closed_on", "closed_by", name="visit_closed_pair"),
                    in_order("opened_on", "closed_on", name="visit_closed_after_opened"),
                    one_of("mode", ["agency", "direct"], name="visit_mode_known"),
                ]

            def __str__(self):
                return f"visit {self.pk}"

        editor = connection.schema_editor()  # not entered: SQLite allows that outside tests only
        editor.deferred_sql = []
        editor.create_model(Visit)
        yield Visit


def stands(visit, **row):
    try:
        with transaction.atomic():
            visit.objects.create(**row)
    except IntegrityError:
        return False
    return True


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param({}, True, id="nothing is set"),
        pytest.param({"closed_on": MAY, "closed_by": "ann"}, True, id="both are set"),
        pytest.param({"closed_on": MAY}, False, id="a date without a person"),
        pytest.param({"closed_by": "ann"}, False, id="a person without a date"),
        pytest.param({"opened_on": MAY}, True, id="no end yet"),
        pytest.param(
            {"opened_on": MAY, "closed_on": JUNE, "closed_by": "ann"}, True, id="in order"
        ),
        pytest.param({"opened_on": MAY, "closed_on": MAY, "closed_by": "ann"}, True, id="one day"),
        pytest.param(
            {"opened_on": JUNE, "closed_on": MAY, "closed_by": "ann"}, False, id="out of order"
        ),
        pytest.param({"mode": "agency"}, True, id="a known value"),
        pytest.param({"mode": "other"}, False, id="a value that is not one of them"),
        pytest.param({"mode": ""}, False, id="empty is a value too"),
    ],
)
def test_the_database_itself_refuses(visit, row, expected):
    assert stands(visit, **row) is expected


def test_no_road_leads_round_it(visit):
    row = visit.objects.create(opened_on=JUNE)

    with pytest.raises(IntegrityError), transaction.atomic():
        visit.objects.filter(pk=row.pk).update(closed_on=MAY, closed_by="ann")


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"closed_on": MAY}, "Give closed on and closed by together, or leave all of them empty."),
        (
            {"opened_on": JUNE, "closed_on": MAY, "closed_by": "ann"},
            "Closed on cannot come before opened on.",
        ),
        ({"mode": "other"}, "Mode must be one of: agency, direct."),
    ],
)
def test_a_form_says_it_in_words(visit, row, sentence):
    with pytest.raises(ValidationError) as refused:
        visit(**row).validate_constraints()

    assert refused.value.messages == [sentence]


def test_a_message_of_ones_own_is_used():
    constraint = in_order("a", "b", name="x", message="An audit cannot close before it opens.")

    assert constraint.violation_error_message == "An audit cannot close before it opens."


def test_a_constraint_that_would_say_nothing_is_refused():
    with pytest.raises(ValueError, match="at least two fields"):
        all_or_none("a", name="x")
    with pytest.raises(ValueError, match="at least one value"):
        one_of("a", [], name="x")


def test_the_order_in_which_values_are_given_makes_no_migration():
    assert one_of("a", ["y", "x"], name="n") == one_of("a", ["x", "y", "x"], name="n")
