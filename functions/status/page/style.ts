import { cssVariables, dark, light } from '../../runtime/page/colors.ts'

/** The whole style of the page. Nothing is loaded: fonts are the reader's own. */
export const style = `
:root{color-scheme:light dark;${cssVariables(light)}}
@media (prefers-color-scheme:dark){:root{${cssVariables(dark)}}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%}
main,header,footer{max-width:64rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:1.75rem}
.top{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:baseline;justify-content:space-between}
h1{margin:0;min-width:0;overflow-wrap:anywhere;font-size:1.6rem;line-height:1.25;letter-spacing:-.01em}
h2{margin:0 0 .75rem;font-size:1.1rem}
h3{margin:1.5rem 0 .25rem;font-size:.95rem}
p{margin:0}
a{color:var(--link)}
.sub{color:var(--muted);margin:.1rem 0 0}
small,.small{font-size:.85rem;color:var(--muted);font-weight:400}
section,.sub{overflow-wrap:break-word}
section{background:var(--panel);border:1px solid var(--line);border-radius:.75rem;padding:1.1rem 1.25rem;margin:1rem 0}
.verdict{border:0;padding:1.25rem;margin-top:1.25rem;display:flex;gap:1rem;align-items:center}
.verdict svg{width:2.75rem;height:2.75rem;flex:none}
.verdict h2{margin:0;font-size:1.35rem;line-height:1.3}
.verdict p{margin-top:.15rem}
.well{background:var(--goodGround);color:var(--goodText)}
.attention{background:var(--badGround);color:var(--badText)}
.unknown{background:var(--unknownGround);color:var(--unknownText)}
.stale{background:var(--warnGround);color:var(--warnText);border:0;font-weight:600}
.age{font-weight:600}
.badge{display:inline-block;padding:.05rem .55rem;border-radius:1rem;font-size:.82rem;font-weight:600;white-space:nowrap}
.badge.warn{background:var(--warnGround);color:var(--warnText)}
ul.concerns{list-style:none;margin:0;padding:0}
ul.concerns li{display:grid;grid-template-columns:7.5rem 1fr;gap:.15rem .75rem;padding:.6rem 0;border-top:1px solid var(--line)}
ul.concerns li:first-child{border-top:0;padding-top:0}
ul.concerns li:last-child{padding-bottom:0}
ul.concerns li>div{min-width:0;overflow-wrap:anywhere}
ul.concerns small{display:block}
table{width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
th,td{text-align:left;vertical-align:top;padding:.55rem .75rem .55rem 0;border-top:1px solid var(--line);overflow-wrap:break-word}
th:last-child,td:last-child{padding-right:0}
thead th{border-top:0;padding-top:0;font-size:.82rem;color:var(--muted);font-weight:600;vertical-align:bottom}
tbody th,.stores td{font-weight:600;overflow-wrap:anywhere}
.stores td{font-weight:400}
.number{white-space:nowrap}
td small,th small{display:block}
.runs td:nth-child(2){width:44%}
.strip{display:block;width:100%;height:1.75rem}
.chart{display:block;width:100%;height:8.5rem;border-bottom:1px solid var(--none)}
.chart.low{height:4.5rem}
.axis{display:flex;justify-content:space-between;font-size:.8rem;color:var(--muted);gap:.5rem}
.good{fill:var(--good)}.flawed{fill:var(--flawed)}.bad{fill:var(--bad)}.none{fill:var(--none)}.lagbar{fill:var(--lag)}
.area{fill:var(--lag);opacity:.18}
.lag{fill:none;stroke:var(--lag);stroke-width:2;stroke-linejoin:round;stroke-linecap:round;vector-effect:non-scaling-stroke}
.limit{fill:none;stroke:var(--bad);stroke-width:1.5;stroke-dasharray:6 5;vector-effect:non-scaling-stroke}
.grid{fill:none;stroke:var(--line);stroke-width:1;vector-effect:non-scaling-stroke}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(7.5rem,1fr));gap:.75rem 1.5rem;margin:0}
.facts div{min-width:0}
dt{font-size:.82rem;color:var(--muted);font-weight:600}
dd{margin:0;overflow-wrap:anywhere}
dd strong{font-size:1.25rem;font-weight:600}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;margin:.9rem 0 0;padding:0;list-style:none;font-size:.85rem;color:var(--muted)}
.legend svg{width:.7rem;height:1.1rem;vertical-align:-.2rem;margin-right:.35rem}
.legend svg.wide{width:1.5rem}
footer{padding-bottom:2rem;color:var(--muted);font-size:.85rem}
footer p{margin-top:.4rem}
@media (max-width:46rem){
main,header,footer{padding-left:.85rem;padding-right:.85rem}
h1{font-size:1.35rem}
section{padding:1rem}
ul.concerns li{grid-template-columns:1fr}
ul.concerns .badge{justify-self:start}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table,tbody,tr,td,tbody th{display:block}
tbody tr{padding:.7rem 0;border-top:1px solid var(--line)}
tbody tr:first-child{border-top:0;padding-top:0}
tbody tr:last-child{padding-bottom:0}
td,tbody th{border:0;padding:.15rem 0}
tbody th{font-size:1.05rem}
td[data-label]{display:grid;grid-template-columns:7rem 1fr;gap:.75rem}
td[data-label]>div{min-width:0;overflow-wrap:anywhere}
td[data-label]::before{content:attr(data-label);color:var(--muted);font-size:.85rem}
.runs td:nth-child(2){width:auto;display:block}
.runs td:nth-child(2)::before{display:none}
}
@media print{
:root{color-scheme:light;${cssVariables(light)}}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
body{background:#fff;font-size:10pt}
nav,.age{display:none}
section,tr,li{break-inside:avoid}
}
`.replaceAll('\n', '')
