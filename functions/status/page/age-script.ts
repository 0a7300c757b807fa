/**
 * Says how old the page is, and makes a page that was not renewed in time look stale: one that is forgotten must not look well
 * for ever. The page says the same times without it. It takes all its texts from the page, so it is the same in every page.
 */
export const ageScript = `(()=>{
const page=document.body.dataset;
const age=document.getElementById('age');
const stale=document.getElementById('stale');
const show=()=>{
const now=Date.now();
const minutes=Math.max(0,Math.floor((now-Number(page.asOf))/60000));
const days=Math.floor(minutes/1440);
const hours=Math.floor(minutes/60);
const unit=days>1?['day',days]:hours>1?['hour',hours]:['minute',minutes];
const text=new Intl.NumberFormat(document.documentElement.lang,{style:'unit',unit:unit[0],unitDisplay:'long'}).format(unit[1]);
age.textContent=page.age.replace('{age}',text);
age.hidden=false;
const late=page.renewBy!==undefined&&now>Number(page.renewBy);
stale.hidden=!late;
document.getElementById('verdict').classList.toggle('unknown',late);
};
show();
setInterval(show,30000);
})()`
