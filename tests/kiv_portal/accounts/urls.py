"""The portal's addresses plus one page with a form, to see that typed text survives."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import path

from kiv_portal.accounts.unsaved import restore_unsaved
from kiv_portal.urls import urlpatterns as portal

PAGE = """{% load accounts %}<main><h1>Notiz</h1>{% for message in messages %}<p>{{ message }}</p>{% endfor %}
<form method="post">{% csrf_token %}{% keep_typed_text %}{{ form }}<button>Speichern</button></form></main>"""


class NoteForm(forms.Form):
    title = forms.CharField()
    text = forms.CharField(widget=forms.Textarea)
    password = forms.CharField(required=False)


def note(request: HttpRequest) -> HttpResponse:
    form = NoteForm(request.POST or restore_unsaved(request))
    if request.method == "POST" and form.is_valid():
        request.session["saved"] = form.cleaned_data["text"]
        return redirect("start")
    return HttpResponse(engines["django"].from_string(PAGE).render({"form": form}, request))


urlpatterns = [path("notiz/", note, name="note"), *portal]
