"""Addresses that only take what a form sends."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def form_of(page: str) -> Callable[[View[P]], View[P]]:
    """For a view that answers a form of ``page``: who comes by the address bar is led to that page."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method != "POST":
                return redirect(page)
            return view(request, *args, **kwargs)

        return answer

    return decorate
