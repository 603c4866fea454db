#!/usr/bin/env python3
"""Checks how core/ is divided into folders and files: check_architecture.py CORE.

* A file includes only from its own folder and from folders before it in ORDER.
* There is no circle of includes between files, where X.c and X.h count as one file.
* Each .c begins with a comment, and has a header of its own name if it exports functions. (X_kernel.c and X_Y_kernel.c
  may share X.h; a .c that exports nothing but an object, such as a row of the table of steps, needs no header.)
* No file is longer than MAX_LINES.

Prints each fault and ends with 1 if there is one. --self-test breaks each rule in a small tree and expects the fault.
"""
import pathlib
import re
import sys
import tempfile

ORDER = [{"base"}, {"store"}, {"import"}, {"method"}, {"preprocess"}, {"reduce"}, {"match"}, {"evidence"}, {"pipeline"},
         {"dataset"}, {"training"}, {"validation", "classification"}, {"report"}]
RANK = {folder: rank for rank, folders in enumerate(ORDER) for folder in folders}
MAX_LINES = 600
EXPORTED = re.compile(r"^(?!typedef\b|.*\bstatic\b|SIMD_INLINE\b)[A-Za-z][\w *]* \**\w+\(", re.MULTILINE)
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def includes(core, path):
    """The files of core that a file includes; the public header is not one of them."""
    for name in INCLUDE.findall(path.read_text()):
        target = path.parent / name if "/" not in name else core / name
        if not name.startswith("adamas/"):
            yield target.relative_to(core)


def order_faults(core, files):
    for path in files:
        folder = path.relative_to(core).parts[0]
        if path.parent == core:
            continue
        if folder not in RANK:
            yield f"{path.relative_to(core)}: the folder '{folder}' has no place in the order"
            continue
        for target in includes(core, path):
            other = target.parts[0]
            if other != folder and RANK.get(other, len(ORDER)) >= RANK[folder]:
                yield f"{path.relative_to(core)}: includes {target}, from a folder that does not come before '{folder}'"


def circles(core, files):
    """Groups of files that include each other: strongly connected components (Tarjan 1972)."""
    graph = {}
    for path in files:
        node = path.relative_to(core).with_suffix("")
        graph.setdefault(node, set()).update(t.with_suffix("") for t in includes(core, path))
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(graph.get(node, ())):
            if other not in index:
                visit(other)
            if other in stack:
                low[node] = min(low[node], low[other])
        if low[node] == index[node]:
            at = stack.index(node)
            group = stack[at:]
            del stack[at:]
            if len(group) > 1:
                found.append(sorted(map(str, group)))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return [f"{', '.join(group)}: include each other in a circle" for group in found]


def has_header(path):
    if path.with_suffix(".h").exists():
        return True
    shared = {header.stem.removesuffix("_kernel") for header in path.parent.glob("*.h")}
    return path.stem.endswith("_kernel") and any(path.stem.startswith(stem) for stem in shared)


def file_faults(core, files):
    for path in files:
        name = path.relative_to(core)
        lines = path.read_text().count("\n")
        if lines > MAX_LINES:
            yield f"{name}: {lines} lines, at most {MAX_LINES} expected"
        if path.suffix != ".c":
            continue
        if not path.read_text().startswith("/*"):
            yield f"{name}: no comment at its head that says what it is"
        if path.parent != core and EXPORTED.search(path.read_text()) and not has_header(path):
            yield f"{name}: exports functions, but has no header of its own"


def faults(core):
    files = sorted(p for p in core.rglob("*") if p.suffix in (".c", ".h"))
    if not files:
        return [f"{core}: no .c or .h found"]
    return [*order_faults(core, files), *circles(core, files), *file_faults(core, files)]


GOOD = {
    "base/a.h": "/* A. */\n",
    "base/a.c": '/* A. */\n#include "base/a.h"\n#include "adamas/adamas.h"\n',
    "base/a_kernel.c": '/* A. */\n#include "base/a.h"\n',
    "base/row.c": "/* A row of a table. */\nstatic int f(void)\n{\n    return 0;\n}\nint (*const row)(void) = f;\n",
    "report/b.h": '/* B. */\n#include "base/a.h"\n',
    "report/b.c": '/* B. */\n#include "report/b.h"\n',
    "adamas.c": '/* All. */\n#include "report/b.h"\n',
}
BROKEN = {
    "does not come before": {"base/c.h": '/* C. */\n#include "report/d.h"\n', "report/d.h": "/* D. */\n"},
    "has no place": {"other/c.h": "/* C. */\n"},
    "in a circle": {"base/c.h": "/* C. */\n", "base/c.c": '/* C. */\n#include "base/c.h"\n#include "base/d.h"\n',
                    "base/d.h": '/* D. */\n#include "base/c.h"\n'},
    "includes validation/v.h": {"validation/v.h": "/* V. */\n",
                                "classification/c.h": '/* C. */\n#include "validation/v.h"\n'},
    "lines, at most": {"base/a.h": "/* A. */\n" + "\n" * MAX_LINES},
    "no comment": {"base/a.c": '#include "base/a.h"\n/* A. */\n'},
    "no header": {"base/e.c": "/* E. */\nint e(void)\n{\n    return 0;\n}\n"},
}


def faults_of(tree):
    with tempfile.TemporaryDirectory() as folder:
        core = pathlib.Path(folder)
        for name, text in tree.items():
            (core / name).parent.mkdir(exist_ok=True)
            (core / name).write_text(text)
        return faults(core)


def self_test():
    wrong = [f"a tree without faults: {fault}" for fault in faults_of(GOOD)]
    for expected, files in BROKEN.items():
        found = faults_of({**GOOD, **files})
        if len(found) != 1 or expected not in found[0]:
            wrong.append(f"'{expected}' expected once, found: {found}")
    return wrong


if __name__ == "__main__":
    found = self_test() if sys.argv[1:] == ["--self-test"] else faults(pathlib.Path(sys.argv[1]).resolve())
    print("\n".join(found) or "no faults")
    sys.exit(bool(found))
