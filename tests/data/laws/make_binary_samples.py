#!/usr/bin/env python3
"""Writes the samples in binary formats: made-up laws in the smallest files that
hold them. Run it in this folder after changing it; the results are committed.
"""
import struct
import zipfile

LAW = [
    "LEY DE PESAJE DE CARTAS",
    "(inventada para las pruebas)",
    "TÍTULO I",
    "DISPOSICIONES GENERALES",
    "Artículo 1. Objeto",
    "Esta ley regula el pesaje de las cartas que nadie ha pedido.",
    "Artículo 2. Definiciones",
    "Una carta es una hoja doblada que llega a una persona.",
    "TÍTULO II",
    "DISPOSICIONES FINALES",
    "Artículo 3 bis. Vigencia",
    "Esta ley entra en vigor con la primera nieve del año en que se publique.",
]


def docx(path):
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    paragraphs = []
    for i, line in enumerate(LAW):
        bold = "<w:rPr><w:b/></w:rPr>" if i in (0, 2, 3, 8, 9) else ""
        half = len(line) // 2
        paragraphs.append(
            f"<w:p><w:pPr><w:jc w:val=\"both\"/></w:pPr><w:r>{bold}"
            f"<w:t xml:space=\"preserve\">{line[:half]}</w:t></w:r><w:r>{bold}"
            f"<w:t xml:space=\"preserve\">{line[half:]}</w:t></w:r></w:p>")
    deleted = "<w:p><w:del><w:r><w:delText>Artículo 9. Borrado</w:delText></w:r></w:del></w:p>"
    document = (f"<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document {w}>"
                f"<w:body>{''.join(paragraphs)}{deleted}</w:body></w:document>")
    notes = (f"<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:footnotes {w}>"
             "<w:footnote><w:p><w:r><w:t>Nota al pie.</w:t></w:r></w:p>"
             "</w:footnote></w:footnotes>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in [("[Content_Types].xml", "<Types/>"),
                           ("word/document.xml", document),
                           ("word/footnotes.xml", notes)]:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(info, text)


def word97(path):
    text = "\r".join(LAW) + "\r\x13 HYPERLINK \"x\" \x14Fin\x15.\r"
    # Two pieces: the first of bytes, the second of UTF-16 with a dash that
    # windows-1252 writes otherwise.
    split = text.index("TÍTULO II")
    first = text[:split].encode("cp1252")
    second = text[split:].encode("utf-16le")
    head = bytearray(0x600)
    struct.pack_into("<HH", head, 0, 0xA5EC, 0xC1)
    struct.pack_into("<H", head, 10, 0x0200)
    struct.pack_into("<I", head, 0x4C, len(text))
    start = len(head)
    document = bytes(head) + first + b"\0" * (len(first) % 2) + second
    at = start + len(first) + len(first) % 2
    pieces = struct.pack("<III", 0, split, len(text))
    pieces += struct.pack("<HIH", 0, (start * 2) | 0x40000000, 0)
    pieces += struct.pack("<HIH", 0, at, 0)
    clx = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    document = bytearray(document)
    struct.pack_into("<II", document, 0x1A2, 0, len(clx))
    streams = [("WordDocument", bytes(document).ljust(4096, b"\0")),
               ("1Table", clx.ljust(4096, b"\0"))]

    sectors = []

    def add(data):
        first_sector = len(sectors)
        for i in range(0, len(data), 512):
            sectors.append(data[i:i + 512].ljust(512, b"\0"))
        return first_sector, len(sectors)

    chains = []
    places = []
    for _, data in streams:
        a, b = add(data)
        chains.append((a, b))
        places.append(a)

    def entry(name, kind, left, right, child, begin, size):
        raw = (name + "\0").encode("utf-16le")
        return (raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kind, 1) +
                struct.pack("<III", left, right, child) + b"\0" * 36 +
                struct.pack("<II", begin, size) + b"\0" * 4)

    none = 0xFFFFFFFF
    directory = entry("Root Entry", 5, none, none, 1, 0xFFFFFFFE, 0)
    directory += entry(streams[0][0], 2, none, 2, none, places[0],
                       len(streams[0][1]))
    directory += entry(streams[1][0], 2, none, none, none, places[1],
                       len(streams[1][1]))
    directory += b"\0" * 128
    chains.append(add(directory))
    directory_sector = chains[-1][0]
    table_sector = len(sectors)
    table = [0xFFFFFFFF] * 128
    for a, b in chains:
        for i in range(a, b):
            table[i] = i + 1 if i + 1 < b else 0xFFFFFFFE
    table[table_sector] = 0xFFFFFFFD
    sectors.append(struct.pack("<128I", *table))
    header = bytearray(512)
    header[0:8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<III", header, 44, 1, directory_sector, 0)
    struct.pack_into("<IIIII", header, 56, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    struct.pack_into("<109I", header, 76, table_sector, *([none] * 108))
    with open(path, "wb") as out:
        out.write(bytes(header) + b"".join(sectors))


def pdf(path, pages):
    """`pages`: lists of (x, y, size, text)."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>"]
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    objects.append(
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode())
    objects.append(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica"
                   b"/Encoding/WinAnsiEncoding>>")
    for i, lines in enumerate(pages):
        content = b"BT\n"
        for x, y, size, text in lines:
            escaped = (text.replace("\\", "\\\\").replace("(", "\\(")
                       .replace(")", "\\)").encode("cp1252"))
            content += f"/F1 {size} Tf 1 0 0 1 {x} {y} Tm (".encode()
            content += escaped + b") Tj\n"
        content += b"ET\n"
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources"
            f"<</Font<</F1 3 0 R>>>>/Contents {5 + 2 * i} 0 R>>".encode())
        objects.append(f"<</Length {len(content)}>>\nstream\n".encode() +
                       content + b"endstream")
    out = b"%PDF-1.4\n"
    offsets = []
    for i, body in enumerate(objects):
        offsets.append(len(out))
        out += f"{i + 1} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    for offset in offsets:
        out += f"{offset:010d} 00000 n \n".encode()
    out += (f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\n"
            f"startxref\n{start}\n%%EOF\n").encode()
    with open(path, "wb") as file:
        file.write(out)


def law_pages():
    """Two columns a page, a header, a page number and a footnote on each."""
    pages = []
    articles = [
        ["Artículo 1. Objeto", "Esta ley regula el pesaje de las car-",
         "tas que nadie ha pedido y que llegan", "a pesar de todo."],
        ["Artículo 2. Definiciones", "Una carta es una hoja doblada que",
         "llega a una persona que no la espera", "en su casa."],
        ["Artículo 3. Balanzas", "Las balanzas se calibran cada año por",
         "un funcionario que no escriba cartas", "ni las reciba."],
    ]
    for i in range(3):
        lines = [(200, 810, 8, "GACETA DE FREEDONIA"), (290, 20, 8, str(i + 7))]
        if i == 0:
            lines.append((150, 770, 18, "LEY DE PESAJE DE CARTAS"))
        y = 720
        for text in articles[i]:
            lines.append((60, y, 10, text))
            y -= 12
        y = 720
        right = [f"Artículo {i + 4}. Columna", "Lo que está en la columna de la",
                 "derecha se lee después de lo que", "está en la izquierda."]
        # Numbers go on page by page: 1 and 4 first would be out of order.
        if i == 2:
            for text in right:
                lines.append((320, y, 10, text.replace("6", "4")))
                y -= 12
        lines.append((60, 120, 7, f"{i + 1} Nota al pie de la página."))
        pages.append(lines)
    return pages


if __name__ == "__main__":
    docx("docx/weighing.docx")
    word97("word97/weighing.doc")
    pdf("pdf/weighing.pdf", law_pages())
    pdf("pdf/scan.pdf", [[], []])
