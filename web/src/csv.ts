// Cells of a CSV file where they stand, so that one can be changed and all the
// rest stays as it is (RFC 4180; lines may end with LF alone).

export type Cell = { begin: number; end: number; value: string };
export type Row = {
  /** The line on which it begins, from 1. */
  line: number;
  cells: Cell[];
};

/** The character that the first line has most of. */
export function delimiterOf(text: string): string {
  const head = text.slice(0, (text.search(/\r?\n/) + 1 || text.length + 1) - 1);
  const count = (one: string) => head.split(one).length;
  return [",", ";", "\t", "|"].reduce((best, one) => (count(one) > count(best) ? one : best), ",");
}

export function rowsOf(text: string, delimiter = delimiterOf(text)): Row[] {
  const rows: Row[] = [];
  let line = 1;
  let row: Row = { line, cells: [] };
  // A byte order mark is no part of the first cell.
  let at = text.startsWith("\ufeff") ? 1 : 0;
  while (at < text.length) {
    const begin = at;
    let value = "";
    if (text[at] === '"') {
      at += 1;
      for (; at < text.length; at += 1) {
        if (text[at] === '"') {
          if (text[at + 1] !== '"') break;
          at += 1;
        }
        if (text[at] === "\n") line += 1;
        value += text[at];
      }
      at += 1;
    }
    while (at < text.length && text[at] !== delimiter && text[at] !== "\n" && text[at] !== "\r") {
      value += text[at];
      at += 1;
    }
    row.cells.push({ begin, end: at, value });
    if (text[at] === delimiter) {
      at += 1;
      if (at === text.length) row.cells.push({ begin: at, end: at, value: "" });
      continue;
    }
    if (text[at] === "\r") at += 1;
    if (text[at] === "\n") at += 1;
    line += 1;
    rows.push(row);
    row = { line, cells: [] };
  }
  if (row.cells.length > 0) rows.push(row);
  return rows;
}

function quoted(value: string, delimiter: string): string {
  const needs = value.includes(delimiter) || /["\r\n]/.test(value);
  return needs ? `"${value.replaceAll('"', '""')}"` : value;
}

export type Correction = {
  line: number;
  /** From 1. */
  column: number;
  value: string;
};

/** The text with these cells changed. */
export function corrected(text: string, corrections: readonly Correction[]): string {
  const delimiter = delimiterOf(text);
  const byLine = new Map(rowsOf(text, delimiter).map((row) => [row.line, row]));
  const changes = corrections
    .flatMap(({ line, column, value }) => {
      const cell = byLine.get(line)?.cells[column - 1];
      return cell ? [{ ...cell, text: quoted(value, delimiter) }] : [];
    })
    .sort((a, b) => b.begin - a.begin);
  return changes.reduce(
    (now, { begin, end, text: value }) => now.slice(0, begin) + value + now.slice(end),
    text,
  );
}
