import { readNab, readPublished, readFinalResults } from './read-nab.ts';
import { orderPoints, scoreOrdered, PROFILES } from './nab-score.ts';
const root='/work/shared/data/nab';
let t=Date.now();
const corpus=readNab(root); console.log('read',Date.now()-t);
const fin=readFinalResults(root);
for (const d of ['contextOSE','knncad','randomCutForest']){ t=Date.now();
 const p=orderPoints(corpus, readPublished(root,d,corpus));
 for(const f of PROFILES){const r=scoreOrdered(p,f); console.log(d,f.name,r.score,fin[d]![f.name],r.score-fin[d]![f.name]!, r.threshold)}
 console.log(p.windowCount, Date.now()-t);
}
