"""The form that brings an earlier version back."""

from django import forms


class RestoreForm(forms.Form):
    """Which version was on screen."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
