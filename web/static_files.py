"""Static files under names that change with what is in them."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

_NAMES, _IMPORTS = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns


class HashedFiles(CompressedManifestStaticFilesStorage):
    """What our own scripts `import` follows as well; those of others name what is not there."""

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (f"js/{_NAMES}", _IMPORTS)
