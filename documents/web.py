"""A summary as one HTML page that needs nothing else: styles inside, bars as plain boxes, so that mail programs show it too."""

from __future__ import annotations

from jinja2 import DictLoader, Environment, StrictUndefined

from documents.sections import Cell, Section, sections
from domain.order import Locale
from domain.summary.figures import Summary
from domain.summary.telling import heading

_PAGE = """\
<!doctype html>
<html lang="{{ locale }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
<style>
body { font: 15px/1.5 -apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Segoe UI", sans-serif; color: #1d2630;
  max-width: 56rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } th { text-align: left; color: #5b6673; font-weight: 600; }
td, th { border-bottom: 1px solid #e3e7ec; padding: .35rem .6rem .35rem 0; vertical-align: top; }
th.number, .number { text-align: right; white-space: nowrap; }
.clauses { color: #5b6673; }
</style>
</head>
<body>
<h1>{{ title }}</h1>
<p class="clauses">{{ clauses }}</p>
{% for section in sections %}
<h2>{{ section.title }}</h2>
<table>
<tr>{% for column in section.columns -%}
<th scope="col"{% if section.rows[0][loop.index0] is number %} class="number"{% endif %}>{{ column }}</th>
{%- endfor %}{% if section.bars %}<th></th>{% endif %}</tr>
{% for row in section.rows %}
<tr>{% for cell in row %}<td{% if cell is number %} class="number"{% endif %}>{{ cell }}</td>{% endfor %}
{%- if section.bars %}<td style="width:40%">{% for bar in section.bars -%}
<div style="height:.7rem;margin:.2rem 0;background:{{ colours[loop.index0] }};width:{{ share(section, row, bar) }}%"></div>
{%- endfor %}</td>{% endif %}</tr>
{% endfor %}
</table>
{% endfor %}
</body>
</html>
"""
# What a page that is only read needs: it has its styles inside, and nothing that runs.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
# Told apart without seeing colour as well: one is dark, one is light.
_COLOURS = ("#2f6f9f", "#f2b28c")
_pages = Environment(
    loader=DictLoader({"summary.html": _PAGE}), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def _share(section: Section, row: tuple[Cell, ...], bar: int) -> int:
    """Width of a bar in per cent of the longest one in its table."""
    longest = max((int(each[column]) for each in section.rows for column in section.bars), default=0)
    return round(100 * int(row[bar]) / longest) if longest else 0


def html(summary: Summary, locale: Locale) -> str:
    """The whole page. Every text in it is escaped."""
    return _pages.get_template("summary.html").render(
        title=heading(summary, locale),
        locale=locale,
        clauses=", ".join(summary.clauses),
        sections=sections(summary, locale),
        colours=_COLOURS,
        share=_share,
    )
