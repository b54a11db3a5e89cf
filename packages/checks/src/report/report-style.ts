import { DARK_FIGURES, FIGURE_RULES, LIGHT_FIGURES } from "../figure/figure-style.ts";

const LIGHT = `--paper:#f5f7f9;--card:#fff;--ink:#1d2733;--soft:#5b6774;--line:#dfe5ea;--ok:#17734a;--warning:#8a5a00;--alarm:#b3261e;--invalid:#6d3fa0;${LIGHT_FIGURES}`;
const DARK = `--paper:#0f141a;--card:#161c24;--ink:#e6ebf0;--soft:#9aa7b4;--line:#2a333d;--ok:#4cc38a;--warning:#f0b429;--alarm:#ff7b72;--invalid:#c297ff;${DARK_FIGURES}`;

/** The style of a report: light and dark as the reader's system is, light on paper. */
export const REPORT_STYLE = `:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
main,header>div,footer{max-width:1080px;margin:0 auto;padding:0 24px}
header{background:var(--card);border-bottom:1px solid var(--line);border-top:6px solid var(--status)}
header>div{padding-top:26px;padding-bottom:22px}
header p{margin:0;color:var(--soft)}
.ok{--status:var(--ok)}.warning{--status:var(--warning)}.alarm{--status:var(--alarm)}.invalid{--status:var(--invalid)}
h1{font-size:30px;line-height:1.2;margin:6px 0 8px;letter-spacing:-.01em}
h1 .sign{display:inline-grid;place-items:center;width:36px;height:36px;border-radius:50%;background:var(--status);color:var(--card);font-size:20px;margin-right:12px;vertical-align:3px}
h2{font-size:20px;margin:38px 0 12px}
h3{font-size:16px;margin:0 0 6px;display:flex;gap:10px;align-items:center;flex-wrap:wrap}
h3 .kind{color:var(--soft);font-weight:400;font-size:13px}
a{color:inherit;text-underline-offset:3px;text-decoration-color:var(--soft)}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px 18px;margin:0 0 14px}
.card.finding,.card.check{border-left:4px solid var(--status)}
.card p{margin:4px 0 8px;overflow-wrap:anywhere}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(220px,1fr));gap:14px;margin-top:22px}
.tiles .card{margin:0}.tiles dt{color:var(--soft);font-size:13px}.tiles dd{margin:0;font-size:17px;font-weight:600;overflow-wrap:anywhere}.tiles dd small{display:block;font-weight:400;font-size:13px;color:var(--soft)}.tiles dl{margin:0}
.badge{display:inline-block;white-space:nowrap;border:1px solid var(--status);color:var(--status);border-radius:99px;padding:0 9px;font-size:12.5px;font-weight:600;line-height:20px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13.5px;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:6px 12px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
tr:last-child>td,tr:last-child>th{border-bottom:0}
thead th{color:var(--soft);font-weight:500;white-space:nowrap}
tbody th{font-weight:600;overflow-wrap:anywhere;min-width:140px;max-width:240px}
td.number{white-space:nowrap}
td.words{min-width:240px;max-width:520px;overflow-wrap:anywhere}
td ul{margin:0;padding:0;list-style:none}td li+li{margin-top:5px}
td .next{color:var(--soft)}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,460px),1fr));gap:14px;margin-top:12px}
.figures>*{min-width:0}.figures svg{display:block;width:100%}
.figures h4,.plain h4{margin:4px 0;font-size:13px}
details{margin-top:10px}summary{cursor:pointer;color:var(--soft);padding:2px 0}summary:hover{color:var(--ink)}
.note{color:var(--soft);font-size:13.5px}
.moved{font-weight:600}
.spark{width:130px;height:30px;display:block}
.spark .a{fill:var(--figure-1);fill-opacity:.3}.spark .b{fill:none;stroke:var(--figure-2);stroke-width:1.6}
.key i{display:inline-block;width:11px;height:11px;border-radius:2px;margin:0 5px 0 12px;vertical-align:-1px}.key .a{background:var(--figure-1);opacity:.45}.key .b{border:2px solid var(--figure-2)}
footer{color:var(--soft);font-size:13px;padding-top:10px;padding-bottom:40px}
${FIGURE_RULES}
@media print{:root{${LIGHT}}body{background:#fff;font-size:12px}.card,tr,svg{break-inside:avoid}main,header>div,footer{max-width:none;padding-left:0;padding-right:0}.figures{grid-template-columns:1fr 1fr}}`;
