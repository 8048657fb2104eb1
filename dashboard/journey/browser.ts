export { launchBrowser } from '#infra/browser.ts';
