import { connect } from 'node:net';
import type { SessionTarget } from '../node/protocol/session-client.ts';

const TIMEOUT_MS = 2_000;

/** Whether somebody listens there. */
export const isReachable = ({ host, port }: SessionTarget): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: TIMEOUT_MS });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(true));
    socket.once('timeout', () => settle(false));
    socket.once('error', () => settle(false));
  });
