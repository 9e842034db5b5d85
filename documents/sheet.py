"""The complaint sheet as one HTML page to read, print or file."""

from __future__ import annotations

from jinja2 import DictLoader, Environment, StrictUndefined

from domain.order import Locale
from domain.sheet import Sheet

_PAGE = """\
<!doctype html>
<html lang="{{ locale }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ sheet.title }} {{ sheet.number }}</title>
<style>
body { font: 15px/1.5 -apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Segoe UI", sans-serif; color: #1d2630;
  max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { font-size: 1.1rem; margin-top: 1.6rem; border-bottom: 2px solid #2f6f9f; }
.number { color: #5b6673; margin-top: 0; }
table { border-collapse: collapse; width: 100%; }
td, th { border-bottom: 1px solid #e3e7ec; padding: .35rem .6rem .35rem 0; vertical-align: top; text-align: left; }
th { width: 12rem; color: #5b6673; font-weight: 600; } td { white-space: pre-wrap; overflow-wrap: anywhere; }
li { overflow-wrap: anywhere; }
</style>
</head>
<body>
<h1>{{ sheet.title }}</h1>
<p class="number">{{ sheet.number }}</p>
{% for part in sheet.parts %}
<h2>{{ part.title }}</h2>
{% if part.fields %}
<table>
{% for name, said in part.fields %}
<tr><th scope="row">{{ name }}</th><td>{{ said }}</td></tr>
{% endfor %}
</table>
{% endif %}
{% if part.lines %}
<ul>
{% for line in part.lines %}
<li>{{ line }}</li>
{% endfor %}
</ul>
{% elif not part.fields %}
<p>—</p>
{% endif %}
{% endfor %}
</body>
</html>
"""
_pages = Environment(
    loader=DictLoader({"sheet.html": _PAGE}), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def sheet_page(sheet: Sheet, locale: Locale) -> str:
    """The whole page, with its styles inside. Every text in it is escaped."""
    return _pages.get_template("sheet.html").render(sheet=sheet, locale=locale)
