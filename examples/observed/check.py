"""Runs every query of the dashboard and checks every rule on a Prometheus server, and can draw the graphs.

Usage: check.py <url of Prometheus> <dashboard.json> [picture.svg]

Fails if a query returns no data, or if Prometheus cannot evaluate a rule.
"""

import json
import math
import sys
import time
import urllib.parse
import urllib.request
from html import escape
from pathlib import Path


def get(url, path, **parameters):
    with urllib.request.urlopen(f"{url}/api/v1/{path}?{urllib.parse.urlencode(parameters)}", timeout=30) as answer:
        return json.load(answer)["data"]


def interpolate(query):
    """Replaces the variables of the dashboard, as Grafana does before it sends a query."""
    for name, value in [("$__rate_interval", "10s"), ("$__range", "1m"), ("$service", ".+")]:
        query = query.replace(name, value)
    return query


def panels(dashboard):
    return [panel for panel in json.loads(Path(dashboard).read_text())["panels"] if panel["type"] != "row"]


def numbers(series):
    values = [float(value) for _, value in series.get("values") or [series["value"]]]
    return [value for value in values if math.isfinite(value)]


def check(url, dashboard):
    """Returns a message for each query without data and each rule that does not work."""
    failures = []
    for panel in panels(dashboard):
        for target in panel["targets"]:
            # A range, not an instant: some events are rare.
            now, query = time.time(), interpolate(target["expr"])
            found = get(url, "query_range", query=query, start=now - 30, end=now, step=1)["result"]
            count = sum(bool(numbers(series)) for series in found)
            print(f"{count:4} series  {panel['title']}: {target['legendFormat']}")
            if not count:
                failures.append(f"the panel `{panel['title']}` has no data for the query {query}")
    for group in get(url, "rules")["groups"]:
        for rule in group["rules"]:
            print(f"{rule['health']:>11}  {rule['type']} {rule['name']} {rule.get('state', '')}")
            if rule["health"] != "ok":
                failures.append(f"the health of the rule {rule['name']} is `{rule['health']}`: {rule.get('lastError')}")
            if rule["type"] == "recording" and not get(url, "query", query=rule["name"])["result"]:
                failures.append(f"the rule {rule['name']} records nothing")
    return failures


WIDTH, HEIGHT, COLUMNS, SECONDS = 300, 150, 3, 60
COLORS = ["#3274d9", "#e0752d", "#37872d", "#c4162a", "#8f3bb8", "#b8a000", "#00838f", "#6d6d6d"]
UNITS = {"s": "s", "percentunit": "%", "reqps": "/s", "ops": "/s", "Bps": " B/s", "bytes": " B", "short": ""}


def legend(target, series):
    text = target["legendFormat"]
    for name, value in series["metric"].items():
        text = text.replace("{{" + name + "}}", value)
    return text


def format_value(value, unit):
    value = value * 100 if unit == "percentunit" else value
    return f"{value:.3g}{UNITS.get(unit, '')}"


def graph(url, panel, now):
    """Draws one panel: the lines of the last minute, the largest value and a legend."""
    unit = panel["fieldConfig"]["defaults"]["unit"]
    lines = []
    for target in panel["targets"]:
        query = interpolate(target["expr"])
        found = get(url, "query_range", query=query, start=now - SECONDS, end=now, step=2)["result"]
        lines += [(legend(target, series), series["values"]) for series in found if numbers(series)]
    lines.sort(key=lambda line: -max(numbers({"values": line[1]})))
    lines = lines[: len(COLORS)]
    highest = max([1e-9] + [value for _, values in lines for value in numbers({"values": values})])
    top, bottom = 26, HEIGHT - 30
    parts = [f'<text x="0" y="12" class="title">{escape(panel["title"])}</text>']
    parts.append(f'<text x="{WIDTH - 16}" y="12" class="highest">{escape(format_value(highest, unit))}</text>')
    parts.append(f'<path d="M0 {bottom}H{WIDTH - 16}M0 {top}H{WIDTH - 16}" class="grid"/>')
    x = 0
    for color, (name, values) in zip(COLORS, lines):
        points = [
            (round((at - now + SECONDS) / SECONDS * (WIDTH - 16)), round(bottom - max(float(value), 0) / highest * (bottom - top)))
            for at, value in values
            if math.isfinite(float(value))
        ]
        drawn = " ".join(f"{x} {y}" for x, y in points)
        parts.append(f'<polyline points="{drawn}" stroke="{color}"/>')
        if name and x < WIDTH - 60:
            parts.append(f'<text x="{x}" y="{bottom + 14}" fill="{color}">{escape(name)}</text>')
            x += 6 * len(name) + 10
    return parts


def draw(url, dashboard, picture):
    now = time.time()
    graphs = [panel for panel in panels(dashboard) if panel["type"] == "timeseries"]
    rows = -(-len(graphs) // COLUMNS)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-8 -8 {WIDTH * COLUMNS + 8} {HEIGHT * rows + 8}" font-family="sans-serif" font-size="10">',
        "<style>polyline{fill:none;stroke-width:1.5}.grid{stroke:#9994;stroke-width:1}.title{font-size:12px;fill:#777}"
        ".highest{text-anchor:end;fill:#777}</style>",
    ]
    for index, panel in enumerate(graphs):
        x, y = index % COLUMNS * WIDTH, index // COLUMNS * HEIGHT
        out += [f'<g transform="translate({x} {y})">', *graph(url, panel, now), "</g>"]
    Path(picture).write_text("\n".join([*out, "</svg>"]) + "\n")
    print(f"drew {len(graphs)} graphs into {picture}")


def main(url, dashboard, picture=None):
    failures = check(url, dashboard)
    if picture:
        draw(url, dashboard, picture)
    if failures:
        sys.exit("\n".join(failures))


if __name__ == "__main__":
    main(*sys.argv[1:])
