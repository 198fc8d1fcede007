"""/admin/: people and settings, for the system administrator. Other admins are not shown."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class SystemSite(AdminSite):
    """Django's admin with what is registered on it by name, and nothing that apps bring along."""

    site_title = site_header = _("Xiyuan: people and settings")
    index_title = _("People and settings")


site = SystemSite(name="admin")
