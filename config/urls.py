"""Every address, by room."""

from django.urls import path

urlpatterns = []
