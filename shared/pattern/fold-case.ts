/**
 * One spelling for all casings of a text, for equals-ignore-case. The two small sigmas are one letter,
 * so that the folded form of a part is always the part of the folded form.
 */
export function foldCase(text: string): string {
  return text.toLowerCase().replaceAll('ς', 'σ');
}
