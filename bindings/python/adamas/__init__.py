"""Adamas: the origin of specimens from laser-induced breakdown spectroscopy (LIBS), with the strength of the evidence.

Examples
--------
>>> import adamas
>>> lib = adamas.make_library()                              # synthetic; adamas.read(["car.h5", "drc.h5"]) reads files
>>> clf = adamas.OriginClassifier("snv | pca(3) | twolevel").fit(lib)
>>> clf.validate(lib, leave="locality").cllr < 0.5
True
>>> report = clf.classify(adamas.make_library(["A"], seed=2), declared="A")
>>> len(report.specimens)
15
"""
from adamas._library import ffi as _ffi
from adamas._library import lib as _lib
from adamas.errors import AxisError, Cancelled, DataError, FormatError, MethodError
from adamas.estimators import OriginClassifier, Preprocessor
from adamas.conversion import from_pandas, from_xarray, to_pandas, to_xarray
from adamas.files import file_kind, file_sha256, import_text, read
from adamas.synthetic import make_library
from adamas.method import Method, steps
from adamas.model import Model, validate
from adamas.report import Report, report_names
from adamas.spectra import SHOT_FATES, Spectra

__version__: str = _ffi.string(_lib.adamas_version()).decode()

__all__ = ["SHOT_FATES", "AxisError", "Cancelled", "DataError", "FormatError", "Method", "MethodError", "Model", "OriginClassifier",
           "Preprocessor", "Report", "Spectra", "file_kind", "file_sha256", "from_pandas", "from_xarray", "import_text", "make_library",
           "read", "report_names", "steps", "to_pandas", "to_xarray", "validate"]
