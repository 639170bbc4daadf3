import * as z from 'zod';
import { refusal } from '../errors.ts';
import type { Job, RateChange, TransferRunner } from './transfer-runner.ts';
import { ratePolicies } from './transfer-spec.ts';

type Act = (runner: TransferRunner, job: Job) => void | Promise<void>;

const cancel: Act = (runner, job) => runner.cancel(job);
const resume: Act = (runner, job) => {
  if (job.open.record.status !== 'paused') throw refusal(400, 'The transfer is not paused');
  runner.resume(job);
};
const pause: Act = (runner, job) => {
  if (job.open.record.status === 'paused') throw refusal(400, 'The transfer is paused');
  return runner.pause(job);
};

const statuses = { canceled: cancel, cancelled: cancel, stopped: cancel, paused: pause, running: resume, resume };

const changesShape = z.object({
  status: z.enum(['canceled', 'cancelled', 'stopped', 'paused', 'running', 'resume']).nullish(),
  target_rate_kbps: z.number().positive().nullish(),
  min_rate_kbps: z.number().nonnegative().nullish(),
  rate_policy: z.enum(ratePolicies).nullish(),
});

const isGiven = ([, value]: [string, unknown]) => value !== undefined && value !== null;

/** Applies the members of a PUT /ops/transfers/{id} (aspera-node-api.md §5.4): all of them, or none when one is wrong. */
export async function changeTransfer(runner: TransferRunner, job: Job, changes: unknown): Promise<void> {
  const parsed = changesShape.safeParse(changes);
  if (!parsed.success) throw refusal(400, `Invalid parameter ${parsed.error.issues[0]?.path.join('.')}`);
  const { status, ...rest } = parsed.data;
  const rates: RateChange = Object.fromEntries(Object.entries(rest).filter(isGiven));
  if (Object.keys(rates).length > 0) runner.changeRates(job, rates);
  if (status) await statuses[status](runner, job);
}
