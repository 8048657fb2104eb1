import { PEOPLE } from '#infra/local/oidc/person.ts';
import { escapeXml } from '#infra/local/wire/xml.ts';

/** No inline anything; the pages after a form post may be on either name of this machine. */
export function pagePolicy(formOrigins: readonly string[]): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    `form-action 'self' ${formOrigins.join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function page(title: string, body: string, script = ''): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(title)} · Hearthlink Sentry</title>
<link rel="stylesheet" href="/oidc/page.css">${script}
</head>
<body><main>
<p class="brand">Hearthlink <strong>Sentry</strong></p>
<h1>${escapeXml(title)}</h1>
${body}
</main></body>
</html>
`;
}

/** One button for each person; a button posts the username. */
export function signInPage(uid: string): string {
  const buttons = PEOPLE.map(
    (person) =>
      `<button name="user" value="${person.username}"><b>${escapeXml(person.name)}</b><span>${escapeXml(person.about)}</span></button>`,
  ).join('\n');
  return page(
    'Sign in',
    `<p>Choose who you are.</p>
<form method="post" action="/oidc/interaction/${encodeURIComponent(uid)}">
${buttons}
</form>
<p class="note">This page exists on this machine only: no passwords, no accounts. In AWS your team signs in with Amazon Cognito.</p>`,
  );
}

/** The library's form with its token, sent at once by a script of our own or by the button. */
export function signOutPage(form: string): string {
  return page(
    'Sign out',
    `${form}
<button form="op.logoutForm" name="logout" value="yes">Sign out</button>`,
    '\n<script src="/oidc/sign-out.js" defer></script>',
  );
}

export function signedOutPage(): string {
  return page('Signed out', '<p>You are signed out. <a href="/">Back to the dashboard</a></p>');
}

export function errorPage(error: string, description: string): string {
  return page(
    'That did not work',
    `<p>${escapeXml(description)}</p><p class="note">${escapeXml(error)}</p><p><a href="/">Back to the dashboard</a></p>`,
  );
}

export const SIGN_OUT_SCRIPT = `document.querySelector('button[name=logout]').click();
`;

export const STYLESHEET = `:root { color-scheme: dark; --gold: #e3b23c; --line: #2b3440; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #0b0e13;
  color: #e6e9ee; font: 16px/1.5 system-ui, sans-serif; }
main { width: min(26rem, 100vw - 2rem); padding: 2rem 0; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
a { color: var(--gold); }
.brand { color: #98a2b3; letter-spacing: .04em; margin: 0 0 1.5rem; }
.brand strong { color: var(--gold); }
.note { color: #98a2b3; font-size: .875rem; }
form { display: grid; gap: .5rem; margin: 1rem 0; }
button { display: grid; gap: .1rem; text-align: left; padding: .65rem .9rem; font: inherit;
  color: inherit; background: #141a22; border: 1px solid var(--line); border-radius: .5rem;
  cursor: pointer; }
button:hover { border-color: var(--gold); }
button:focus-visible, a:focus-visible { outline: 2px solid var(--gold); outline-offset: 2px; }
button span { color: #98a2b3; font-size: .875rem; }
`;
