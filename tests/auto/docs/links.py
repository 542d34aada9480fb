# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""Every link between documents must lead to something, and every page of the guide must be in the README's table of contents.

    links.py FOLDER [GUIDE]    FOLDER has the README.md, GUIDE (a folder below it) the pages; without it they lie beside the README
"""

import pathlib
import re
import sys


def anchors(page):
    """The anchors that GitHub makes from the headings."""
    for heading in re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def links(page):
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"`[^`\n]*`", "", text)
    return re.findall(r"\]\(([^)\s]+)\)", text)


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    guide = folder / sys.argv[2] if len(sys.argv) > 2 else folder
    pages = sorted(guide.glob("*.md"))
    readme = folder / "README.md"
    wrong = []
    count = 0
    listed = set()
    for page in {readme, folder / "CHANGELOG.md", *pages, *(folder / "examples").glob("*/README.md"),
                 *(folder / "src/bindings").glob("*/README.md")}:
        for link in links(page):
            if re.match(r"[a-z]+:", link):
                continue
            count += 1
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            if page == readme:
                listed.add(target)
            if not target.exists() or not target.is_relative_to(folder):
                wrong.append(f"{page}: {link} leads nowhere")
            elif anchor and anchor not in anchors(target):
                wrong.append(f"{page}: {link}: the page has no such heading")
    others = {readme, folder / "CHANGELOG.md"}
    wrong += [f"{page} is not in the README's table of contents" for page in pages if page not in listed | others]
    print("\n".join(wrong + [f"{count} links, {len(wrong)} faults"]))
    return 1 if wrong or count < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
