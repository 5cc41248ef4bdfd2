r"""LaTeX as text: accents, signs, formatting, mathematics; and addresses, which are no LaTeX."""

from __future__ import annotations

from evidence.exchange.latex import plain, plain_address
from evidence.exchange.writing import write_bibtex
from tests.collecting import for_each
from tests.evidence.evidence_factories import make_source

TEXTS = {
    r"M{\"u}ller": "Müller",
    r"Garc{\'i}a Garc\'{\i}a Garc\'\i{}a": "García García García",
    r"Fran\c{c}ois": "François",
    r"S\o{}ren {\O}stergaard {\L}ukasz": "Søren Østergaard Łukasz",
    r"{\v S}imek {\v{S}}imek \v{S}imek": "Šimek Šimek Šimek",
    r"\~n \H{o} \k{a} \r{a} \d{s}": "ñ ő ą å ṣ",
    r"stra{\ss}e \aa{} \ae \dj": "straße å æđ",
    r"a \& b, 50\% of \$5, \_ \# \{ \}": "a & b, 50% of $5, _ # { }",
    r"A {Trial} of {{TMS}}": "A Trial of TMS",
    r"\textit{in vivo} {\em and} \emph{so}": "in vivo and so",
    r"$\beta$-blockers at $<$ 20 $\mu$g, $p \leq 0.05$": "β-blockers at < 20 µg, p ≤ 0.05",
    r"H$_2$O and H\textsubscript{2}O, $x^{2}$": "H2O and H2O, x2",
    r"$5 and $10, or US$ 7": "$5 and $10, or US$ 7",
    r"one -- two --- ``three''": "one – two — “three”",
    r"5 % dose & more~of it": "5 % dose & more of it",
    r"{\textless} \textgreater{} \textasciitilde{} \textbackslash{}": "< > ~ \\",
    r"\unknown{x} stays": r"\unknownx stays",
    "\\": "\\",
    r"a line\\ and another": "a line and another",
}


@for_each(("written", "meant"), TEXTS.items())
def test_latex_is_text(written: str, meant: str) -> None:
    assert " ".join(plain(written).split()) == meant


ADDRESSES = {
    "https://x.example/a_b%20c~d&e#f": "https://x.example/a_b%20c~d&e#f",
    r"https://x.example/a\_b\%20c{\_}d\&e\#f": "https://x.example/a_b%20c_d&e#f",
    r"https://x.example/\textasciitilde{}me": "https://x.example/~me",
    r"{\url{https://x.example/a--b}}": "https://x.example/a--b",
    r"10.1002/17:15/16{\textless}1661::AID-SIM968{\textgreater}3.0.CO;2-2": (
        "10.1002/17:15/16<1661::AID-SIM968>3.0.CO;2-2"
    ),
}


@for_each(("written", "meant"), ADDRESSES.items())
def test_addresses_are_as_they_are(written: str, meant: str) -> None:
    assert plain_address(written) == meant


def test_address_is_written_so_that_it_works_and_a_title_so_that_latex_can() -> None:
    written = write_bibtex([make_source(title="A & {B", url="https://x.example/a_b%7Bc}")])

    assert r"title = {A \& \textbraceleft{}B}" in written
    assert "url = {https://x.example/a_b%7Bc%7D}" in written
