import v8 from 'node:v8';

/**
 * Has V8 make every object among the young ones. Left alone it learns at the start, when that room is small and full of the
 * first requests, that what requests are made of lives long; from then on it makes it among what it seldom looks at, and with
 * it all that it leads to: a gateway under load then holds three times the memory, and a sixth of its time goes into
 * collecting garbage. Whether that happens is chance, at each start anew (docs/performance.md).
 */
v8.setFlagsFromString('--no-allocation-site-pretenuring');
