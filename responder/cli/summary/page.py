"""Page: a report as one HTML file that asks for nothing else, for a screen by day and night and for paper."""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html import escape

from responder.cli.summary.parts import covers, headline, notes, parts
from responder.cli.summary.plots import bar, plot
from responder.cli.summary.table import Part
from responder.model.summary import Summary
from responder.model.visible import one_line

#: Longer tables than this are folded below their plot.
_FOLDED = 12
_STYLE = """
:root { --paper: #ffffff; --ink: #1b1f24; --faint: #57606a; --line: #d0d7de; --s0: #2a6a9e; --s1: #a85a1d; }
@media screen and (prefers-color-scheme: dark) {
  :root { --paper: #15181c; --ink: #e6e9ec; --faint: #a0aab4; --line: #3a424b; --s0: #6cb0e0; --s1: #e3a36c; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 64rem; padding: 1.25rem 1rem 3rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 0 0 .25rem; }
p { margin: .25rem 0; overflow-wrap: anywhere; }
.lead { font-size: 1.15rem; margin: .75rem 0; max-width: 44rem; }
.faint { color: var(--faint); font-size: .875rem; }
main { display: grid; grid-template-columns: minmax(0, 1fr); gap: 2rem 2.5rem; margin-top: 1.75rem; }
@media (min-width: 52rem) {
  main { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
}
section { break-inside: avoid; min-width: 0; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; margin-top: .35rem; }
th, td { padding: .25rem 0 .25rem .75rem; text-align: right; vertical-align: top;
  border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; font-weight: 400; }
th:first-child { text-align: left; padding-left: 0; overflow-wrap: anywhere; min-width: 6.5rem; }
td { white-space: nowrap; }
thead th { color: var(--faint); vertical-align: bottom; min-width: 2.4rem; }
@media screen and (max-width: 30rem) { table { font-size: .8125rem; } th, td { padding-left: .45rem; } }
details { margin-top: .5rem; }
summary { color: var(--faint); font-size: .875rem; cursor: pointer; }
.bar { display: block; width: 100%; height: .3rem; margin-top: .15rem; }
.plot { display: block; width: 100%; height: auto; margin-top: .35rem; }
.plot text { font-size: 10.5px; fill: var(--ink); }
.plot text.faint { fill: var(--faint); }
.plot text.end { text-anchor: end; }
.plot text.middle { text-anchor: middle; }
.s0 { fill: var(--s0); } .s1 { fill: var(--s1); }
.axis { stroke: var(--line); }
@page { size: A4; margin: 14mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 9.5pt; }
  main { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1.1rem 1.6rem; margin-top: 1rem; }
  svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  details { display: none; }
  table { font-size: 8.5pt; }
  th, td { padding-left: .4rem; }
}
"""
#: Nothing may be fetched, run or sent, and only this very style may be applied.
_POLICY = (
    "default-src 'none'; style-src 'sha256-"
    + b64encode(sha256(_STYLE.encode()).digest()).decode()
    + "'; base-uri 'none'; form-action 'none'"
)


def page(told: Summary, company: str) -> str:
    """Return the report as a whole HTML page."""
    title = f"Complaints at {company}" if company else "Complaints"
    top = [f"<h1>{_said(title)}</h1>", f"<p>{_said(covers(told))}</p>"]
    top.append(f'<p class="lead">{_said(headline(told))}</p>')
    top += [f'<p class="faint">{_said(one)}</p>' for one in notes(told)]
    body = "\n".join(_section(one) for one in parts(told))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>{_said(f'{title}, {covers(told)}')}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<header>\n{chr(10).join(top)}\n</header>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _section(part: Part) -> str:
    drawn, table = plot(part), "\n".join(_table(part))
    if drawn and len(part.rows) > _FOLDED:
        table = f"<details>\n<summary>The numbers</summary>\n{table}\n</details>"
    says = f'<p class="faint">{_said(part.says)}</p>\n' if part.says else ""
    return (
        f'<section aria-labelledby="{part.key}">\n<h2 id="{part.key}">{_said(part.title)}</h2>\n'
        f"{says}{drawn}\n{table}\n</section>"
    )


def _table(part: Part) -> Iterator[str]:
    titles = [part.columns[at][1] for at in part.shown]
    heads = "".join(f'<th scope="col">{_said(title)}</th>' for title in titles)
    yield f'<table>\n<thead><tr><th scope="col">{_said(part.of)}</th>{heads}</tr></thead>\n<tbody>'
    for row in part.rows:
        below = "" if part.ticks or row.bar is None else bar(row.bar)
        cells = "".join(f"<td>{_said(row.cells[at].shown)}</td>" for at in part.shown)
        yield f'<tr><th scope="row">{_said(row.label)}{below}</th>{cells}</tr>'
    yield "</tbody>\n</table>"


def _said(words: str) -> str:
    return escape(one_line(words))
