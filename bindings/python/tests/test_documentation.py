"""The public functions and classes have type hints and docstrings with examples (which --doctest-modules runs)."""
import doctest
import importlib
import inspect
import pkgutil

import pytest

import adamas

MODULES = [importlib.import_module(f"adamas.{module.name}") for module in pkgutil.iter_modules(adamas.__path__) if not module.name.startswith("_")]


def functions():
    """The public functions and methods of the package by name."""
    for module in MODULES:
        for name, value in vars(module).items():
            if name.startswith("_") or getattr(value, "__module__", None) != module.__name__:
                continue
            if inspect.isclass(value):
                for inner, method in vars(value).items():
                    plain = method.__func__ if isinstance(method, (classmethod, staticmethod)) else method
                    if inspect.isfunction(plain):
                        yield f"{module.__name__}.{name}.{inner}", plain
            elif inspect.isfunction(value):
                yield f"{module.__name__}.{name}", value


PLAIN = dict(functions())
INTERNAL = ("adamas.errors.exception_of", "adamas.spectra.Part")


@pytest.mark.parametrize("name", PLAIN)
def test_type_hints(name):
    signature = inspect.signature(PLAIN[name])
    bare = [p.name for p in signature.parameters.values() if p.name not in ("self", "cls") and p.annotation is p.empty]
    assert not bare
    assert signature.return_annotation is not signature.empty


@pytest.mark.parametrize("name", [name for name in PLAIN if not name.rpartition(".")[2].startswith("_") and not name.startswith(INTERNAL)])
def test_docstrings_have_examples(name):
    text = inspect.getdoc(PLAIN[name])
    assert text and doctest.DocTestParser().get_examples(text), f"{name} has no example"
    named = [p for p in inspect.signature(PLAIN[name]).parameters if p not in ("self", "cls")]
    assert all(parameter in text for parameter in named)


@pytest.mark.parametrize("name", [name for name in adamas.__all__ if inspect.isclass(getattr(adamas, name))])
def test_classes_have_examples(name):
    assert doctest.DocTestParser().get_examples(inspect.getdoc(getattr(adamas, name)))


def test_everything_of_the_header_is_declared():
    """Each function of the header can be called."""
    import re

    from conftest import ROOT

    header = (ROOT / "include" / "adamas" / "adamas.h").read_text()
    named = set(re.findall(r"ADAMAS_API[^;(]*?\b(adamas_\w+)\(", header))
    assert len(named) > 40 and named <= set(dir(adamas._lib))


def test_the_example(simulated, tmp_path):
    import subprocess
    import sys

    from conftest import ROOT

    script = ROOT / "bindings" / "python" / "examples" / "from_libraries_to_a_report.py"
    done = subprocess.run([sys.executable, script, simulated, simulated / "parcel.h5", tmp_path / "out"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"scores.png", "report.html", "report.json"}
    assert "Cllr" in done.stdout and "ynthetic" in done.stdout
