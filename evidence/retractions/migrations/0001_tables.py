from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="RetractionCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("checked_at", models.DateTimeField(auto_now_add=True)),
                (
                    "checked_by",
                    models.CharField(
                        choices=[("file", "A file of records"), ("fetch", "Crossref itself")],
                        max_length=5,
                    ),
                ),
                ("source_key", models.CharField(max_length=80)),
                ("doi", models.CharField(max_length=120)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("retracted", "Retracted"),
                            ("other", "Another notice"),
                            ("concern", "Expression of concern"),
                            ("correction", "Correction"),
                            ("nothing_found", "Nothing found"),
                            ("could_not_check", "Could not check"),
                        ],
                        max_length=20,
                    ),
                ),
                ("is_complete", models.BooleanField()),
                ("notice_type", models.CharField(blank=True, max_length=60)),
                ("notice_doi", models.CharField(blank=True, max_length=200)),
                (
                    "notice_on",
                    models.CharField(blank=True, help_text="Day, month or year.", max_length=10),
                ),
                ("detail", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["-checked_at", "-pk"],
                "indexes": [
                    models.Index(fields=["source_key", "-checked_at"], name="check_by_source")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "outcome__in",
                                [
                                    "retracted",
                                    "other",
                                    "concern",
                                    "correction",
                                    "nothing_found",
                                    "could_not_check",
                                ],
                            )
                        ),
                        name="retraction_check_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "nothing_found"), _negated=True),
                            ("is_complete", True),
                            _connector="OR",
                        ),
                        name="retraction_check_nothing_only_if_complete",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "could_not_check"), _negated=True),
                            ("is_complete", False),
                            _connector="OR",
                        ),
                        name="retraction_check_could_not_is_incomplete",
                    ),
                ],
            },
        ),
    ]
