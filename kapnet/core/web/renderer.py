"""How forms are drawn."""

from django.forms.renderers import TemplatesSetting


class LedgerRenderer(TemplatesSetting):
    """Django's own, with the field template of this project."""

    field_template_name = "forms/field.html"
