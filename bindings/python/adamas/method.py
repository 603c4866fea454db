"""Methods: the steps from raw shots to a decision, in one line of text."""
from adamas import _engine
from adamas._library import ffi, lib


class Method:
    """A valid method.

    Parameters
    ----------
    text : str, optional
        The steps, such as ``"align(0.3) | snip(40) | snv | pca | twolevel"``. None: the default method.

    Attributes
    ----------
    text : str
        The text as given.
    canonical : str
        The text with the defaults of all parameters.
    is_fitted : bool
        True if a step is fitted to training spectra, so that the method can be applied only by a model.
    steps : list of str
        The canonical text of each step.

    Examples
    --------
    >>> import adamas
    >>> adamas.Method("snip | snv").canonical
    'snip(max_half_window=40) | snv'
    """

    def __init__(self, text: str | None = None) -> None:
        self._handle = _engine.create("method", lib.adamas_method_parse, _engine.optional_string(text))
        self.text: str = _engine.string(lib.adamas_method_text(self._handle)) or ""
        self.canonical: str = _engine.string(lib.adamas_method_canonical(self._handle)) or ""
        self.is_fitted = bool(lib.adamas_method_is_fitted(self._handle))
        self.steps = self.canonical.split(" | ")

    def __repr__(self) -> str:
        return f"Method({self.text!r})"


def steps() -> dict[str, str]:
    """The steps that a method can have, in their order in a method.

    Returns
    -------
    dict of str to str
        The usage of each step and what it does.

    Examples
    --------
    >>> import adamas
    >>> adamas.steps()["whittaker(lam=20)"]
    'smooths: second differences penalised by lam'
    """
    found: dict[str, str] = {}
    usage = ffi.new("char[256]")
    while (description := lib.adamas_method_step(len(found), usage)) != ffi.NULL:
        found[ffi.string(usage).decode()] = ffi.string(description).decode()
    return found
