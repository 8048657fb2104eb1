/** The one stylesheet of the outbox page; contrast is at least 4.5:1 in both schemes. */
export const STYLESHEET = `:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --paper: #f6f7f9; --card: #ffffff; --line: #d5dae1; --link: #0a58ca; --good: #17663a; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --soft: #a3acb7; --paper: #14171b; --card: #1d2126; --line: #363c44; --link: #8ab4f8; --good: #6dd58c; --bad: #f2938c; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 4rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.5rem; }
header p, .facts, .empty { color: var(--soft); margin: 0.25rem 0; }
a { color: var(--link); }
nav { display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 1rem 0; }
nav a { padding: 0.25rem 0.75rem; border: 1px solid var(--line); border-radius: 1rem; text-decoration: none; }
nav a[aria-current] { background: var(--link); border-color: var(--link); color: var(--paper); }
article { background: var(--card); border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.75rem 1rem; margin: 0 0 0.75rem; }
h2 { margin: 0; font-size: 1rem; overflow-wrap: anywhere; }
.channel { color: var(--soft); font-weight: 400; }
.good { color: var(--good); font-weight: 600; }
.bad { color: var(--bad); font-weight: 600; }
code, pre { font-family: ui-monospace, monospace; font-size: 0.875rem; }
code { overflow-wrap: anywhere; }
summary { cursor: pointer; color: var(--soft); overflow-wrap: anywhere; }
pre { overflow: auto; max-height: 30rem; margin: 0.5rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
`;
