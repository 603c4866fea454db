"""Reports: what the engine says of a parcel, of a validation, of a plan."""
from __future__ import annotations  # so that help() shows the hints as they stand here

import html
import json
from typing import Any

import numpy as np

from adamas import _engine
from adamas._engine import Path
from adamas._library import ffi, lib
from adamas.tables import Table, table

_tables = {"specimens": lib.ADAMAS_SPECIMENS, "sources": lib.ADAMAS_SOURCES, "origins": lib.ADAMAS_ORIGINS, "folds": lib.ADAMAS_FOLDS,
           "shares": lib.ADAMAS_SHARES, "detection_limits": lib.ADAMAS_DETECTION_LIMITS, "library": lib.ADAMAS_LIBRARY, "spectrum": lib.ADAMAS_SPECTRUM,
           "tippett": lib.ADAMAS_TIPPETT, "reliability": lib.ADAMAS_RELIABILITY, "cross_entropy": lib.ADAMAS_CROSS_ENTROPY,
           "coverage": lib.ADAMAS_COVERAGE, "plan": lib.ADAMAS_PLAN}
_numbers = ("accuracy", "accuracy_low", "accuracy_high", "balanced_accuracy", "log_loss", "cllr", "cllr_min", "cllr_cal", "eer", "devpav")


def report_names() -> Table:
    """Every name that a report can have: of its facts, its numbers and the columns of its tables.

    Returns
    -------
    table
        Columns: ``table`` ("fact", "number", or a table's name), ``name`` (what/ORIGIN stands for a column of each origin),
        ``reports`` (in which it can be: c classification, v validation, p plan), ``unit``, ``json`` (path in the JSON, "" if it is
        not there), ``meaning``.

    Examples
    --------
    >>> import adamas
    >>> names = adamas.report_names()
    >>> "declared/foreign" in list(names["name"])
    True
    """
    tables = {number: name for name, number in _tables.items()} | {lib.ADAMAS_NUMBERS: "number", lib.ADAMAS_FACTS: "fact"}
    kinds = {"c": lib.ADAMAS_REPORT_CLASSIFICATION, "v": lib.ADAMAS_REPORT_VALIDATION, "p": lib.ADAMAS_REPORT_PLAN}
    rows: list[tuple[str, ...]] = []
    name = ffi.new("adamas_name *", {"struct_size": ffi.sizeof("adamas_name")})
    while lib.adamas_report_name(name, len(rows)):
        reports = "".join(letter for letter, bit in kinds.items() if name.reports & bit)
        texts = (_engine.text(text) or "" for text in (name.unit, name.json, name.meaning))
        rows.append((tables[name.table], _engine.text(name.name) or "", reports, *texts))
    columns = zip(("table", "name", "reports", "unit", "json", "meaning"), zip(*rows))
    return table({heading: np.array(values, object) for heading, values in columns})


class Report:
    """What the engine says; in Jupyter it shows itself as its HTML page. Made by `Model.classify`, `validate` and `Model.plan`.

    Attributes
    ----------
    specimens, sources, origins, folds, shares, detection_limits, library, spectrum, tippett, reliability, cross_entropy, coverage, plan : table
        The report's tables: a pandas DataFrame where pandas is installed, a structured array if not. `report_names`
        lists the columns; empty if this report has none.
    accuracy, accuracy_low, accuracy_high, balanced_accuracy, log_loss, cllr, cllr_min, cllr_cal, eer, devpav : float
        Of a validation; NaN elsewhere.
    conclusion : str
        One sentence.
    warnings : list of str
        What whoever reads the report must know first, the gravest first.
    json : dict
        The whole report.
    html : str
        The whole report as one page without scripts and links.

    Examples
    --------
    >>> import adamas
    >>> report = adamas.validate("snv | pca(3) | twolevel", adamas.make_library(), leave="specimen")
    >>> report.accuracy > 0.9, report.cllr < 0.5
    (True, True)
    >>> len(report.specimens)
    45
    """

    def __init__(self, handle: ffi.CData) -> None:
        self._handle = handle

    def number(self, name: str) -> float:
        """A number by its name.

        Parameters
        ----------
        name : str
            Such as ``"declared/foreign"``.

        Returns
        -------
        float
            NaN where the report has none.

        Examples
        --------
        >>> import adamas
        >>> report = adamas.validate("snv | pca(3) | twolevel", adamas.make_library(), leave="specimen")
        >>> report.number("judged")
        45.0
        """
        return lib.adamas_report_number(self._handle, name.encode())

    def fact(self, name: str) -> str | None:
        """A fact by its name.

        Parameters
        ----------
        name : str
            Such as ``"method_canonical"``, ``"declared"``, ``"no_evidence"``.

        Returns
        -------
        str or None
            None where the report has none.

        Examples
        --------
        >>> import adamas
        >>> adamas.validate("snv | pca(3) | twolevel", adamas.make_library(), leave="specimen").fact("leave")
        'specimen'
        """
        return _engine.text(lib.adamas_report_fact(self._handle, name.encode()))

    def columns(self, name: str) -> dict[str, Any]:
        """A table's columns as plain arrays, whether pandas is installed or not.

        Parameters
        ----------
        name : str
            ``"specimens"``, ``"origins"``, ... as the attributes are named.

        Returns
        -------
        dict of str to ndarray
            A column a name.

        Examples
        --------
        >>> import adamas
        >>> report = adamas.validate("snv | pca(3) | twolevel", adamas.make_library(), leave="specimen")
        >>> list(report.columns("origins")["origin"])
        ['A', 'B', 'C']
        """
        return _engine.columns(lambda place: lib.adamas_report_column_at(self._handle, _tables[name], place))

    def __getattr__(self, name: str) -> Any:
        if name in _tables:
            return table(self.columns(name))
        if name in _numbers:
            return self.number(name)
        raise AttributeError(f"a report has no attribute {name!r}; number({name!r}) and fact({name!r}) look further")

    specimens: Table
    sources: Table
    origins: Table
    folds: Table
    shares: Table
    detection_limits: Table
    library: Table
    spectrum: Table
    tippett: Table
    reliability: Table
    cross_entropy: Table
    coverage: Table
    plan: Table
    accuracy: float
    accuracy_low: float
    accuracy_high: float
    balanced_accuracy: float
    log_loss: float
    cllr: float
    cllr_min: float
    cllr_cal: float
    eer: float
    devpav: float

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *_tables, *_numbers]

    @property
    def conclusion(self) -> str:
        return self.fact("conclusion") or ""

    @property
    def warnings(self) -> list[str]:
        found: list[str] = []
        while (line := _engine.text(lib.adamas_report_warning(self._handle, len(found)))) is not None:
            found.append(line)
        return found

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(ffi.string(lib.adamas_report_json(self._handle)))

    @property
    def html(self) -> str:
        return _engine.text(lib.adamas_report_html(self._handle)) or ""

    def write(self, path: Path) -> None:
        """Writes the JSON, or where the path ends in .html the page; whole or not at all.

        Parameters
        ----------
        path : path-like
            The file.

        Examples
        --------
        >>> import adamas, pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp(), "report.json")
        >>> adamas.validate("snv | pca(3) | twolevel", adamas.make_library(), leave="specimen").write(path)
        >>> path.read_bytes()[:1]
        b'{'
        """
        _engine.call(lib.adamas_report_write, self._handle, _engine.path(path))

    def __str__(self) -> str:
        return "\n".join([*self.warnings, self.conclusion])

    def __repr__(self) -> str:
        return f"<adamas.Report: {self.conclusion}>"

    def _repr_html_(self) -> str:
        """The page in a frame of its own, so that its style and the notebook's do not meet."""
        return f'<iframe srcdoc="{html.escape(self.html)}" style="width:100%;height:40em;border:0"></iframe>'
