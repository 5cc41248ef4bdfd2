import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FeedAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("secret_sha256", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, unique=True)),
                ("sha256", models.CharField(max_length=64)),
                ("published_at", models.DateTimeField(auto_now_add=True)),
                ("notes", models.TextField(blank=True, help_text="What changed, for clinicians.")),
                ("source_count", models.PositiveIntegerField()),
                ("position_count", models.PositiveIntegerField()),
                ("caution_count", models.PositiveIntegerField()),
                ("claim_count", models.PositiveIntegerField()),
                ("number", models.PositiveIntegerField(unique=True)),
                ("content", models.JSONField(editable=False, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "approver",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("author__isnull", True),
                            models.Q(("author", models.F("approver")), _negated=True),
                            _connector="OR",
                        ),
                        name="release_by_two_persons",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchIndex",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="SearchTerm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.CharField(max_length=20)),
                ("term", models.CharField(db_index=True, max_length=200)),
                ("keys", models.TextField()),
                (
                    "index",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="terms",
                        to="evidence.searchindex",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("index", "term", "place"), name="search_term_once_a_place"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalSource",
            fields=[
                ("place", models.PositiveIntegerField(default=100000, editable=False)),
                (
                    "dossier_sha256",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text=(
                            "Hash of the entry as last loaded; blank where a curator added it."
                        ),
                        max_length=64,
                    ),
                ),
                (
                    "withdrawn_as",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("retracted", "Retracted"),
                            ("superseded", "Superseded by a newer one"),
                            ("wrong", "Recorded in error"),
                        ],
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("withdrawn_on", models.DateField(blank=True, editable=False, null=True)),
                ("withdrawal_reason", models.TextField(blank=True, editable=False)),
                (
                    "key",
                    models.CharField(
                        db_index=True,
                        help_text="Rules and letters cite this key. It never changes.",
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9][a-z0-9-]*\\Z",
                                "Use small letters, digits and hyphens, as in philip-2016.",
                            )
                        ],
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("systematic_review", "Systematic review"),
                            ("meta_analysis", "Meta-analysis"),
                            ("rct", "Randomized trial"),
                            ("cohort", "Cohort study"),
                            ("retrospective", "Retrospective study"),
                            ("case_series", "Case series"),
                            ("case_report", "Case report"),
                            ("narrative_review", "Narrative review"),
                            ("guideline", "Guideline"),
                            ("consensus", "Consensus statement"),
                            ("label", "Product label"),
                            ("regulatory", "Regulator or payer"),
                            ("safety_communication", "Safety communication"),
                            ("trial_registration", "Trial registration"),
                            ("clinic_web_page", "Clinic web page"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "short_name",
                    models.CharField(
                        blank=True,
                        help_text=(
                            "Name for citing, where first author and year would not do: CANMAT "
                            "2024."
                        ),
                        max_length=80,
                    ),
                ),
                ("title", models.TextField(blank=True)),
                (
                    "authors",
                    models.JSONField(
                        blank=True, default=list, help_text="One a line, as printed: Philip NS."
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Of publication; leave open where none was seen.",
                        null=True,
                    ),
                ),
                ("journal", models.CharField(blank=True, max_length=200)),
                ("volume", models.CharField(blank=True, max_length=40)),
                ("issue", models.CharField(blank=True, max_length=40)),
                ("pages", models.CharField(blank=True, max_length=40)),
                (
                    "doi",
                    models.CharField(
                        blank=True,
                        help_text="Without https://doi.org/",
                        max_length=120,
                        verbose_name="DOI",
                    ),
                ),
                ("pmid", models.CharField(blank=True, max_length=12, verbose_name="PubMed id")),
                (
                    "pmcid",
                    models.CharField(blank=True, max_length=15, verbose_name="PubMed Central id"),
                ),
                ("url", models.CharField(blank=True, max_length=1000, verbose_name="address")),
                ("population", models.TextField(blank=True, help_text="Who was studied.")),
                (
                    "n",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Enrolled, as the source says.",
                        null=True,
                        verbose_name="number of people",
                    ),
                ),
                ("intervention", models.TextField(blank=True)),
                ("comparator", models.TextField(blank=True)),
                ("adverse_events", models.TextField(blank=True)),
                (
                    "findings",
                    models.TextField(blank=True, help_text="What it found, in your own words."),
                ),
                (
                    "limitations",
                    models.TextField(blank=True, help_text="What limits it, in your own words."),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True, help_text="For curators: odd numbers, where a title is from."
                    ),
                ),
                ("bears_on", models.JSONField(blank=True, default=list)),
                (
                    "certainty",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("high", "High certainty"),
                            ("moderate", "Moderate certainty"),
                            ("low", "Low certainty"),
                            ("very_low", "Very low certainty"),
                        ],
                        help_text=(
                            "GRADE-style. A reason never weighs more than its best study allows."
                        ),
                        max_length=20,
                    ),
                ),
                ("certainty_why", models.TextField(blank=True)),
                (
                    "verified",
                    models.CharField(
                        choices=[
                            ("full_text", "Full text read"),
                            ("abstract", "Abstract read"),
                            ("secondary", "Quoted elsewhere"),
                            ("unverified", "Not verified"),
                        ],
                        help_text="Nothing is shown as better checked than it was.",
                        max_length=20,
                        verbose_name="how far read",
                    ),
                ),
                (
                    "checked_at",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Where the copies were seen, one a line.",
                    ),
                ),
                ("certainty_reasons", models.JSONField(blank=True, default=list)),
                (
                    "funding",
                    models.TextField(blank=True, help_text="Who paid for it, as the source says."),
                ),
                (
                    "conflicts",
                    models.TextField(
                        blank=True,
                        help_text="As the source declares them.",
                        verbose_name="conflicts of interest",
                    ),
                ),
                (
                    "includes_tms_responders",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("yes", "Yes"),
                            ("no", "No"),
                            ("unclear", "Not clear from what was read"),
                        ],
                        max_length=10,
                        verbose_name="includes people whom TMS helped",
                    ),
                ),
                (
                    "review_by",
                    models.DateField(
                        blank=True, help_text="When it is to be looked at again.", null=True
                    ),
                ),
                (
                    "doubts",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="What a curator should look into, one a line.",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical source",
                "verbose_name_plural": "historical sources",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("place", models.PositiveIntegerField(default=100000, editable=False)),
                (
                    "dossier_sha256",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text=(
                            "Hash of the entry as last loaded; blank where a curator added it."
                        ),
                        max_length=64,
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="Rules and letters cite this key. It never changes.",
                        max_length=80,
                        primary_key=True,
                        serialize=False,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9][a-z0-9-]*\\Z",
                                "Use small letters, digits and hyphens, as in philip-2016.",
                            )
                        ],
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("systematic_review", "Systematic review"),
                            ("meta_analysis", "Meta-analysis"),
                            ("rct", "Randomized trial"),
                            ("cohort", "Cohort study"),
                            ("retrospective", "Retrospective study"),
                            ("case_series", "Case series"),
                            ("case_report", "Case report"),
                            ("narrative_review", "Narrative review"),
                            ("guideline", "Guideline"),
                            ("consensus", "Consensus statement"),
                            ("label", "Product label"),
                            ("regulatory", "Regulator or payer"),
                            ("safety_communication", "Safety communication"),
                            ("trial_registration", "Trial registration"),
                            ("clinic_web_page", "Clinic web page"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "short_name",
                    models.CharField(
                        blank=True,
                        help_text=(
                            "Name for citing, where first author and year would not do: CANMAT "
                            "2024."
                        ),
                        max_length=80,
                    ),
                ),
                ("title", models.TextField(blank=True)),
                (
                    "authors",
                    models.JSONField(
                        blank=True, default=list, help_text="One a line, as printed: Philip NS."
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Of publication; leave open where none was seen.",
                        null=True,
                    ),
                ),
                ("journal", models.CharField(blank=True, max_length=200)),
                ("volume", models.CharField(blank=True, max_length=40)),
                ("issue", models.CharField(blank=True, max_length=40)),
                ("pages", models.CharField(blank=True, max_length=40)),
                (
                    "doi",
                    models.CharField(
                        blank=True,
                        help_text="Without https://doi.org/",
                        max_length=120,
                        verbose_name="DOI",
                    ),
                ),
                ("pmid", models.CharField(blank=True, max_length=12, verbose_name="PubMed id")),
                (
                    "pmcid",
                    models.CharField(blank=True, max_length=15, verbose_name="PubMed Central id"),
                ),
                ("url", models.CharField(blank=True, max_length=1000, verbose_name="address")),
                ("population", models.TextField(blank=True, help_text="Who was studied.")),
                (
                    "n",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Enrolled, as the source says.",
                        null=True,
                        verbose_name="number of people",
                    ),
                ),
                ("intervention", models.TextField(blank=True)),
                ("comparator", models.TextField(blank=True)),
                ("adverse_events", models.TextField(blank=True)),
                (
                    "findings",
                    models.TextField(blank=True, help_text="What it found, in your own words."),
                ),
                (
                    "limitations",
                    models.TextField(blank=True, help_text="What limits it, in your own words."),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True, help_text="For curators: odd numbers, where a title is from."
                    ),
                ),
                ("bears_on", models.JSONField(blank=True, default=list)),
                (
                    "certainty",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("high", "High certainty"),
                            ("moderate", "Moderate certainty"),
                            ("low", "Low certainty"),
                            ("very_low", "Very low certainty"),
                        ],
                        help_text=(
                            "GRADE-style. A reason never weighs more than its best study allows."
                        ),
                        max_length=20,
                    ),
                ),
                ("certainty_why", models.TextField(blank=True)),
                (
                    "verified",
                    models.CharField(
                        choices=[
                            ("full_text", "Full text read"),
                            ("abstract", "Abstract read"),
                            ("secondary", "Quoted elsewhere"),
                            ("unverified", "Not verified"),
                        ],
                        help_text="Nothing is shown as better checked than it was.",
                        max_length=20,
                        verbose_name="how far read",
                    ),
                ),
                (
                    "checked_at",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Where the copies were seen, one a line.",
                    ),
                ),
                (
                    "withdrawn_as",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("retracted", "Retracted"),
                            ("superseded", "Superseded by a newer one"),
                            ("wrong", "Recorded in error"),
                        ],
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("withdrawn_on", models.DateField(blank=True, editable=False, null=True)),
                ("withdrawal_reason", models.TextField(blank=True, editable=False)),
                ("certainty_reasons", models.JSONField(blank=True, default=list)),
                (
                    "conflicts",
                    models.TextField(
                        blank=True,
                        help_text="As the source declares them.",
                        verbose_name="conflicts of interest",
                    ),
                ),
                (
                    "doubts",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="What a curator should look into, one a line.",
                    ),
                ),
                (
                    "funding",
                    models.TextField(blank=True, help_text="Who paid for it, as the source says."),
                ),
                (
                    "includes_tms_responders",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("yes", "Yes"),
                            ("no", "No"),
                            ("unclear", "Not clear from what was read"),
                        ],
                        max_length=10,
                        verbose_name="includes people whom TMS helped",
                    ),
                ),
                (
                    "review_by",
                    models.DateField(
                        blank=True, help_text="When it is to be looked at again.", null=True
                    ),
                ),
            ],
            options={
                "ordering": ["place", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("withdrawal_reason", ""),
                                ("withdrawn_as", ""),
                                ("withdrawn_on__isnull", True),
                            ),
                            models.Q(
                                ("withdrawn_on__isnull", False),
                                models.Q(("withdrawn_as", ""), _negated=True),
                                models.Q(("withdrawal_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="source_withdrawal_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "systematic_review",
                                    "meta_analysis",
                                    "rct",
                                    "cohort",
                                    "retrospective",
                                    "case_series",
                                    "case_report",
                                    "narrative_review",
                                    "guideline",
                                    "consensus",
                                    "label",
                                    "regulatory",
                                    "safety_communication",
                                    "trial_registration",
                                    "clinic_web_page",
                                ],
                            )
                        ),
                        name="source_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("certainty__in", ["", "high", "moderate", "low", "very_low"])
                        ),
                        name="source_certainty_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verified__in", ["full_text", "abstract", "secondary", "unverified"])
                        ),
                        name="source_verified_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("includes_tms_responders__in", ["", "yes", "no", "unclear"])
                        ),
                        name="source_tms_responders_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalResult",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveIntegerField(default=100000, editable=False)),
                ("measure", models.CharField(max_length=200)),
                (
                    "arm",
                    models.CharField(
                        blank=True,
                        help_text="The group, or “A vs B” for an effect.",
                        max_length=120,
                    ),
                ),
                ("timepoint", models.CharField(blank=True, max_length=120)),
                ("value", models.FloatField(blank=True, null=True)),
                (
                    "value_low",
                    models.FloatField(
                        blank=True,
                        help_text="A range, not an interval.",
                        null=True,
                        verbose_name="from",
                    ),
                ),
                ("value_high", models.FloatField(blank=True, null=True, verbose_name="to")),
                (
                    "value_text",
                    models.CharField(blank=True, max_length=300, verbose_name="in words"),
                ),
                ("sd", models.FloatField(blank=True, null=True, verbose_name="SD")),
                (
                    "events",
                    models.PositiveIntegerField(
                        blank=True, help_text="How many people …", null=True
                    ),
                ),
                (
                    "total",
                    models.PositiveIntegerField(blank=True, help_text="… of how many.", null=True),
                ),
                ("unit", models.CharField(blank=True, max_length=60)),
                ("ci_low", models.FloatField(blank=True, null=True, verbose_name="95% from")),
                ("ci_high", models.FloatField(blank=True, null=True, verbose_name="95% to")),
                ("p", models.CharField(blank=True, help_text="As printed: <0.001.", max_length=40)),
                (
                    "n",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="People behind this number.",
                        null=True,
                        verbose_name="number analyzed",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="evidence.source",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical result",
                "verbose_name_plural": "historical results",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Result",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveIntegerField(default=100000, editable=False)),
                ("measure", models.CharField(max_length=200)),
                (
                    "arm",
                    models.CharField(
                        blank=True,
                        help_text="The group, or “A vs B” for an effect.",
                        max_length=120,
                    ),
                ),
                ("timepoint", models.CharField(blank=True, max_length=120)),
                ("value", models.FloatField(blank=True, null=True)),
                (
                    "value_low",
                    models.FloatField(
                        blank=True,
                        help_text="A range, not an interval.",
                        null=True,
                        verbose_name="from",
                    ),
                ),
                ("value_high", models.FloatField(blank=True, null=True, verbose_name="to")),
                (
                    "value_text",
                    models.CharField(blank=True, max_length=300, verbose_name="in words"),
                ),
                ("sd", models.FloatField(blank=True, null=True, verbose_name="SD")),
                (
                    "events",
                    models.PositiveIntegerField(
                        blank=True, help_text="How many people …", null=True
                    ),
                ),
                (
                    "total",
                    models.PositiveIntegerField(blank=True, help_text="… of how many.", null=True),
                ),
                ("unit", models.CharField(blank=True, max_length=60)),
                ("ci_low", models.FloatField(blank=True, null=True, verbose_name="95% from")),
                ("ci_high", models.FloatField(blank=True, null=True, verbose_name="95% to")),
                ("p", models.CharField(blank=True, help_text="As printed: <0.001.", max_length=40)),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="evidence.source",
                    ),
                ),
                (
                    "n",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="People behind this number.",
                        null=True,
                        verbose_name="number analyzed",
                    ),
                ),
            ],
            options={
                "ordering": ["place", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("value_high__isnull", False), ("value_low__isnull", False)),
                            models.Q(("value_high__isnull", True), ("value_low__isnull", True)),
                            _connector="OR",
                        ),
                        name="result_range_has_both_ends",
                        violation_error_message=(
                            "A pair of numbers has one part only: give both, or neither."
                        ),
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ci_high__isnull", False), ("ci_low__isnull", False)),
                            models.Q(("ci_high__isnull", True), ("ci_low__isnull", True)),
                            _connector="OR",
                        ),
                        name="result_interval_has_both_ends",
                        violation_error_message=(
                            "A pair of numbers has one part only: give both, or neither."
                        ),
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("events__isnull", False), ("total__isnull", False)),
                            models.Q(("events__isnull", True), ("total__isnull", True)),
                            _connector="OR",
                        ),
                        name="result_counts_come_together",
                        violation_error_message=(
                            "A pair of numbers has one part only: give both, or neither."
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalPosition",
            fields=[
                ("place", models.PositiveIntegerField(default=100000, editable=False)),
                (
                    "dossier_sha256",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text=(
                            "Hash of the entry as last loaded; blank where a curator added it."
                        ),
                        max_length=64,
                    ),
                ),
                (
                    "withdrawn_as",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("retracted", "Retracted"),
                            ("superseded", "Superseded by a newer one"),
                            ("wrong", "Recorded in error"),
                        ],
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("withdrawn_on", models.DateField(blank=True, editable=False, null=True)),
                ("withdrawal_reason", models.TextField(blank=True, editable=False)),
                (
                    "id",
                    models.CharField(
                        db_index=True,
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9][a-z0-9-]*\\Z",
                                "Use small letters, digits and hyphens, as in philip-2016.",
                            )
                        ],
                    ),
                ),
                ("organisation", models.CharField(max_length=120, verbose_name="body")),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "treatment",
                    models.CharField(
                        choices=[
                            ("rtms", "rTMS"),
                            ("itbs", "Theta burst TMS"),
                            ("deep_tms", "Deep TMS"),
                            ("iv_ketamine", "Intravenous ketamine"),
                            ("intranasal_esketamine", "Intranasal esketamine"),
                            ("oral_ketamine", "Oral or other non-intravenous ketamine"),
                            ("combination", "Both at once or in sequence"),
                            ("ect", "ECT"),
                        ],
                        max_length=40,
                    ),
                ),
                ("indication", models.CharField(max_length=300)),
                (
                    "stance",
                    models.CharField(
                        choices=[
                            ("line", "Gives it a line"),
                            ("no_line", "Advises, without a line"),
                            ("silent", "Silent: does not mention it"),
                            ("not_read", "Not read"),
                        ],
                        help_text="Silence is shown as silence, an unread text as not read.",
                        max_length=20,
                    ),
                ),
                (
                    "line",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("first", "First line"),
                            ("second", "Second line"),
                            ("third", "Third line"),
                            ("recommended", "Recommended"),
                            ("optional", "May be offered"),
                            ("not_recommended", "Not recommended"),
                            ("insufficient", "Insufficient evidence"),
                        ],
                        help_text="Only, and always, with the stance “Gives it a line”.",
                        max_length=20,
                    ),
                ),
                (
                    "level_of_evidence",
                    models.CharField(blank=True, help_text="As printed.", max_length=120),
                ),
                (
                    "grade",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text=(
                            "The guideline's own level as a number, 1 the best; open where it "
                            "gave none."
                        ),
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                    ),
                ),
                ("statement", models.TextField(blank=True)),
                (
                    "verified",
                    models.CharField(
                        choices=[
                            ("full_text", "Full text read"),
                            ("abstract", "Abstract read"),
                            ("secondary", "Quoted elsewhere"),
                            ("unverified", "Not verified"),
                        ],
                        max_length=20,
                        verbose_name="how far read",
                    ),
                ),
                ("checked_at", models.JSONField(blank=True, default=list, help_text="One a line.")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "guideline",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="evidence.source",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical position",
                "verbose_name_plural": "historical positions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Position",
            fields=[
                ("place", models.PositiveIntegerField(default=100000, editable=False)),
                (
                    "dossier_sha256",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text=(
                            "Hash of the entry as last loaded; blank where a curator added it."
                        ),
                        max_length=64,
                    ),
                ),
                (
                    "id",
                    models.CharField(
                        max_length=80,
                        primary_key=True,
                        serialize=False,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9][a-z0-9-]*\\Z",
                                "Use small letters, digits and hyphens, as in philip-2016.",
                            )
                        ],
                    ),
                ),
                ("organisation", models.CharField(max_length=120, verbose_name="body")),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "treatment",
                    models.CharField(
                        choices=[
                            ("rtms", "rTMS"),
                            ("itbs", "Theta burst TMS"),
                            ("deep_tms", "Deep TMS"),
                            ("iv_ketamine", "Intravenous ketamine"),
                            ("intranasal_esketamine", "Intranasal esketamine"),
                            ("oral_ketamine", "Oral or other non-intravenous ketamine"),
                            ("combination", "Both at once or in sequence"),
                            ("ect", "ECT"),
                        ],
                        max_length=40,
                    ),
                ),
                ("indication", models.CharField(max_length=300)),
                (
                    "stance",
                    models.CharField(
                        choices=[
                            ("line", "Gives it a line"),
                            ("no_line", "Advises, without a line"),
                            ("silent", "Silent: does not mention it"),
                            ("not_read", "Not read"),
                        ],
                        help_text="Silence is shown as silence, an unread text as not read.",
                        max_length=20,
                    ),
                ),
                (
                    "line",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("first", "First line"),
                            ("second", "Second line"),
                            ("third", "Third line"),
                            ("recommended", "Recommended"),
                            ("optional", "May be offered"),
                            ("not_recommended", "Not recommended"),
                            ("insufficient", "Insufficient evidence"),
                        ],
                        help_text="Only, and always, with the stance “Gives it a line”.",
                        max_length=20,
                    ),
                ),
                (
                    "level_of_evidence",
                    models.CharField(blank=True, help_text="As printed.", max_length=120),
                ),
                (
                    "grade",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text=(
                            "The guideline's own level as a number, 1 the best; open where it "
                            "gave none."
                        ),
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                    ),
                ),
                ("statement", models.TextField(blank=True)),
                (
                    "verified",
                    models.CharField(
                        choices=[
                            ("full_text", "Full text read"),
                            ("abstract", "Abstract read"),
                            ("secondary", "Quoted elsewhere"),
                            ("unverified", "Not verified"),
                        ],
                        max_length=20,
                        verbose_name="how far read",
                    ),
                ),
                ("checked_at", models.JSONField(blank=True, default=list, help_text="One a line.")),
                (
                    "guideline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="positions",
                        to="evidence.source",
                    ),
                ),
                (
                    "withdrawn_as",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("retracted", "Retracted"),
                            ("superseded", "Superseded by a newer one"),
                            ("wrong", "Recorded in error"),
                        ],
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("withdrawn_on", models.DateField(blank=True, editable=False, null=True)),
                ("withdrawal_reason", models.TextField(blank=True, editable=False)),
            ],
            options={
                "ordering": ["place", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("withdrawal_reason", ""),
                                ("withdrawn_as", ""),
                                ("withdrawn_on__isnull", True),
                            ),
                            models.Q(
                                ("withdrawn_on__isnull", False),
                                models.Q(("withdrawn_as", ""), _negated=True),
                                models.Q(("withdrawal_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="position_withdrawal_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stance__in", ["line", "no_line", "silent", "not_read"])
                        ),
                        name="position_stance_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "line__in",
                                [
                                    "",
                                    "first",
                                    "second",
                                    "third",
                                    "recommended",
                                    "optional",
                                    "not_recommended",
                                    "insufficient",
                                ],
                            )
                        ),
                        name="position_line_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verified__in", ["full_text", "abstract", "secondary", "unverified"])
                        ),
                        name="position_verified_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stance", "line"), models.Q(("line", ""), _negated=True)),
                            models.Q(models.Q(("stance", "line"), _negated=True), ("line", "")),
                            _connector="OR",
                        ),
                        name="position_line_only_with_its_stance",
                        violation_error_message=(
                            "Give a line exactly when the stance is “Gives it a line”."
                        ),
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("grade__isnull", True),
                            models.Q(("grade__gte", 1), ("grade__lte", 5)),
                            _connector="OR",
                        ),
                        name="position_grade_1_to_5",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalCaution",
            fields=[
                ("place", models.PositiveIntegerField(default=100000, editable=False)),
                (
                    "dossier_sha256",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text=(
                            "Hash of the entry as last loaded; blank where a curator added it."
                        ),
                        max_length=64,
                    ),
                ),
                (
                    "withdrawn_as",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("retracted", "Retracted"),
                            ("superseded", "Superseded by a newer one"),
                            ("wrong", "Recorded in error"),
                        ],
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("withdrawn_on", models.DateField(blank=True, editable=False, null=True)),
                ("withdrawal_reason", models.TextField(blank=True, editable=False)),
                (
                    "key",
                    models.CharField(
                        db_index=True,
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9][a-z0-9-]*\\Z",
                                "Use small letters, digits and hyphens, as in philip-2016.",
                            )
                        ],
                    ),
                ),
                (
                    "applies_to",
                    models.CharField(
                        choices=[
                            ("ketamine", "Ketamine"),
                            ("esketamine", "Esketamine"),
                            ("tms", "TMS"),
                            ("both", "Ketamine and TMS"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "strength",
                    models.CharField(
                        choices=[
                            ("contraindication", "Contraindication"),
                            ("specialist_review", "Specialist review first"),
                            ("precaution", "Precaution"),
                            ("interaction", "Interaction"),
                        ],
                        max_length=20,
                    ),
                ),
                ("condition", models.TextField()),
                ("why", models.TextField()),
                (
                    "verified",
                    models.CharField(
                        choices=[
                            ("full_text", "Full text read"),
                            ("abstract", "Abstract read"),
                            ("secondary", "Quoted elsewhere"),
                            ("unverified", "Not verified"),
                        ],
                        max_length=20,
                        verbose_name="how far read",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical caution",
                "verbose_name_plural": "historical cautions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Caution",
            fields=[
                ("place", models.PositiveIntegerField(default=100000, editable=False)),
                (
                    "dossier_sha256",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text=(
                            "Hash of the entry as last loaded; blank where a curator added it."
                        ),
                        max_length=64,
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        max_length=80,
                        primary_key=True,
                        serialize=False,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9][a-z0-9-]*\\Z",
                                "Use small letters, digits and hyphens, as in philip-2016.",
                            )
                        ],
                    ),
                ),
                (
                    "applies_to",
                    models.CharField(
                        choices=[
                            ("ketamine", "Ketamine"),
                            ("esketamine", "Esketamine"),
                            ("tms", "TMS"),
                            ("both", "Ketamine and TMS"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "strength",
                    models.CharField(
                        choices=[
                            ("contraindication", "Contraindication"),
                            ("specialist_review", "Specialist review first"),
                            ("precaution", "Precaution"),
                            ("interaction", "Interaction"),
                        ],
                        max_length=20,
                    ),
                ),
                ("condition", models.TextField()),
                ("why", models.TextField()),
                (
                    "verified",
                    models.CharField(
                        choices=[
                            ("full_text", "Full text read"),
                            ("abstract", "Abstract read"),
                            ("secondary", "Quoted elsewhere"),
                            ("unverified", "Not verified"),
                        ],
                        max_length=20,
                        verbose_name="how far read",
                    ),
                ),
                (
                    "withdrawn_as",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("retracted", "Retracted"),
                            ("superseded", "Superseded by a newer one"),
                            ("wrong", "Recorded in error"),
                        ],
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("withdrawn_on", models.DateField(blank=True, editable=False, null=True)),
                ("withdrawal_reason", models.TextField(blank=True, editable=False)),
            ],
            options={
                "ordering": ["place", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("withdrawal_reason", ""),
                                ("withdrawn_as", ""),
                                ("withdrawn_on__isnull", True),
                            ),
                            models.Q(
                                ("withdrawn_on__isnull", False),
                                models.Q(("withdrawn_as", ""), _negated=True),
                                models.Q(("withdrawal_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="caution_withdrawal_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("applies_to__in", ["ketamine", "esketamine", "tms", "both"])
                        ),
                        name="caution_treatment_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "strength__in",
                                [
                                    "contraindication",
                                    "specialist_review",
                                    "precaution",
                                    "interaction",
                                ],
                            )
                        ),
                        name="caution_strength_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verified__in", ["full_text", "abstract", "secondary", "unverified"])
                        ),
                        name="caution_verified_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalCautionSource",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "caution",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="evidence.caution",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="evidence.source",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical caution source",
                "verbose_name_plural": "historical caution sources",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="CautionSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "caution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="citations",
                        to="evidence.caution",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.source",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("caution", "source"), name="caution_cites_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalClaim",
            fields=[
                ("place", models.PositiveIntegerField(default=100000, editable=False)),
                (
                    "dossier_sha256",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text=(
                            "Hash of the entry as last loaded; blank where a curator added it."
                        ),
                        max_length=64,
                    ),
                ),
                (
                    "withdrawn_as",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("retracted", "Retracted"),
                            ("superseded", "Superseded by a newer one"),
                            ("wrong", "Recorded in error"),
                        ],
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("withdrawn_on", models.DateField(blank=True, editable=False, null=True)),
                ("withdrawal_reason", models.TextField(blank=True, editable=False)),
                (
                    "id",
                    models.CharField(
                        db_index=True,
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9][a-z0-9-]*\\Z",
                                "Use small letters, digits and hyphens, as in philip-2016.",
                            )
                        ],
                    ),
                ),
                ("claim", models.TextField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("supported", "Supported"),
                            ("partly_supported", "Partly supported"),
                            ("overstated", "Overstated"),
                            ("unsupported", "Unsupported"),
                            ("unverified", "Not verified"),
                        ],
                        max_length=20,
                    ),
                ),
                ("why", models.TextField(help_text="What the sources show, in your own words.")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Who published it.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="evidence.source",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical claim",
                "verbose_name_plural": "historical claims",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("place", models.PositiveIntegerField(default=100000, editable=False)),
                (
                    "dossier_sha256",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text=(
                            "Hash of the entry as last loaded; blank where a curator added it."
                        ),
                        max_length=64,
                    ),
                ),
                (
                    "id",
                    models.CharField(
                        max_length=80,
                        primary_key=True,
                        serialize=False,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9][a-z0-9-]*\\Z",
                                "Use small letters, digits and hyphens, as in philip-2016.",
                            )
                        ],
                    ),
                ),
                ("claim", models.TextField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("supported", "Supported"),
                            ("partly_supported", "Partly supported"),
                            ("overstated", "Overstated"),
                            ("unsupported", "Unsupported"),
                            ("unverified", "Not verified"),
                        ],
                        max_length=20,
                    ),
                ),
                ("why", models.TextField(help_text="What the sources show, in your own words.")),
                (
                    "source",
                    models.ForeignKey(
                        help_text="Who published it.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims_made",
                        to="evidence.source",
                    ),
                ),
                (
                    "withdrawn_as",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("retracted", "Retracted"),
                            ("superseded", "Superseded by a newer one"),
                            ("wrong", "Recorded in error"),
                        ],
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("withdrawn_on", models.DateField(blank=True, editable=False, null=True)),
                ("withdrawal_reason", models.TextField(blank=True, editable=False)),
            ],
            options={
                "ordering": ["place", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("withdrawal_reason", ""),
                                ("withdrawn_as", ""),
                                ("withdrawn_on__isnull", True),
                            ),
                            models.Q(
                                ("withdrawn_on__isnull", False),
                                models.Q(("withdrawn_as", ""), _negated=True),
                                models.Q(("withdrawal_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="claim_withdrawal_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "supported",
                                    "partly_supported",
                                    "overstated",
                                    "unsupported",
                                    "unverified",
                                ],
                            )
                        ),
                        name="claim_status_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalClaimSource",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="evidence.claim",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="evidence.source",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical claim source",
                "verbose_name_plural": "historical claim sources",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="ClaimSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="citations",
                        to="evidence.claim",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.source",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("claim", "source"), name="claim_cites_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="claim",
            name="evidence",
            field=models.ManyToManyField(
                related_name="claims", through="evidence.ClaimSource", to="evidence.source"
            ),
        ),
        migrations.AddField(
            model_name="caution",
            name="sources",
            field=models.ManyToManyField(
                related_name="cautions", through="evidence.CautionSource", to="evidence.source"
            ),
        ),
    ]
