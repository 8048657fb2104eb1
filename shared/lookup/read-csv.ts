/**
 * The rows of a CSV text: commas between cells, cells with commas, quotes or line ends in double quotes,
 * a quote in them doubled; lines end in LF or CRLF, blank ones are left out. Throws SyntaxError naming
 * the row. Source: RFC 4180.
 */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const cell = text[at] === '"' ? quotedCell(text, at, rows.length + 1) : plainCell(text, at);
    row.push(cell.value);
    at = cell.end;
    if (text[at] === ',') {
      at++;
      if (at < text.length) continue;
      row.push('');
    }
    if (text[at] === '\r' && text[at + 1] === '\n') at++;
    at++;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  return rows;
}

interface Cell {
  value: string;
  /** Where the comma or the line end after it stands. */
  end: number;
}

function plainCell(text: string, start: number): Cell {
  let end = start;
  while (end < text.length && text[end] !== ',' && text[end] !== '\n' && !isCrLf(text, end)) end++;
  return { value: text.slice(start, end), end };
}

function quotedCell(text: string, start: number, row: number): Cell {
  let value = '';
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) throw new SyntaxError(`row ${row}: a quoted cell has no end`);
    value += text.slice(at, quote);
    at = quote + 1;
    if (text[at] !== '"') break;
    value += '"';
    at++;
  }
  if (at < text.length && text[at] !== ',' && text[at] !== '\n' && !isCrLf(text, at))
    throw new SyntaxError(`row ${row}: text after the closing quote of a cell`);
  return { value, end: at };
}

function isCrLf(text: string, at: number): boolean {
  return text[at] === '\r' && text[at + 1] === '\n';
}
