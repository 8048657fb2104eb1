/**
 * Control, format and bidirectional characters that change how the text around them looks: C0/C1,
 * zero-width and direction marks, embeddings and isolates, line separators, BOM, tag characters.
 */
const INVISIBLE =
  // oxlint-disable-next-line no-control-regex -- finding them is the purpose
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]+/gu;

/** At most `max` UTF-16 units, cut between characters and marked with `…`. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, Math.max(0, max - 1));
  const last = cut.charCodeAt(cut.length - 1);
  const whole = last >= 0xd800 && last <= 0xdbff ? cut.slice(0, -1) : cut;
  return `${whole}…`;
}

/**
 * A producer's text as one harmless line of at most `max` UTF-16 units: well-formed, without
 * anything invisible, white space run together.
 */
export function oneLine(text: string, max: number): string {
  // Cut first, so that a megabyte costs no more than a line; the surplus is for what is removed.
  const rough = text.slice(0, max * 4 + 64).toWellFormed();
  const line = rough.replace(INVISIBLE, ' ').replace(/\s+/gu, ' ').trim();
  return clip(rough.length < text.length ? `${line}…` : line, max);
}

/** The text in printable ASCII: accents dropped, anything else as `?`. */
export function ascii(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/gu, '')
    .replace(/…/gu, '...')
    .replace(/[^\x20-\x7e]/gu, '?');
}

/** The address when it is an absolute http(s) one of a sane length; receivers refuse a message over any other. */
export function webLink(address: string | undefined): string | undefined {
  if (address === undefined || address.length > 2_000 || !URL.canParse(address)) return undefined;
  const { protocol, href } = new URL(address);
  return protocol === 'https:' || protocol === 'http:' ? href : undefined;
}

/** Pairs of names and values as harmless lines, at most `count` of them. */
export function pairs(
  record: Readonly<Record<string, string>> | undefined,
  count: number,
  max: number,
): [string, string][] {
  return Object.entries(record ?? {})
    .slice(0, count)
    .map(([name, value]) => [oneLine(name, 64), oneLine(value, max)]);
}
