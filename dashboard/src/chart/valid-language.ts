/**
 * uPlot makes a number format of `navigator.language` as it is loaded. A browser started under the
 * locale C names itself `en-US@posix`, which no format takes: then it is plain English.
 */
export function makeLanguageValid(): void {
  try {
    Intl.getCanonicalLocales(navigator.language);
  } catch {
    Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true });
  }
}
