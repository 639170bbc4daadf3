import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

/** Imported before a server: SIGUSR2 begins a CPU profile, the next one ends it and writes it to the file. */

const INTERVAL_US = 500;

const session = new Session();
session.connect();
let isRunning = false;

async function toggle(file: string): Promise<void> {
  isRunning = !isRunning;
  if (isRunning) {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: INTERVAL_US });
    await session.post('Profiler.start');
    return;
  }
  const { profile } = await session.post('Profiler.stop');
  writeFileSync(file, JSON.stringify(profile));
}

process.on('SIGUSR2', () => void toggle(process.env.RACE_PROFILE ?? ''));
