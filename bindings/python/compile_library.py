"""Builds adamas._library, the cffi module of the C library, from the declarations of the installed header.

The header is found under ADAMAS_PREFIX (the prefix given to `cmake --install ... --prefix`) if it is set, else by
pkg-config. The module is compiled (API mode of cffi): the C compiler checks every structure and constant against the
header, and the defaults, which are macros, are taken from it.
"""
import os
import re
import subprocess
from pathlib import Path

import cffi


def pkg_config(*what: str) -> list[str]:
    """The output of pkg-config for the installed library. ADAMAS_PREFIX replaces the prefix in adamas.pc."""
    command = ["pkg-config", *what, "adamas"]
    environment = dict(os.environ)
    prefix = os.environ.get("ADAMAS_PREFIX")
    if prefix:
        found = next(Path(prefix).rglob("adamas.pc"), None)
        if found is None:
            raise SystemExit(f"ADAMAS_PREFIX is {prefix}, which has no adamas.pc: the absolute path of the prefix of an installed Adamas expected")
        environment["PKG_CONFIG_PATH"] = str(found.parent)
        command.insert(1, f"--define-variable=prefix={prefix}")
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"Adamas was not found: install it by `cmake --install build/release --prefix PREFIX` and set ADAMAS_PREFIX=PREFIX\n"
                         f"{done.stderr.strip()}")
    return done.stdout.split()


def declarations(header: str) -> str:
    """The declarations of the header in the form that cffi parses: without comments, directives, C++ and ADAMAS_API."""
    text = re.sub(r"/\*.*?\*/", " ", header, flags=re.DOTALL)
    text = re.sub(r"#ifdef __cplusplus.*?#endif", " ", text, flags=re.DOTALL)
    text = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", "", text, flags=re.MULTILINE)
    return re.sub(r"\bADAMAS_API\b", "", text)


def callbacks(text: str) -> str:
    """Declarations of a function python_NAME, implemented in Python, for each callback type adamas_NAME."""
    found = re.findall(r"typedef\s+(\w+)\s*\(\*adamas_(\w+)\)\s*\((.*?)\);", text, flags=re.DOTALL)
    return 'extern "Python" {\n' + "".join(f"    {result} python_{name}({arguments});\n" for result, name, arguments in found) + "}\n"


def defaults(header: str) -> tuple[str, str]:
    """Declarations and definitions of a constant adamas_x_init for each macro ADAMAS_X_INIT."""
    names = [name.lower() for name in re.findall(r"#define ADAMAS_(\w+)_INIT\b", header)]
    declared = "".join(f"static const adamas_{name} adamas_{name}_init;\n" for name in names)
    defined = "".join(f"static const adamas_{name} adamas_{name}_init = ADAMAS_{name.upper()}_INIT;\n" for name in names)
    return declared, defined


def make_builder() -> cffi.FFI:
    """The cffi builder of adamas._library."""
    include = next(flag[2:] for flag in pkg_config("--cflags-only-I", "--keep-system-cflags") if flag.startswith("-I"))
    folders = [flag[2:] for flag in pkg_config("--libs-only-L", "--keep-system-libs") if flag.startswith("-L")]
    header = (Path(include) / "adamas" / "adamas.h").read_text(encoding="utf-8")
    text = declarations(header)
    declared, defined = defaults(header)
    builder = cffi.FFI()
    builder.cdef(text + callbacks(text) + declared)
    builder.set_source("adamas._library", f"#include <adamas/adamas.h>\n{defined}", include_dirs=[include],
                       library_dirs=folders, runtime_library_dirs=folders, libraries=["adamas"])
    return builder


builder = make_builder()
