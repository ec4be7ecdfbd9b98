"""The rules, one function each: facts in, a finding (or none) out; no clock, no database."""

from collections.abc import Callable

from attestations.crosscheck.codes import Finding
from attestations.crosscheck.facts import Facts
from attestations.crosscheck.rules import (
    agency,
    agreements,
    national,
    record,
    safeguards_list,
    worker,
)

Rule = Callable[[Facts], Finding | tuple[Finding, ...] | None]

RULES: tuple[Rule, ...] = (
    safeguards_list.active_recruitment_from_a_listed_country,
    safeguards_list.a_listed_residents_own_application,
    safeguards_list.help_after_a_listed_residents_own_application,
    safeguards_list.education_pathway_from_a_listed_country,
    safeguards_list.remote_service_from_a_listed_country,
    safeguards_list.trained_in_a_listed_country_and_passing_through_another,
    safeguards_list.trained_in_a_listed_country_and_settled_in_another,
    safeguards_list.country_listed_between_recruitment_and_start,
    safeguards_list.recruited_before_any_edition,
    national.england_recruits_from_its_red_list,
    national.england_recruits_from_its_amber_list,
    national.agency_is_not_on_the_ethical_recruiters_list,
    national.another_uk_nation_has_its_own_code,
    national.german_statute_reserves_the_recruitment,
    national.norway_speaks_of_unmet_need,
    national.ireland_aligns_its_agreements,
    agreements.the_agreement_cited_does_not_cover,
    agreements.the_agreement_knows_no_health_ministry,
    agreements.the_agreements_places_are_used_up,
    agreements.source_country_has_a_policy_of_its_own,
    agreements.recruited_in_an_emergency_without_consultation,
    worker.the_worker_was_charged,
    worker.it_is_unknown_whether_the_worker_was_charged,
    worker.the_repayment_clause_is_unfair,
    worker.a_health_professional_is_placed_as_a_care_worker,
    worker.a_legal_duty_at_home_is_outstanding,
    worker.neither_a_health_nor_a_care_occupation,
    agency.no_licence_covers_the_recruitment_date,
    agency.the_licence_ended_before_the_start,
    agency.the_source_countrys_authorization_was_not_held,
    agency.the_destinations_authorization_was_not_held,
    agency.recruited_while_the_certificate_was_suspended,
    agency.under_way_when_the_certificate_was_suspended,
    record.an_answer_is_missing,
    record.a_country_is_not_clear,
    record.the_start_lies_before_the_recruitment,
    record.the_declared_source_is_not_the_residence,
)
