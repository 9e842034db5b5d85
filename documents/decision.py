"""The page on which an approver decides: one HTML page without scripts, which works on a telephone and without a login."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from jinja2 import DictLoader, Environment, StrictUndefined

from domain.order import Locale

_STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.55 -apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Segoe UI", sans-serif;
  color: #1d2630; background: #f4f6f8; margin: 0; }
main { max-width: 44rem; margin: 0 auto; padding: 1.25rem 1rem 3rem; }
header { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; }
h1 { font-size: 1.4rem; margin: .5rem 0; } h2 { font-size: 1.05rem; margin: 0 0 .6rem; }
section { background: #fff; border: 1px solid #dfe4ea; border-radius: .5rem; padding: 1rem; margin: 1rem 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1rem; margin: 0; }
dt { color: #5b6673; } dd { margin: 0; overflow-wrap: anywhere; white-space: pre-line; }
ul { margin: .6rem 0 0; padding-left: 1.2rem; } .total { font-weight: 600; margin: .6rem 0 0; }
.told { border-left: .3rem solid #2f6f9f; } .wrong { border-left: .3rem solid #b3261e; }
label { display: block; font-weight: 600; } .hint { color: #5b6673; font-size: .9rem; margin: 0 0 .4rem; }
textarea { width: 100%; box-sizing: border-box; font: inherit; padding: .5rem; border: 1px solid #8a95a1; border-radius: .35rem; }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1rem; }
button { font: inherit; font-weight: 600; padding: .6rem 1.4rem; border-radius: .35rem; border: 1px solid #2f6f9f;
  background: #fff; color: #1f4f75; cursor: pointer; }
button.first { background: #1f5f93; color: #fff; } button.last { border-color: #b3261e; color: #8f1d17; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } button { width: 100%; } }
"""
_PAGE = """\
<!doctype html>
<html lang="{{ page.locale }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{{ page.title }}</title>
<style>{{ style | safe }}</style>
</head>
<body>
<main>
<header><h1>{{ page.title }}</h1>
<a href="{{ page.other_address }}" hreflang="{{ page.other_locale }}" lang="{{ page.other_locale }}">{{ page.other_language }}</a>
</header>
{% if page.told %}
<section class="{{ 'wrong' if page.wrong else 'told' }}" role="{{ 'alert' if page.wrong else 'status' }}">
{{ page.told }}
</section>
{% endif %}
{% for block in page.blocks %}
<section>
<h2>{{ block.title }}</h2>
{% if block.rows %}
<dl>{% for name, value in block.rows %}<dt>{{ name }}</dt><dd>{{ value }}</dd>{% endfor %}</dl>
{% endif %}
{% if block.points %}
<ul>{% for point in block.points %}<li>{{ point }}</li>{% endfor %}</ul>
{% endif %}
{% if block.total %}<p class="total">{{ block.total }}</p>{% endif %}
</section>
{% endfor %}
{% if page.form %}
<section>
<form method="post" action="{{ page.form.address }}">
<label for="words">{{ page.form.label }}</label>
<p class="hint" id="hint">{{ page.form.hint }}</p>
<textarea id="words" name="words" rows="4" maxlength="2000" aria-describedby="hint">{{ page.form.words }}</textarea>
<div class="buttons">
{% for value, text in page.form.buttons %}
<button type="submit" name="decision" value="{{ value }}"{% if loop.first %} class="first"{% elif loop.last %} class="last"
{%- endif %}>{{ text }}</button>
{% endfor %}
</div>
</form>
</section>
{% endif %}
</main>
</body>
</html>
"""
_pages = Environment(
    loader=DictLoader({"decision.html": _PAGE}), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
# Nothing runs, nothing is fetched, and the form goes nowhere else.
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


@dataclass(frozen=True)
class Block:
    """One part of the page: named values, a list, and a sum under it."""

    title: str
    rows: tuple[tuple[str, str], ...] = ()
    points: tuple[str, ...] = ()
    total: str = ""


@dataclass(frozen=True)
class Form:
    """What can be decided; `words` is what was typed before."""

    address: str
    label: str
    hint: str
    buttons: tuple[tuple[str, str], ...]
    words: str = ""


@dataclass(frozen=True)
class DecisionPage:
    """The page in one language. `told` is what happened, `wrong` whether that is a refusal."""

    locale: Locale
    title: str
    other_locale: Locale
    other_language: str
    other_address: str
    told: str = ""
    wrong: bool = False
    blocks: tuple[Block, ...] = ()
    form: Form | None = None


def html(page: DecisionPage) -> str:
    """The whole page. Every text in it is escaped."""
    return _pages.get_template("decision.html").render(page=page, style=_STYLE)
