from django.urls import path

from audits.views import agency_side, cases, decisions, evidence, findings

app_name = "audits"

urlpatterns = [
    path("audits/", cases.queue, name="list"),
    path("audits/plan/", cases.plan_start, name="plan_start"),
    path("audits/plan/<str:number>/", cases.plan, name="plan"),
    path("audits/agency/<str:number>/", agency_side.for_agency, name="for_agency"),
    path(
        "audits/agency/<str:number>/<str:audit_number>/",
        agency_side.agency_audit,
        name="agency_audit",
    ),
    path(
        "audits/correction/<uuid:public_id>/submit/",
        findings.submit_correction,
        name="submit_correction",
    ),
    path(
        "audits/correction/<uuid:public_id>/verify/",
        findings.verify_correction,
        name="verify_correction",
    ),
    path(
        "audits/correction/<uuid:public_id>/reject/",
        findings.reject_correction,
        name="reject_correction",
    ),
    path("audits/decision/<uuid:public_id>/", decisions.decision, name="decision"),
    path("audits/decision/<uuid:public_id>/take/", decisions.decide, name="decide"),
    path("audits/decision/<uuid:public_id>/decline/", decisions.decline, name="decline"),
    path("audits/decision/<uuid:public_id>/appeal/", decisions.lodge_appeal, name="lodge_appeal"),
    path("audits/appeal/<uuid:public_id>/", decisions.hear_appeal, name="hear_appeal"),
    path("audits/<str:number>/", cases.detail, name="detail"),
    path("audits/<str:number>/team/", cases.change_team, name="change_team"),
    path("audits/<str:number>/open/", cases.open_case, name="open"),
    path("audits/<str:number>/cancel/", cases.cancel, name="cancel"),
    path("audits/<str:number>/close/", cases.close, name="close"),
    path("audits/<str:number>/sample/", evidence.sample, name="sample"),
    path("audits/<str:number>/sample/draw/", evidence.draw, name="draw_sample"),
    path("audits/<str:number>/sample/population/", evidence.population, name="population"),
    path("audits/<str:number>/sample/<int:position>/", evidence.sample_result, name="sampled"),
    path("audits/<str:number>/checklist/", evidence.checklist, name="checklist"),
    path(
        "audits/<str:number>/checklist/<str:ref>/", evidence.checklist_result, name="checklist_item"
    ),
    path("audits/<str:number>/findings/new/", findings.raise_, name="raise_finding"),
    path("audits/<str:number>/findings/<int:position>/", findings.finding, name="finding"),
    path("audits/<str:number>/findings/<int:position>/reply/", findings.reply, name="reply"),
    path(
        "audits/<str:number>/findings/<int:position>/withdraw/", findings.withdraw, name="withdraw"
    ),
    path(
        "audits/<str:number>/findings/<int:position>/correction/",
        findings.request_correction,
        name="request_correction",
    ),
    path("audits/<str:number>/conclusion/", decisions.conclude, name="conclude"),
    path("audits/<str:number>/report/", decisions.issue_report, name="issue_report"),
    path("audits/<str:number>/addendum/", decisions.addendum, name="addendum"),
    path(
        "audits/<str:number>/addendum/<int:position>/issue/",
        decisions.issue_addendum,
        name="issue_addendum",
    ),
    path("audits/<str:number>/decision/", decisions.propose, name="propose"),
]
