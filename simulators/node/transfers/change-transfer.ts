import { refusal } from '../errors.ts';
import type { Fields } from '../fields.ts';
import type { Job, TransferRunner } from './transfer-runner.ts';

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

const statuses: Readonly<Record<string, Act>> = {
  canceled: cancel,
  cancelled: cancel,
  stopped: cancel,
  paused: pause,
  running: resume,
  resume,
};

function readRate(changes: Fields, name: string, least: number): number | undefined {
  const value = changes[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < least) throw refusal(400, `Invalid ${name}`);
  return value;
}

/** Applies the members of a PUT /ops/transfers/{id} (aspera-node-api.md §5.4): all of them, or none when one is wrong. */
export async function changeTransfer(runner: TransferRunner, job: Job, changes: Fields): Promise<void> {
  const targetKbps = readRate(changes, 'target_rate_kbps', 1);
  const minKbps = readRate(changes, 'min_rate_kbps', 0);
  const act = typeof changes.status === 'string' ? statuses[changes.status] : undefined;
  if (changes.status !== undefined && !act) throw refusal(400, 'Invalid status');
  if (targetKbps !== undefined || minKbps !== undefined) {
    runner.changeRates(job, {
      ...(targetKbps === undefined ? {} : { targetRateKbps: targetKbps }),
      ...(minKbps === undefined ? {} : { minRateKbps: minKbps }),
    });
  }
  await act?.(runner, job);
}
