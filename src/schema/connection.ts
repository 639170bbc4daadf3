import type { ObjectRef } from '@pothos/core';
import { type Connection, DEFAULT_PAGE_SIZE, type Edge, type PageInfo } from '../resolvers/connection.ts';
import { builder } from './builder.ts';

const pageInfo = builder.objectRef<PageInfo>('PageInfo').implement({
  description: 'Where a page of a list lies and how to ask for the next.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether there is more after this page.' }),
    hasPreviousPage: t.boolean({ description: 'Always false: lists are read forward only.', resolve: () => false }),
    startCursor: t.string({
      nullable: true,
      description: 'Cursor of the first item; null on an empty page.',
      resolve: ({ startCursor }) => startCursor(),
    }),
    endCursor: t.string({
      nullable: true,
      description:
        'Where the page ends: hand it in as `after` for the next page. Null when there is neither an item nor a next page.',
      resolve: ({ endCursor }) => endCursor(),
    }),
    shifted: t.exposeBoolean('shifted', {
      description: 'Whether the list changed so much between two pages that something may be missing or come twice.',
    }),
  }),
});

/** The connection and edge types of a list (Relay), forward only. */
export function connectionOf<T extends object>(name: string, node: ObjectRef<never, T, T> | unknown, what: string) {
  const type = node as ObjectRef<never, T, T>;
  const edge = builder.objectRef<Edge<T>>(`${name}Edge`).implement({
    description: `One of the ${what}, and its place in the list.`,
    fields: (t) => ({
      cursor: t.string({ description: 'Its place in the list.', resolve: ({ cursor }) => cursor() }),
      node: t.field({
        type: type as never,
        nullable: true,
        description: 'The item; null, with an error at this place, when the source sent something that cannot be read.',
        // An error in place of an item becomes an error of this field alone.
        resolve: (value) => value.node as never,
      }),
    }),
  });
  return builder.objectRef<Connection<T>>(`${name}Connection`).implement({
    description: `A page of ${what}.`,
    fields: (t) => ({
      edges: t.expose('edges', { type: [edge], description: 'The items of the page with their places.' }),
      nodes: t.field({
        type: [type] as never,
        nullable: { list: false, items: true } as never,
        description: 'The items of the page, without their places.',
        resolve: ({ edges }) => edges.map((value) => value.node) as never,
      }),
      pageInfo: t.expose('pageInfo', { type: pageInfo, description: 'Where the page lies.' }),
      totalCount: t.expose('totalCount', {
        type: 'SafeInt',
        nullable: true,
        description: 'How many there are in all pages; null where the source does not count.',
      }),
    }),
  });
}

/** Arguments of every list. What is selected below a field with `first` costs as much as the page has items. */
export const pageArguments = {
  first: builder.args((t) => ({
    first: t.int({
      defaultValue: DEFAULT_PAGE_SIZE,
      description: 'How many items at most; the configuration says how many are allowed (200 unless it does).',
    }),
    after: t.string({ description: '`endCursor` of the page before; the first page when left out.' }),
  })),
}.first;
