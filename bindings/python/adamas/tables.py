"""A table as Python people have it: a pandas DataFrame where pandas is installed, a structured array where it is not."""
from typing import TYPE_CHECKING, Any, Union

import numpy as np

if TYPE_CHECKING:
    import pandas

Table = Union["pandas.DataFrame", np.ndarray]


def table(columns: dict[str, np.ndarray]) -> Table:
    """The columns side by side; both kinds give a column by its name.

    Parameters
    ----------
    columns : dict of str to ndarray
        Columns of one length.

    Returns
    -------
    pandas.DataFrame or ndarray
        A structured array where pandas is not installed.

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
    """The columns as one structured array: float64, and text of the width that is needed.

    Parameters
    ----------
    columns : dict of str to ndarray
        Columns of one length.

    Returns
    -------
    ndarray
        With a field a column.

    Examples
    --------
    >>> import numpy
    >>> from adamas.tables import structured
    >>> structured({"origin": numpy.array(["CAR", "DRC"], object)})
    array([('CAR',), ('DRC',)], dtype=[('origin', '<U3')])
    """
    plain = {name: np.asarray(values.tolist(), str) if values.dtype == object else values for name, values in columns.items()}
    rows = len(next(iter(plain.values()))) if plain else 0
    out = np.empty(rows, [(name, _kind(values)) for name, values in plain.items()])
    for name, values in plain.items():
        out[name] = values
    return out


def _kind(values: np.ndarray) -> Any:
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
        A column a name.

    Examples
    --------
    >>> from adamas.tables import columns_of
    >>> columns_of({"mass_ct": [1, 2]})
    {'mass_ct': array([1, 2])}
    """
    names = source.dtype.names if isinstance(source, np.ndarray) else list(source)
    return {str(name): np.asarray(source[name]) for name in names or ()}
