import { z } from 'zod';
import { fromSchema } from '../../../reading/reader.ts';

/**
 * The answer of the `*_setup` calls: one element per request, in their order (aspera-node-api.md §3). The specs stay as
 * they were sent: they belong to the clients that run them.
 */
export const transferSpecs = fromSchema(
  z.object({ transfer_specs: z.array(z.unknown()).min(1) }),
  ({ transfer_specs }) => transfer_specs,
);
