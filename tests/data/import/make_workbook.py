"""Writes xlsx/designations.xlsx, the sample of a workbook, in the same bytes
each time: python3 make_workbook.py. The offices in it are made up."""

import pathlib
import zipfile

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'

ROWS = [
    ["id", "Country", "Treaty", "Function", "Article", "Central authority",
     "Address", "Telephone", "Languages", "Date of notification"],
    ["x1", "Latvia", "untoc", "mla", "18(13)", "Example Ministry",
     "Example Street 1\nRiga", "+371 0000 0001; +371 0000 0002",
     "English, Latvian", 40808],
    ["x2", "NA", "untoc-firearms", "firearms", 13, "Bureau d'exemple é",
     "", "", "", 38000],
]


def cell(row, column, value, strings):
    name = f"{chr(ord('A') + column)}{row + 1}"
    if value == "":
        return ""
    if isinstance(value, int):
        style = ' s="1"' if value > 1000 else ""
        return f'<c r="{name}"{style}><v>{value}</v></c>'
    if value not in strings:
        strings.append(value)
    return f'<c r="{name}" t="s"><v>{strings.index(value)}</v></c>'


def main():
    strings = []
    rows = ""
    for i, row in enumerate(ROWS):
        cells = "".join(cell(i, j, v, strings) for j, v in enumerate(row))
        rows += f'<row r="{i + 1}">{cells}</row>'
    texts = "".join(
        f'<si><t xml:space="preserve">{text}</t></si>' for text in strings)
    files = {
        "_rels/.rels":
            f'<Relationships {PACKAGE}><Relationship Id="r" Type="{TYPES}'
            '/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml":
            f'<workbook {MAIN} xmlns:r="{TYPES}"><sheets><sheet name="Offices" '
            'sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels":
            f'<Relationships {PACKAGE}><Relationship Id="r1" Type="{TYPES}'
            '/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" '
            f'Type="{TYPES}/styles" Target="styles.xml"/><Relationship '
            f'Id="r3" Type="{TYPES}/sharedStrings" Target="sharedStrings.xml"/>'
            "</Relationships>",
        "xl/styles.xml":
            f'<styleSheet {MAIN}><cellXfs count="2"><xf numFmtId="0"/>'
            '<xf numFmtId="14"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f"<sst {MAIN}>{texts}</sst>",
        "xl/worksheets/sheet1.xml":
            f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>",
    }
    path = pathlib.Path(__file__).parent / "xlsx" / "designations.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in files.items():
            info = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            book.writestr(info, text.encode())


if __name__ == "__main__":
    main()
