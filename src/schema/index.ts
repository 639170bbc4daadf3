import type { GraphQLSchema } from 'graphql';
import './errors.ts';
import './faspex/faspex.ts';
import './faspex/send.ts';
import './node/authorize.ts';
import './node/control.ts';
import './node/transfer.ts';
import './package-status.ts';
import './source.ts';
import './transfer-progress.ts';
import './viewer.ts';
import { builder } from './builder.ts';
import { guardAbstractTypes } from './guard-abstract-types.ts';

/** The whole graph. Importing this has built it; there is one per process. */
export const schema: GraphQLSchema = guardAbstractTypes(builder.toSchema());
