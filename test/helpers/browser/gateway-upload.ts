import type { WebSocket } from 'ws';
import { type Accept, storeFiles } from './gateway-routes.ts';
import type { ReceivedSpec } from './transfer-files.ts';

interface Slice {
  readonly name: string;
  readonly size: number;
  /** Bytes in base64: generation 1 alone. */
  readonly data?: string;
}

interface UploadMessage {
  readonly transfer_spec?: unknown;
  readonly slice_upload?: Slice;
}

/** What has come so far. */
interface Upload {
  spec: ReceivedSpec | undefined;
  current: Slice | undefined;
  readonly files: Map<string, Buffer>;
}

function add({ current, files }: Upload, bytes: Buffer): void {
  if (!current) throw new Error('bytes of no file');
  files.set(current.name, Buffer.concat([files.get(current.name) ?? Buffer.alloc(0), bytes]));
}

/** Takes one message and gives the word that acknowledges it. */
function take(upload: Upload, data: Buffer, isBinary: boolean, accept: Accept): string {
  if (isBinary) add(upload, data);
  if (isBinary) return 'end upload';
  const message = JSON.parse(String(data)) as UploadMessage;
  if (message.transfer_spec) upload.spec = accept(message.transfer_spec);
  const { slice_upload: slice } = message;
  if (!slice) return 'end upload';
  upload.current = slice;
  if (slice.data === undefined) return 'end_slice_upload';
  add(upload, Buffer.from(slice.data, 'base64'));
  return 'end upload';
}

function isComplete({ spec, current, files }: Upload): boolean {
  const wanted = Array.isArray(spec?.paths) ? spec.paths.length : Number.POSITIVE_INFINITY;
  return files.size === wanted && files.get(current?.name ?? '')?.length === current?.size;
}

/**
 * Generations 1 and 2: a spec, then the files in slices, each message acknowledged before the next one comes.
 * @param done called when the files have arrived at the node, or with the reason why not
 */
export function takeUpload(socket: WebSocket, accept: Accept, done: (failure?: Error) => void): void {
  const upload: Upload = { spec: undefined, current: undefined, files: new Map() };
  let isStored = false;
  const store = async () => {
    if (isStored || !upload.spec || !isComplete(upload)) return;
    isStored = true;
    await storeFiles(upload.spec, upload.files);
    done();
  };
  const handle = async (data: Buffer, isBinary: boolean) => {
    try {
      const word = take(upload, data, isBinary, accept);
      await store();
      socket.send(word);
    } catch (error) {
      done(error as Error);
      socket.send(JSON.stringify({ message: (error as Error).message }));
      socket.close();
    }
  };
  socket.on('message', (data, isBinary) => void handle(data as Buffer, isBinary));
}
