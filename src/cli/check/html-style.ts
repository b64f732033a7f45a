/** Colours have a contrast of 4.5 to 1 at least (WCAG 2.2, 1.4.3), in the light and in the dark. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --dim: #57606a; --paper: #ffffff; --card: #f6f8fa; --line: #d0d7de;
  --error: #b3261e; --warning: #7a5200; --info: #0b5394; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --dim: #9ea7b3; --paper: #0d1117; --card: #161b22;
  --line: #30363d; --error: #ff8f87; --warning: #f0c044; --info: #79c0ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem; font: 16px/1.5 system-ui, sans-serif; color: var(--ink);
  background: var(--paper); }
h1 { font-size: 1.9rem; margin: 0 0 .25rem; }
h2 { font-size: 1.25rem; margin: 2rem 0 .75rem; }
h3 { font-size: 1.05rem; margin: 0; }
code { font: .9em/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
a { color: inherit; }
.counts { display: flex; flex-wrap: wrap; gap: .75rem; list-style: none; padding: 0; margin: 1rem 0 0; }
.counts li { border: 1px solid var(--line); border-radius: .5rem; padding: .25rem .75rem; font-weight: 600; }
.error { --tone: var(--error); } .warning { --tone: var(--warning); } .info { --tone: var(--info); }
.counts li, .severity, .sign { color: var(--tone); }
article { background: var(--card); border: 1px solid var(--line); border-left: .35rem solid var(--tone);
  border-radius: .5rem; padding: .9rem 1.1rem; margin: 0 0 1rem; }
.severity { text-transform: uppercase; font-size: .8em; letter-spacing: .04em; }
.id { margin: .1rem 0 .6rem; color: var(--dim); }
.places { margin: 0 0 .5rem; padding-left: 1.2rem; }
.places > li { margin: .2rem 0; }
summary { cursor: pointer; color: var(--dim); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: .75rem 0 0; }
dt { color: var(--dim); } dd { margin: 0; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); }
footer { color: var(--dim); margin-top: 2rem; font-size: .9rem; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } }
@media print { body { max-width: none; } article { break-inside: avoid; } }
`;
