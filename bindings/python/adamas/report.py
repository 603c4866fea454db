"""Reports of classifications, validations and plans."""
from __future__ import annotations  # so that help() shows the type hints as written

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
           "coverage": lib.ADAMAS_COVERAGE, "plan": lib.ADAMAS_PLAN, "cases": lib.ADAMAS_CASES}
_numbers = ("accuracy", "accuracy_low", "accuracy_high", "balanced_accuracy", "log_loss", "cllr", "cllr_min", "cllr_cal", "eer", "devpav")


def report_names() -> Table:
    """List the names that a report can have: those of its facts, its numbers and the columns of its tables.

    Returns
    -------
    table
        Columns: ``table`` ("fact", "number", or the name of a table), ``name`` (what/ORIGIN stands for one column per origin),
        ``reports`` (the kinds of report that can have it: c classification, v validation, p plan), ``unit``, ``json`` (its
        path in the JSON; "" if it is not in the JSON), ``meaning``.

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
        texts = (_engine.string(text) or "" for text in (name.unit, name.json, name.meaning))
        rows.append((tables[name.table], _engine.string(name.name) or "", reports, *texts))
    columns = zip(("table", "name", "reports", "unit", "json", "meaning"), zip(*rows))
    return table({heading: np.array(values, object) for heading, values in columns})


class Report:
    """The report of a classification, a validation or a plan, made by `Model.classify`, `validate` and `Model.plan`.

    Jupyter displays a report as its HTML page.

    Attributes
    ----------
    specimens, sources, origins, folds, shares, detection_limits, library, spectrum, tippett, reliability, cross_entropy, coverage, plan, cases : table
        The tables of the report: pandas DataFrames if pandas is installed, else structured arrays. `report_names` lists
        the columns. A table that this kind of report does not have is empty.
    accuracy, accuracy_low, accuracy_high, balanced_accuracy, log_loss, cllr, cllr_min, cllr_cal, eer, devpav : float
        Results of a validation; NaN in other reports.
    conclusion : str
        The conclusion, in one sentence.
    warnings : list of str
        The warnings of the report, the most serious first.
    json : dict
        The report as in its JSON file.
    html : str
        The report as an HTML page without scripts and links.

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
        """A number of the report by its name.

        Parameters
        ----------
        name : str
            Name of the number, such as ``"declared/foreign"``. `report_names` lists the names.

        Returns
        -------
        float
            NaN if the report does not have the number.

        Examples
        --------
        >>> import adamas
        >>> report = adamas.validate("snv | pca(3) | twolevel", adamas.make_library(), leave="specimen")
        >>> report.number("judged")
        45.0
        """
        return lib.adamas_report_number(self._handle, name.encode())

    def fact(self, name: str) -> str | None:
        """A fact of the report by its name.

        Parameters
        ----------
        name : str
            Name of the fact, such as ``"method_canonical"``, ``"declared"``, ``"no_evidence"``. `report_names` lists the names.

        Returns
        -------
        str or None
            None if the report does not have the fact.

        Examples
        --------
        >>> import adamas
        >>> adamas.validate("snv | pca(3) | twolevel", adamas.make_library(), leave="specimen").fact("leave")
        'specimen'
        """
        return _engine.string(lib.adamas_report_fact(self._handle, name.encode()))

    def columns(self, name: str) -> dict[str, Any]:
        """The columns of a table as arrays, also if pandas is installed.

        Parameters
        ----------
        name : str
            Name of the table: ``"specimens"``, ``"origins"``, ..., as in the attributes.

        Returns
        -------
        dict of str to ndarray
            The columns by name.

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
        raise AttributeError(f"a report has no attribute {name!r}; other results are given by number({name!r}) and fact({name!r})")

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
    cases: Table
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
        while (line := _engine.string(lib.adamas_report_warning(self._handle, len(found)))) is not None:
            found.append(line)
        return found

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(ffi.string(lib.adamas_report_json(self._handle)))

    @property
    def html(self) -> str:
        return _engine.string(lib.adamas_report_html(self._handle)) or ""

    def write(self, path: Path) -> None:
        """Write the report as JSON, or as an HTML page if the path ends in .html. If writing fails, no file is left.

        Parameters
        ----------
        path : path-like
            The file to write.

        Examples
        --------
        >>> import adamas, pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp(), "report.json")
        >>> adamas.validate("snv | pca(3) | twolevel", adamas.make_library(), leave="specimen").write(path)
        >>> path.read_bytes()[:1]
        b'{'
        """
        _engine.call(lib.adamas_report_write, self._handle, _engine.path_bytes(path))

    def __str__(self) -> str:
        return "\n".join([*self.warnings, self.conclusion])

    def __repr__(self) -> str:
        return f"<adamas.Report: {self.conclusion}>"

    def _repr_html_(self) -> str:
        """The page in a frame, so that its style sheet does not affect the notebook."""
        return f'<iframe srcdoc="{html.escape(self.html)}" style="width:100%;height:40em;border:0"></iframe>'
