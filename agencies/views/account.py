"""Coming in and going out: sign in, a new password, an invitation, and the first page after."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from agencies import services
from agencies.forms.account import AcceptForm, EmailForm, NewPasswordForm, SignInForm
from agencies.lib.transitions import IllegalTransition
from agencies.models import Agency, Invitation, User
from agencies.permissions import regulators_of
from agencies.queries import with_what_is_missing
from agencies.services.passwords import set_new_password, whose_link
from agencies.services.signing_in import ask_for_new_password, forget_attempts_on, may_try
from agencies.views.acting import by_button, show_refusal
from agencies.views.next_steps import next_steps

BACKEND = settings.AUTHENTICATION_BACKENDS[0]


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    """Each attempt is counted before it is judged; too many wait."""

    template_name = "agencies/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def post(self, request, *args, **kwargs):
        email = request.POST.get("username", "")[:254]
        if not may_try(email=email, address=request.META["REMOTE_ADDR"], at=timezone.now()):
            return render(request, "agencies/too_many_attempts.html", status=429)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        forget_attempts_on(email=form.get_user().email)
        return super().form_valid(form)


@require_safe
def home(request):
    """Where each role begins: one's agencies with what to do next, or the regulator's desk."""
    today = timezone.localdate()
    own = Agency.objects.acted_for_by(request.user).select_related("regulator", "home_country")
    agencies = list(with_what_is_missing(own, today))
    at_regulator = regulators_of(request.user).exists()
    if at_regulator and not agencies:
        return redirect("agencies:regulator_home")
    page = {
        "agencies": [(agency, next_steps(agency)) for agency in agencies],
        "at_regulator": at_regulator,
    }
    return render(request, "agencies/home.html", page)


@login_not_required
@never_cache
def password_forgotten(request):
    """The answer is the same whether or not anybody has the address."""
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ask_for_new_password(email=form.cleaned_data["email"], at=timezone.now())
        return redirect("agencies:password_sent")
    return render(request, "agencies/password_forgotten.html", {"form": form})


@login_not_required
@require_safe
def password_sent(request):
    return render(request, "agencies/password_sent.html")


@login_not_required
@never_cache
@sensitive_post_parameters()
def password_new(request, uidb64, token):
    """Reading the link changes nothing; a password typed twice does."""
    person = whose_link(uidb64, token)
    if person is None:
        return render(request, "agencies/link_invalid.html", status=410)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_new_password(user_id=person.pk, password=form.cleaned_data["password"])
        except ValidationError as refused:
            form.add_error("password", refused)
        else:
            messages.success(request, _("Your password is changed. Sign in with it."))
            return redirect("agencies:sign_in")
    return render(request, "agencies/password_new.html", {"form": form})


@login_not_required
@never_cache
@sensitive_post_parameters()
def invitation(request, token):
    """What the invitation is to, and who may accept it; only a click on the button accepts."""
    invited = services.invitation_by(token)
    if invited is None:
        raise Http404
    stage = invited.stage(timezone.now())
    if stage != "open":
        page = {"invitation": invited, "stage": stage}
        return render(request, "agencies/invitation_over.html", page, status=410)
    user = request.user if request.user.is_authenticated else None
    has_account = User.objects.filter(email=invited.email).exists()
    form = None if user or has_account else AcceptForm(request.POST or None)
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            return _accept(request, token, user, form.cleaned_data if form else {})
        except ValidationError as refused:
            show_refusal(form, refused)
        except services.SignInFirst:
            return redirect("agencies:invitation", token)
        except IllegalTransition as refused:
            messages.error(request, str(refused))
            return redirect("agencies:sign_in")
    page = {
        "invitation": invited,
        "form": form,
        "has_account": has_account,
        "is_for_you": bool(user and user.email == invited.email),
    }
    return render(request, "agencies/invitation.html", page)


@require_POST
def revoke_invitation(request, public_id):
    invited = get_object_or_404(Invitation.objects.visible_to(request.user), public_id=public_id)
    if invited.agency:
        back = reverse("agencies:people", args=(invited.agency.register_number,))
    else:
        back = reverse("agencies:staff", args=(invited.regulator.public_id,))
    return by_button(
        request,
        lambda: services.revoke_invitation(invitation_id=invited.pk, by=request.user),
        done=_("The invitation is revoked: its link opens nothing any more."),
        back=back,
    )


def _accept(request, token, user, given):
    membership = services.accept_invitation(
        token=token,
        at=timezone.now(),
        by=user,
        name=given.get("name", ""),
        password=given.get("password", ""),
    )
    if not user:
        login(request, membership.user, backend=BACKEND)
    messages.success(request, _("You have accepted the invitation."))
    return redirect("agencies:home")
