import { cssVariables, light } from '../../../functions/runtime/page/colors.ts'
import type { View } from './view.ts'

/** The style of a report. Nothing is loaded: fonts are the reader's own. On paper every page says whose it is. */
export function pageStyle({ report, texts }: View): string {
  const foot = `${report.cluster} · ${report.definition.slice(0, 12)}`
  return [screenStyle, chartStyle, narrowStyle, printStyle(foot, texts.page, texts.pageOf)].join('').replaceAll('\n', '')
}

const screenStyle = `
:root{color-scheme:light;${cssVariables(light)}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%}
main,header,footer{max-width:64rem;margin:0 auto;padding:0 1.25rem}
.cover{padding-top:2rem}
.top{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;justify-content:space-between}
.kind{font-size:.9rem;font-weight:600;letter-spacing:.06em;text-transform:uppercase;color:var(--muted)}
h1{margin:.1rem 0 1.25rem;font-size:2.1rem;line-height:1.2;letter-spacing:-.015em;overflow-wrap:anywhere}
h2{margin:0 0 1rem;font-size:1.35rem;line-height:1.3}
h3{margin:0 0 .5rem;font-size:1.1rem;line-height:1.4}
h4{margin:1.25rem 0 .4rem;font-size:.95rem}
p{margin:0 0 .5rem}
a{color:var(--link)}
code{font:.85rem/1.4 ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
small,.note{font-size:.88em;color:var(--muted);font-weight:400}
section{background:var(--panel);border:1px solid var(--line);border-radius:.75rem;padding:1.25rem 1.4rem;margin:1.25rem 0;overflow-wrap:break-word}
article{border-top:1px solid var(--line);padding-top:1.1rem;margin-top:1.4rem}
h2+article{border-top:0;padding-top:0;margin-top:0}
.banner{display:flex;gap:1.1rem;align-items:flex-start;border:2px solid;border-radius:.75rem;padding:1.2rem 1.3rem;margin:0 0 1.25rem;overflow-wrap:anywhere}
.banner svg{width:3rem;height:3rem;flex:none}
.banner svg *{fill:none;stroke:currentColor;stroke-width:4;stroke-linecap:round;stroke-linejoin:round}
.banner p:last-child{margin:0}
.verdict{font-size:1.6rem;line-height:1.2;font-weight:700;margin:0 0 .35rem}
.banner.passed{background:var(--goodGround);color:var(--goodText)}
.banner.failed{background:var(--badGround);color:var(--badText)}
.banner.incomplete{background:var(--warnGround);color:var(--warnText)}
.badge{display:inline-flex;gap:.3rem;align-items:center;padding:.05rem .55rem .05rem .4rem;border:1px solid;border-radius:1rem;font-size:.82rem;line-height:1.45;font-weight:600;white-space:nowrap;vertical-align:middle}
.badge svg{width:.8rem;height:.8rem;flex:none}
.badge path{fill:none;stroke:currentColor;stroke-width:2.4;stroke-linecap:round;stroke-linejoin:round}
.badge.passed{background:var(--goodGround);color:var(--goodText)}
.badge.failed{background:var(--badGround);color:var(--badText);border-width:2px}
.badge.not-run,.badge.not-proven{background:var(--unknownGround);color:var(--unknownText);border-style:dashed}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:.75rem 1.75rem;margin:0 0 1rem}
.facts div{min-width:0}
dt{font-size:.82rem;color:var(--muted);font-weight:600}
dd{margin:0;overflow-wrap:anywhere}
.contents ol{columns:2;margin:0;padding-left:1.25rem}
.contents h2{font-size:1rem;margin:1rem 0 .35rem}
table{width:100%;border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
table+table{margin-top:1.5rem}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
th,td{text-align:left;vertical-align:top;padding:.45rem .7rem .45rem 0;border-top:1px solid var(--line);overflow-wrap:anywhere}
th:last-child,td:last-child{padding-right:0}
thead th{border-top:0;border-bottom:2px solid var(--none);font-size:.8rem;color:var(--muted);font-weight:600;vertical-align:bottom;overflow-wrap:break-word;hyphens:auto}
tbody th{font-weight:600}
.evidence tbody th,.points tbody th{font-weight:400}
.number{white-space:nowrap}
td small,th small{display:block}
.measurements,.goals,.tests,.images{table-layout:fixed}
.measurements thead th:nth-child(1){width:26.5%}
.measurements thead th:nth-child(2){width:24%}
.measurements thead th:nth-child(3){width:12%}
.measurements thead th:nth-child(4){width:13%}
.measurements thead th:nth-child(5){width:11%}
.goals thead th:nth-child(1){width:31%}
.tests thead th:nth-child(1){width:29%}
.tests thead th:nth-child(2){width:35%}
.goals thead th:nth-child(2){width:17%}
.goals thead th:nth-child(4){width:14%}
.goals thead th:nth-child(5){width:10%}
.goals thead th:nth-child(6),.tests thead th:nth-child(4){width:17%}
.tests thead th:nth-child(3){width:19%}
.images thead th:nth-child(1){width:22%}
.images thead th:nth-child(2),.images thead th:nth-child(4),.images thead th:nth-child(5){width:9%}
.images thead th:nth-child(7){width:18%}
.scenarios thead th:nth-child(1){width:23%}

.points,.scenarios,.pgbench{font-size:.82rem}
.findings li{color:var(--badText);font-weight:600}
.risks li,.findings li{margin-bottom:.35rem}
.not-run-note{margin-top:1rem;padding:.6rem .8rem;border:1px dashed var(--none);border-radius:.5rem;background:var(--unknownGround);color:var(--unknownText)}
.events{margin:0;padding-left:1.9rem}
.events li{padding-left:.2rem}
.after{display:inline-block;min-width:4.2rem;font-variant-numeric:tabular-nums;font-weight:600}
.decisions{list-style:none;padding:0;margin:0 0 1rem;display:flex;flex-wrap:wrap;gap:.4rem 2rem}
.box{display:inline-block;width:1rem;height:1rem;border:1.5px solid var(--text);vertical-align:-.15rem;margin-right:.5rem}
.signatures td,.signatures tbody th{height:3.4rem;vertical-align:bottom;border-top:0;border-bottom:1px solid var(--text)}
.signatures tbody th{width:36%}
footer{padding-bottom:2rem;color:var(--muted);font-size:.85rem}
`

const chartStyle = `
figure{margin:.9rem 0 0}
figcaption{font-size:.9rem;font-weight:600}
.wide{overflow-x:auto}
.chart,.timeline{display:block;width:100%;min-width:40rem;height:auto}
.line{fill:none;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:butt}
.line-1{stroke:#0b3d91}
.line-2{stroke:#a34700;stroke-dasharray:7 3}
.line-3{stroke:#3d4a58;stroke-dasharray:2 2.5}
.limit{fill:none;stroke:#8a1c15;stroke-width:1.2;stroke-dasharray:10 3 2 3}
.grid{fill:none;stroke:var(--line);stroke-width:1}
.axis,.stem{fill:none;stroke:#525e6c;stroke-width:1}
.tick{font-size:11px;fill:#3d4a58}
.halo{paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}
.end{text-anchor:end}
.middle,.timeline .number{text-anchor:middle}
.event{fill:#17202b}
.timeline .number{font-size:11px;font-weight:600;fill:#fff}
`

const narrowStyle = `
@media screen and (max-width:46rem){
main,header,footer{padding-left:.85rem;padding-right:.85rem}
h1{font-size:1.6rem}
section{padding:1rem}
.contents ol{columns:1}
.banner{flex-direction:column}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table,tbody,tr,td,tbody th{display:block;width:auto}
.signatures tbody th{width:auto}
tbody tr{padding:.7rem 0;border-top:1px solid var(--line)}
tbody tr:first-child{border-top:0;padding-top:0}
td,tbody th{border:0;padding:.15rem 0}
.signatures td{height:auto;min-height:2.5rem}
td[data-label]{display:grid;grid-template-columns:6.5rem 1fr;gap:.75rem}
td[data-label]>div{min-width:0;overflow-wrap:anywhere}
td[data-label]::before{content:attr(data-label);color:var(--muted);font-size:.85rem}
}
`

/** A4 with the number of each page; no row, drawing or heading is parted from what belongs to it. */
function printStyle(foot: string, page: string, of: string): string {
  const small = 'font:7.5pt system-ui,Arial,sans-serif;color:#525e6c'
  return `
@page{size:A4;margin:16mm 15mm 18mm;
@bottom-left{content:"${foot}";${small}}
@bottom-right{content:"${page} " counter(page) " ${of} " counter(pages);${small}}}
@media print{
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
html{font-size:9.5pt}
body{background:#fff;line-height:1.4}
main,header,footer{max-width:none;padding:0}
footer{margin-top:8mm}
.languages{display:none}
section{border:0;border-radius:0;padding:0;margin:0;break-before:page}
#untested,#risks,#exposure,#images{break-before:auto;margin-top:9mm}
#signOff{break-before:auto;break-inside:avoid;margin-top:9mm}
.cover{padding-top:22mm}
.cover h1{font-size:30pt;margin-bottom:12mm}
.cover .facts{margin:12mm 0;grid-template-columns:1fr 1fr}
.contents a{color:inherit;text-decoration:none}
table{font-size:8.3pt}
.points,.scenarios,.pgbench{font-size:7.3pt}
th,td{padding-top:.3rem;padding-bottom:.3rem}
thead{display:table-header-group}
.scenarios td,.pgbench td,.points td,.points tbody th{white-space:nowrap}
.scenarios th,.pgbench th,.points th{overflow-wrap:normal;hyphens:none}
tr,figure,svg,li,article>p,.banner,dl div,.not-run-note{break-inside:avoid}
h2,h3,h4,figcaption,article>p{break-after:avoid}
h4+table,h4+figure,tbody tr:first-child{break-before:avoid}
thead{break-after:avoid}
p{orphans:3;widows:3}
.wide{overflow:visible}
.chart,.timeline{min-width:0}
#verdict table{font-size:8pt;line-height:1.3}
#verdict th,#verdict td{padding-top:.14rem;padding-bottom:.14rem}
#verdict table+table{margin-top:.8rem}
#verdict .badge{padding-top:0;padding-bottom:0}
#verdict .note{margin-top:.6rem}
figure{margin-top:.5rem}
}
`
}
