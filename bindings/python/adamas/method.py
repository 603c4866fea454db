"""Methods: the whole recipe from raw shots to a decision, in one line of text."""
from adamas import _engine
from adamas._library import ffi, lib


class Method:
    """A method text, checked.

    Parameters
    ----------
    text : str, optional
        Such as ``"align(0.3) | snip(40) | snv | pca | twolevel"``; None: the engine's default method.

    Attributes
    ----------
    text : str
        As it was typed.
    canonical : str
        With every default written out.
    is_fitted : bool
        Does some step learn from training spectra, so that the method cannot be applied without?
    steps : list of str
        The canonical text of each step.

    Examples
    --------
    >>> import adamas
    >>> adamas.Method("snip | snv").canonical
    'snip(max_half_window=40) | snv'
    """

    def __init__(self, text: str | None = None) -> None:
        self._handle = _engine.make("method", lib.adamas_method_parse, _engine.optional(text))
        self.text: str = _engine.text(lib.adamas_method_text(self._handle)) or ""
        self.canonical: str = _engine.text(lib.adamas_method_canonical(self._handle)) or ""
        self.is_fitted = bool(lib.adamas_method_is_fitted(self._handle))
        self.steps = self.canonical.split(" | ")

    def __repr__(self) -> str:
        return f"Method({self.text!r})"


def steps() -> dict[str, str]:
    """The steps that a method may have, in the order in which they may stand.

    Returns
    -------
    dict of str to str
        What a step does, by its usage.

    Examples
    --------
    >>> import adamas
    >>> adamas.steps()["whittaker(lam=20)"]
    'smooths: second differences penalised by lam'
    """
    found: dict[str, str] = {}
    usage = ffi.new("char[256]")
    while (says := lib.adamas_method_step(len(found), usage)) != ffi.NULL:
        found[ffi.string(usage).decode()] = ffi.string(says).decode()
    return found
