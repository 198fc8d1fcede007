"""Pages of enterprises and their people."""

from django.urls import path

from tenants import views

app_name = "tenants"
urlpatterns = [
    path("", views.enterprise_list, name="enterprise-list"),
    path("new/", views.enterprise_create, name="enterprise-create"),
    path("import/", views.enterprise_import, name="enterprise-import"),
    path("import/template/", views.import_template, name="import-template"),
    path("<int:pk>/edit/", views.enterprise_edit, name="enterprise-edit"),
    path("<int:pk>/business/new/", views.business_line_create, name="business-line-create"),
    path("business/<int:pk>/remove/", views.business_line_remove, name="business-line-remove"),
    path("<int:pk>/invite/", views.member_invite, name="member-invite"),
    path("members/<int:pk>/end/", views.member_end, name="member-end"),
    path("invitations/<str:token>/", views.invitation_accept, name="invitation-accept"),
]
