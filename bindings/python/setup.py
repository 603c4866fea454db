"""The module over the C library is made by compile_library.py; everything else stands in pyproject.toml."""
from setuptools import setup

setup(cffi_modules=["compile_library.py:builder"])
