"""compile_library.py builds the module of the C library. The other settings are in pyproject.toml."""
from setuptools import setup

setup(cffi_modules=["compile_library.py:builder"])
