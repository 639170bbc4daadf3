import { SourceError } from '../../transport/source-error.ts';

/**
 * A vendor id as one segment of a path. Encoding does not help with an id that is empty or made of dots: servers and
 * proxies read those as the list above, or as another path. Nothing has such an id.
 */
export function segment(source: string, id: string): string {
  if (id !== '' && id !== '.' && id !== '..') return encodeURIComponent(id);
  throw new SourceError('NOT_FOUND', `${source} does not have this: nothing has such an id.`, { source });
}
