"""What stands between the server and the pages."""

from django.contrib.auth.middleware import LoginRequiredMiddleware


class PublicPagesAskNobody(LoginRequiredMiddleware):
    """Every page needs login unless it says otherwise, and one that does is served without asking
    who the reader is: Django's own would load session and user first, and vary by cookie."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)
