import * as z from 'zod';
import type { SimulatorRequest } from '../../kit/message.ts';
import type { Caller } from '../caller.ts';
import { refusal } from '../errors.ts';
import { readBody } from '../files/request-fields.ts';
import { renderBandwidth, renderCounters, renderFiles, renderSummary } from './render-sync.ts';
import { isVisible, type SyncAct, type SyncRouteDeps } from './sync-act.ts';
import type { SyncJob } from './sync-job.ts';

const requestShape = z.looseObject({
  /** Numbers, or digits where a person typed them (aspera-node-api.md §6). */
  syncs: z.array(z.union([z.int(), z.string().regex(/^\d+$/)])),
  seconds: z.int().positive().default(100),
  skip: z.int().nonnegative().default(0),
  count: z.int().positive().default(100),
  filename: z.string().optional(),
  status: z.string().optional(),
});

type StatisticsRequest = z.output<typeof requestShape>;

/** `/async/*`: what is known of every sync of the server, by its number. */
export function statisticsRoutes(deps: SyncRouteDeps, jobs: Map<string, SyncJob>): Readonly<Record<string, SyncAct>> {
  const visible = (caller: Caller) => [...jobs.values()].filter((job) => isVisible(caller, job));
  const asked = (caller: Caller, { syncs }: StatisticsRequest): readonly SyncJob[] =>
    syncs.map((id) => {
      const job = visible(caller).find(({ snid }) => snid === Number(id));
      if (!job) throw refusal(404, `Sync ${id} not found`);
      return job;
    });
  /** `[{"<id>": …}]`, one object for each sync. */
  const each =
    (member: string, render: (job: SyncJob, request: StatisticsRequest) => unknown): SyncAct =>
    (caller, request: SimulatorRequest) => {
      const body = readBody(request, requestShape);
      const rendered = asked(caller, body).map((job) => ({ [job.snid]: render(job, body) }));
      return { status: 200, json: { [member]: rendered } };
    };
  return {
    'GET /async/list': (caller) => ({ status: 200, json: { sync_ids: visible(caller).map(({ snid }) => snid) } }),
    'POST /async/summary': (caller, request) => {
      const body = readBody(request, requestShape);
      return { status: 200, json: { sync_summaries: asked(caller, body).map(renderSummary) } };
    },
    'POST /async/bandwidth': each('bandwidth_data', (job, { seconds }) => ({
      data: renderBandwidth(job, deps.bandwidth, deps.node.clock.now() - seconds * 1000),
    })),
    'POST /async/files': each('sync_files', (job, { skip, count, filename, status }) =>
      renderFiles(job, { skip, count, filename, status }),
    ),
    'POST /async/counters': each('sync_counters', (job) => [renderCounters(job)]),
    'POST /async/delete': async (caller, request) => {
      for (const job of asked(caller, readBody(request, requestShape))) {
        jobs.delete(job.id);
        await job.close();
      }
      return { status: 204 };
    },
  };
}
