"""Tables: pandas DataFrames if pandas is installed, else structured arrays."""
from typing import TYPE_CHECKING, Any, Union

import numpy as np

if TYPE_CHECKING:
    import pandas

Table = Union["pandas.DataFrame", np.ndarray]


def table(columns: dict[str, np.ndarray]) -> Table:
    """Make a table of columns.

    Parameters
    ----------
    columns : dict of str to ndarray
        Columns of one length.

    Returns
    -------
    pandas.DataFrame or ndarray
        A structured array if pandas is not installed. Both give a column by its name.

    Examples
    --------
    >>> import numpy
    >>> from adamas.tables import table
    >>> table({"origin": numpy.array(["CAR", "DRC"], object), "specimens": numpy.array([40., 60.])})["specimens"].sum()
    100.0
    """
    try:
        import pandas
    except ImportError:
        return structured(columns)
    return pandas.DataFrame(columns)


def structured(columns: dict[str, np.ndarray]) -> np.ndarray:
    """Make a structured array of columns.

    Parameters
    ----------
    columns : dict of str to ndarray
        Columns of one length.

    Returns
    -------
    ndarray
        One field per column: numbers with their dtype, strings with the width that they need.

    Examples
    --------
    >>> import numpy
    >>> from adamas.tables import structured
    >>> structured({"origin": numpy.array(["CAR", "DRC"], object)})
    array([('CAR',), ('DRC',)], dtype=[('origin', '<U3')])
    """
    plain = {name: np.asarray(values.tolist(), str) if values.dtype == object else values for name, values in columns.items()}
    rows = len(next(iter(plain.values()))) if plain else 0
    out = np.empty(rows, [(name, _field_dtype(values)) for name, values in plain.items()])
    for name, values in plain.items():
        out[name] = values
    return out


def _field_dtype(values: np.ndarray) -> Any:
    return values.dtype if values.dtype.itemsize else "U1"


def columns_of(source: Any) -> dict[str, np.ndarray]:
    """The columns of a DataFrame, a structured array or a mapping.

    Parameters
    ----------
    source : DataFrame, structured array or mapping
        A table.

    Returns
    -------
    dict of str to ndarray
        The columns by name.

    Examples
    --------
    >>> from adamas.tables import columns_of
    >>> columns_of({"mass_ct": [1, 2]})
    {'mass_ct': array([1, 2])}
    """
    names = source.dtype.names if isinstance(source, np.ndarray) else list(source)
    return {str(name): np.asarray(source[name]) for name in names or ()}
