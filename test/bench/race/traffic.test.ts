import { describe, expect, it } from 'vitest';
import { type Answer, drive } from '../../../bench/race/traffic.ts';
import { serve } from '../../helpers/serve.ts';

const request = { bytes: Buffer.from('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{}'), answer: 3 };

describe('drive', () => {
  it('sends everything there is and resolves when all of it has been answered', async () => {
    const server = await serve((_request, response) => response.end('right'));
    const waiting = Array.from({ length: 20 }, () => request);
    const answers: Answer[] = [];
    await drive({
      ...{ port: server.port, connections: 4, next: () => waiting.pop() },
      onAnswer: (answer) => void answers.push(answer),
    });
    expect(answers.map(({ isSuccess, bodyBytes }) => [isSuccess, bodyBytes])).toEqual(
      Array.from({ length: 20 }, () => [true, 5]),
    );
    expect(server.count).toBe(20);
  });

  it('tells of answers that are no success', async () => {
    const server = await serve((_request, response) => response.writeHead(500).end());
    const waiting = [request];
    const answers: Answer[] = [];
    await drive({
      ...{ port: server.port, connections: 1, next: () => waiting.pop() },
      onAnswer: (answer) => void answers.push(answer),
    });
    expect(answers).toEqual([{ request, isSuccess: false, bodyBytes: 0, ms: expect.any(Number) }]);
  });

  it('fails when the server leaves a request without an answer', async () => {
    const server = await serve((message) => message.socket.destroy());
    const traffic = { port: server.port, connections: 2, next: () => request, onAnswer: () => undefined };
    await expect(drive(traffic)).rejects.toThrow();
  });
});
