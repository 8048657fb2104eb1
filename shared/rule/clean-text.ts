/** Controls, and the marks that change the direction of what follows (Unicode TR 36 §2.2, "bidi"). */
const HARMFUL =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
// eslint-disable-next-line no-control-regex
const BREAKS = /[\t\n\u000b\f\r\u0085\u2028\u2029]+/g;

/** One line that is safe to show: no controls, no direction marks, no half surrogates, at most `max` UTF-16 units, cut with `…`. */
export function cleanText(text: string, max: number): string {
  // What is cut off anyway need not be cleaned; harmful characters only shorten the text.
  const near = text.length > max * 8 ? text.slice(0, max * 8) : text;
  const clean = near.replace(BREAKS, ' ').replace(HARMFUL, '').toWellFormed();
  return clean.length > max || near.length < text.length ? cutText(clean, max) : clean;
}

/** Cuts to `max` UTF-16 units, the last of them `…`, never inside a surrogate pair. */
function cutText(text: string, max: number): string {
  let end = Math.min(max - 1, text.length);
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end--;
  return `${text.slice(0, end)}…`;
}
