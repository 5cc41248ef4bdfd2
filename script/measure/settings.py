"""The settings of the app, with one more address: a bare view behind the same middleware."""

from kapnet.settings import *  # noqa: F403

ROOT_URLCONF = "script.measure.urls"
