import { anyPackageById, recentPackages, recentTransfers, transferById } from '../resolvers/recent.ts';
import { builder } from './builder.ts';

import { pkg } from './package.ts';
import { needs } from './scope.ts';
import { transfer } from './transfer.ts';

const firstDescription = 'How many at most, up to 50. There is no next page: for more, page through the sources.';

builder.queryFields((t) => ({
  transfer: t.field({
    type: transfer,
    nullable: true,
    description: 'One transfer by its global id; null when it is not there or not yours to see. One upstream call.',
    args: { id: t.arg.globalID({ required: true, description: 'Global id of the transfer.' }) },
    ...needs('transfer.read'),
    resolve: (_root, { id }, context) => transferById(id, context),
  }),
  recentTransfers: t.field({
    type: [transfer],
    nullable: { list: true, items: true },
    description:
      'The latest transfers of all sources that you may see: first what goes on, latest start first, then the others, latest end first. ' +
      'A transfer that both of its ends know is told once, as the node or daemon knows it that started it. ' +
      'A source that fails is an error and a null at the end. At most six upstream calls for each node, and one for each transfer of a daemon that goes on.',
    args: { first: t.arg.int({ defaultValue: 20, description: firstDescription }) },
    ...needs('transfer.read'),
    // An error in place of a transfer becomes an error of that item alone.
    resolve: (_root, { first }, context) => recentTransfers(first ?? 20, context) as never,
  }),
  package: t.field({
    type: pkg,
    nullable: true,
    description: 'One package by its global id; null when it is not there or not yours to see. One upstream call.',
    args: { id: t.arg.globalID({ required: true, description: 'Global id of the package.' }) },
    ...needs('faspex.read'),
    resolve: (_root, { id }, context) => anyPackageById(id, context),
  }),
  recentPackages: t.field({
    type: [pkg],
    nullable: { list: true, items: true },
    description:
      'The latest packages on all sources that were sent to you, or to a workgroup or shared inbox of yours; newest first. ' +
      'A source that fails is an error and a null at the end. One upstream call for each source.',
    args: { first: t.arg.int({ defaultValue: 20, description: firstDescription }) },
    ...needs('faspex.read'),
    // An error in place of a package becomes an error of that item alone.
    resolve: (_root, { first }, context) => recentPackages(first ?? 20, context) as never,
  }),
}));
