import io
import json
import re
import zipfile
from html import unescape
from urllib.parse import unquote

import pandas as pd
import pytest

from guarantees import catalog, show
from guarantees.show import download
from guarantees.show.figures import FIGURES


def carried(html):
    """Tables that the download links of some HTML carry."""
    links = re.findall(r'href="data:text/csv;charset=utf-8,([^"]+)"', html)
    return [pd.read_csv(io.StringIO(unquote(unescape(link))), dtype=str, keep_default_na=False) for link in links]


@pytest.mark.parametrize("name", FIGURES)
def test_the_download_of_a_figure_holds_rows_of_the_data(name):
    (table,) = carried(show.figure(name).body)
    names = "codings" if "feature" in table else "figures"
    whole = pd.read_csv(catalog.folder() / f"{names}.csv", dtype=str, keep_default_na=False)
    assert len(table)
    assert table.columns.tolist() == whole.columns.tolist()
    assert set(table.itertuples(index=False, name=None)) <= set(whole.itertuples(index=False, name=None))


def test_every_number_is_printed_and_downloaded():
    html = show.all_numbers().body
    figures = catalog.load("figures")
    assert len(re.findall(r"<tr role=\"row\" data-source", html)) == len(figures)
    assert sum(len(table) for table in carried(html)) == len(figures)
    assert set(download.GROUPS) == set(figures["table"])


def test_the_archive_holds_the_published_files_and_is_the_same_each_time():
    packed = download.archive()
    assert packed == download.archive()
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert set(archive.namelist()) == {path.name for path in download.files()}
        for path in download.files():
            assert archive.read(path.name) == path.read_bytes()


def test_the_archive_leaves_no_table_dangling():
    package = json.loads((catalog.folder() / "datapackage.json").read_text(encoding="utf-8"))
    assert {resource["path"] for resource in package["resources"]} <= {path.name for path in download.files()}


def test_downloads_give_the_number_of_rows_of_each_table():
    html = show.downloads().body
    for name in catalog.names():
        assert re.search(rf"{name}\.csv</a></th><td [^>]*>{len(catalog.load(name))}</td>", html)


def test_every_column_is_described():
    html = show.columns().body
    for name in catalog.names():
        listed = html.split(f"Columns of {name}.csv</caption>")[1].split("</table>")[0]
        assert re.findall(r"<code>([^<]+)</code>", listed) == catalog.load(name).columns.tolist()


def test_a_section_of_the_description_is_printed_without_its_heading():
    text = show.readme("What not to conclude").data
    assert text.startswith("- Do not add features up.")
    assert "## " not in text


def test_an_unknown_section_names_near_matches():
    with pytest.raises(download.UnknownSection, match="Left out"):
        show.readme("Left outs")
