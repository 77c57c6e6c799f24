from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbalign.notebooks.html_text import html_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain", "plain"),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<b>a</b> <i>b</i>\n  c", "a b c"),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td> 2\n </td></tr></table>", "a | b\n1 | 2"),
        ("<table><tr><td>a<td>b<tr><td>c</table>after", "a | b\nc\nafter"),
        ("<table><tr><td><div>x</div><p>y</p></td><td></td><td>z</td></tr></table>", "x y |  | z"),
        ("<style>p { color: red }</style><script>if (a < b) {}</script>seen", "seen"),
        ("<!-- hidden <p>x</p> -->seen", "seen"),
        ("<!DOCTYPE html><?xml x?>seen", "seen"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("&lt;b&gt; &amp; caf&eacute;", "<b> & café"),
        ("<a title=\"x > y\" href='z'>link</a>", "link"),
        ('<img src="data:image/png;base64,AAAA">', "[image]"),
        ("a < b and c > d", "a < b and c > d"),
        ("x <3 </ 4", "x <3 </ 4"),
        ("<p>text<a href=", "text<a href="),
        ("<!-- never closed, shown", "<!-- never closed, shown"),
        ("", ""),
    ],
)
def test_html_reads_as_text(html: str, text: str) -> None:
    assert html_text(html) == text


@settings(max_examples=100)
@given(
    st.lists(st.sampled_from(["<", ">", "/", "!", "--", "a", "td", "tr", "script", "=", '"', "'", " ", "&lt;", "\n"]))
)
def test_any_html_is_read(parts: list[str]) -> None:
    assert "\n\n\n" not in html_text("".join(parts))


@pytest.mark.parametrize(
    "piece", ["<", "<!", "<!--", "<?", "</", "<a ", '<a b="', "<a b='\"", "<p>", "<td>", "<script>", "&", "<a =", "</a"]
)
def test_half_a_megabyte_of_one_broken_piece_takes_linear_time(piece: str) -> None:
    # Quadratic work here would run into the suite's time limit.
    html_text(piece * (500_000 // len(piece)))
