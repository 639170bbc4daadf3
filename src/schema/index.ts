import type { GraphQLSchema } from 'graphql';
import './errors.ts';
import './faircom/change-records.ts';
import './faircom/faircom.ts';
import './faspex/change-package.ts';
import './faspex/faspex.ts';
import './faspex/receive.ts';
import './faspex/send.ts';
import './node/authorize.ts';
import './node/bearer-spec.ts';
import './node/between-nodes.ts';
import './node/change-files.ts';
import './node/change-transfer.ts';
import './node/control.ts';
import './node/node.ts';
import './node/transfer-joins.ts';
import './node/transfer.ts';
import './node/watch-transfers.ts';
import './package-status.ts';
import './recent.ts';
import './source.ts';
import './transfer-progress.ts';
import './validate-spec.ts';
import './viewer.ts';
import { builder } from './builder.ts';
import { guardAbstractTypes } from './guard-abstract-types.ts';

/** The whole graph. Importing this has built it; there is one per process. */
export const schema: GraphQLSchema = guardAbstractTypes(builder.toSchema());
