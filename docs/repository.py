#!/usr/bin/env python3
"""Adds a page to the book for each file and folder that chapters link to outside of `docs/src`: a preprocessor of mdBook.

On the repository's website, such a link leads to the file or folder itself. In the book, the page follows the chapters. Links in Markdown
files get pages too, and pictures are embedded in the page that shows them.
"""

import base64
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURES = {".png": "image/png", ".svg": "image/svg+xml"}
LINK = re.compile(r"(!?\[(?:[^\[\]]|\[[^\]]*\])*\])\(([^()\s]+)\)", re.S)
# A folder with more files than this is listed by their names, without their contents.
SHOWN = 12


def is_chapter(path):
    return path.startswith("docs/src/")


def page(path):
    """Returns the page of the book for a path of the repository."""
    if is_chapter(path):
        # The book shows the table of contents in its sidebar.
        return path.removeprefix("docs/src/").replace("SUMMARY.md", "start.md")
    return f"repository/{path}/folder.md" if (ROOT / path).is_dir() else f"repository/{path.removesuffix('.md')}.md"


def follow(text, path, found):
    """Returns the Markdown text at a path with its links rewritten for the book, and adds their targets to `found`."""

    def replace(match):
        label, target = match.groups()
        file, _, heading = target.partition("#")
        if not file or ":" in file:
            return match[0]
        led_to = os.path.normpath(os.path.join(os.path.dirname(path), file))
        picture = PICTURES.get(Path(led_to).suffix)
        if picture:
            data = base64.b64encode((ROOT / led_to).read_bytes()).decode()
            return f"{label}(data:{picture};base64,{data})"
        if not is_chapter(led_to):
            found.append(led_to)
        relative = os.path.relpath(page(led_to), os.path.dirname(page(path)))
        return f"{label}({relative}{'#' if heading else ''}{heading})"

    # A code block contains no links.
    parts = re.split(r"(^```.*?^```$)", text, flags=re.M | re.S)
    return "".join(part if part.startswith("```") else LINK.sub(replace, part) for part in parts)


def listing(path):
    """Returns the contents of a file as a code block, whose fence is longer than any in the file."""
    text = (ROOT / path).read_text()
    language = {".rs": "rust", ".toml": "toml", ".py": "python", ".yaml": "yaml", ".yml": "yaml", ".json": "json"}
    fence = "`" * (max(map(len, re.findall(r"`{3,}", text)), default=2) + 1)
    return f"{fence}{language.get(Path(path).suffix, 'text')}\n{text}\n{fence}\n"


def files(path):
    output = subprocess.run(["git", "ls-files", "--", path], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return output.splitlines()


def show(path, found):
    """Renders the page of a file or folder."""
    if (ROOT / path / "README.md").is_file():
        return follow((ROOT / path / "README.md").read_text(), f"{path}/README.md", found)
    if path.endswith(".md"):
        return follow((ROOT / path).read_text(), path, found)
    if (ROOT / path).is_file():
        return f"# {path}\n\n{listing(path)}"
    inside = files(path)
    shown = len(inside) <= SHOWN
    return f"# {path}\n\n" + "\n".join(f"`{file}`\n\n{listing(file)}" if shown else f"- `{file}`" for file in inside)


def chapters(items):
    for item in items:
        if "Chapter" in item:
            yield item["Chapter"]
            yield from chapters(item["Chapter"]["sub_items"])


def main():
    _, book = json.load(sys.stdin)
    found = []
    for chapter in chapters(book["items"]):
        chapter["content"] = follow(chapter["content"], f"docs/src/{chapter['path']}", found)
    pages = {}
    while found:
        path = found.pop()
        if path not in pages:
            pages[path] = None
            pages[path] = show(path, found)
    book["items"].append({"PartTitle": "Files of the repository"})
    for path, content in sorted(pages.items()):
        chapter = {"name": path, "content": content, "number": None, "sub_items": [], "parent_names": []}
        book["items"].append({"Chapter": {**chapter, "path": page(path), "source_path": None}})
    json.dump(book, sys.stdout)


if len(sys.argv) < 2 or sys.argv[1] != "supports":
    main()
