"""From the bytes of a file to its records, within limits."""

import codecs

import pytest

from tests.transfer.reading import real
from tracker.transfer import reading
from tracker.transfer.reading import TooMuch, Unreadable, read

TEXT = "Title,Status\nÄußere Mauer,done\n"


class TestEncodings:
    @pytest.mark.parametrize(
        ("content", "encoding"),
        [
            (TEXT.encode(), "UTF-8"),
            (TEXT.encode("utf-8-sig"), "UTF-8 with a byte order mark"),
            (TEXT.encode("utf-16"), "UTF-16"),
            (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "UTF-16"),
            (TEXT.encode("utf-16-le"), "UTF-16"),
            (TEXT.encode("utf-16-be"), "UTF-16"),
            (TEXT.encode("utf-32"), "UTF-32"),
            (TEXT.encode("cp1252"), "Windows-1252"),
        ],
    )
    def test_are_told_by_mark_or_by_content(self, content: bytes, encoding: str) -> None:
        sheet = read(content)

        assert sheet.encoding == encoding
        assert sheet.records == [["Title", "Status"], ["Äußere Mauer", "done"]]

    def test_what_can_not_be_read_is_counted(self) -> None:
        assert read(b"Title\nfoo \x81 \xe4\n").replaced == 1


class TestSeparators:
    @pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
    def test_are_told_by_the_records(self, sign: str) -> None:
        text = f"Title{sign}Effort{sign}Note\nOne{sign}2{sign}a\nTwo{sign}3{sign}b\n"
        assert read(text.encode()).separator == sign

    def test_a_line_may_declare_it(self) -> None:
        sheet = read(b"\xef\xbb\xbfsep=;\r\nTitle;Note\r\na,b;c\r\n")
        assert sheet.records == [["Title", "Note"], ["a,b", "c"]]

    def test_decimal_commas_are_none(self) -> None:
        assert read(b"Titel;Aufwand\nEins;2,5\nZwei;3,5\n").separator == ";"

    def test_quotes_hold_lines_and_signs_together(self) -> None:
        sheet = read(b'Title,Note\r\n"a, ""b""","one\r\ntwo"\r\n')
        assert sheet.records[1] == ['a, "b"', "one\r\ntwo"]

    def test_one_column_is_enough(self) -> None:
        assert read(b"Title\nOne\nTwo\n").records == [["Title"], ["One"], ["Two"]]


class TestRefusals:
    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"", "empty"),
            (codecs.BOM_UTF8, "empty"),
            (b"\r\n \r\n", "empty"),
            (b"<!DOCTYPE html><html><body>Log in</body></html>", "web page"),
            (b"\n <table><tr><td>1</td></tr></table>", "web page"),
            (b"PK\x03\x04rest", "workbook"),
            (b"\xd0\xcf\x11\xe0rest", "old Excel"),
            (b"%PDF-1.7", "PDF"),
        ],
    )
    def test_say_what_the_file_is_instead(self, content: bytes, says: str) -> None:
        with pytest.raises(Unreadable, match=says):
            read(content)

    @pytest.mark.parametrize(
        ("name", "says"),
        [
            (
                "nasty/07-formula-html-control-huge.csv",
                "Row 19, column Summary.*200,000 characters",
            ),
            ("nasty/10-html-login-page.csv", "web page"),
            ("nasty/11-empty.csv", "empty"),
            ("nasty/12-bom-only.csv", "empty"),
        ],
    )
    def test_real_broken_files_get_a_clear_message(self, name: str, says: str) -> None:
        with pytest.raises(Unreadable, match=says):
            read(real(name))


class TestLimits:
    def test_a_cell_too_long_is_named_by_row_and_column(self) -> None:
        content = f"Title,Note\nshort,{'x' * 100_001}\n".encode()
        with pytest.raises(TooMuch, match=r"Row 2, column Note: .* 100,001 characters"):
            read(content)

    def test_a_quotation_mark_closed_far_below_is_suspected(self) -> None:
        content = ('Title,Note\n"open,1\n' + "another,row\n" * 20_000 + '"\n').encode()
        with pytest.raises(TooMuch, match="quotation mark"):
            read(content)

    @pytest.mark.parametrize(
        "rest", ['"cut', '"cut\nB,new\nC,new\n', '"', 'x,"new', '"said ""no""']
    )
    def test_a_quotation_mark_never_closed_swallows_no_rows(self, rest: str) -> None:
        with pytest.raises(Unreadable, match="Row 3: a quotation mark"):
            read(f"Title,Status\nA,new\n{rest}".encode())

    @pytest.mark.parametrize("last", ["B,new", "B,new\n", 'B,"new"', 'B,"new"\r\n', 'B,ne"w', "\n"])
    def test_every_other_end_is_an_end(self, last: str) -> None:
        records = read(f"Title,Status\nA,new\n{last}".encode()).records
        assert [record for record in records if record][1] == ["A", "new"]
        assert not any("end of file" in cell for record in records for cell in record)

    def test_too_many_rows(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "MOST_ROWS", 3)
        assert len(read(b"Title\n1\n2\n3\n").records) == 4
        with pytest.raises(TooMuch, match="more than 3 rows"):
            read(b"Title\n1\n2\n3\n4\n")

    def test_too_many_columns(self) -> None:
        with pytest.raises(TooMuch, match="Row 1 has 501 columns"):
            read(b"x," * 500 + b"x\n")

    def test_more_cells_than_the_cap_are_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "MOST_CELLS", 5)
        with pytest.raises(TooMuch, match="more than 5 cells"):
            read(b"Title,Status\none,done\ntwo,done\n")

    def test_too_many_bytes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "MOST_BYTES", 10)
        with pytest.raises(TooMuch, match="larger than"):
            read(b"Title\n12345")
