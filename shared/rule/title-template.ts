/** A piece of a title: text as it stands, or the field to put there. */
export type TitlePart = { kind: 'text'; text: string } | { kind: 'field'; path: string };

/** Splits `Login failures of {payload.user}`; an unclosed or empty brace is a `fault` at its position. */
export function splitTitle(template: string): { parts: TitlePart[]; fault?: string } {
  const parts: TitlePart[] = [];
  let fault: string | undefined;
  let at = 0;
  while (at < template.length) {
    let open = template.indexOf('{', at);
    const close = open < 0 ? -1 : template.indexOf('}', open);
    const inner = close < 0 ? -1 : template.lastIndexOf('{', close);
    if (inner > open) {
      fault ??= `unclosed { at position ${open}`;
      open = inner;
    }
    if (open < 0 || close < 0) {
      if (open >= 0) fault ??= `unclosed { at position ${open}`;
      parts.push({ kind: 'text', text: template.slice(at) });
      break;
    }
    if (open > at) parts.push({ kind: 'text', text: template.slice(at, open) });
    const path = template.slice(open + 1, close).trim();
    if (path === '') {
      fault ??= `empty {} at position ${open}`;
      parts.push({ kind: 'text', text: template.slice(open, close + 1) });
    } else parts.push({ kind: 'field', path });
    at = close + 1;
  }
  return { parts, ...(fault !== undefined && { fault }) };
}
