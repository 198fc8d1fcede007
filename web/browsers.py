"""Which browser was that? A User-Agent as a person would say it: Chrome, Windows."""

from django.utils.translation import gettext_lazy as _

from web.rfc9457 import Text

# The first that occurs: WeChat also calls itself Safari, Edge also Chrome, all of them Mozilla.
BROWSERS: list[tuple[str, Text]] = [
    ("MicroMessenger", _("WeChat")),
    ("DingTalk", _("DingTalk")),
    ("Edg", "Edge"),
    ("HuaweiBrowser", "Huawei Browser"),
    ("QQBrowser", "QQ Browser"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
]
SYSTEMS = [
    ("HarmonyOS", "HarmonyOS"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
]


def browser(user_agent: str) -> str:
    """Give browser and system, or the beginning of what it calls itself."""
    names = [
        str(next((word for sign, word in known if sign in user_agent), ""))
        for known in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(name for name in names if name) or user_agent[:40]
