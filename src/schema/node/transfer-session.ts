import type {
  NodeTransferError,
  NodeTransferSession,
  SourceStatistics,
  TransferPrecalculation,
} from '../../sources/node/types.ts';
import { builder } from '../builder.ts';
import { describedValues } from '../describe-enum.ts';

/** Why a transfer, a session or a file failed. */
export const transferError = builder.objectRef<NodeTransferError>('TransferError').implement({
  description: 'Why a transfer, a session or a file failed, from the error table of the transfer program (ascp).',
  fields: (t) => ({
    code: t.exposeInt('code', { description: 'Number in the error table.' }),
    name: t.exposeString('name', { description: 'Name of that number, e.g. `NO_SUCH_FILE`.' }),
    retryable: t.exposeBoolean('retryable', {
      description: 'Whether the same transfer may succeed when it is started again unchanged.',
    }),
    advice: t.exposeString('advice', { description: 'One sentence for a person: what to check or do.' }),
    description: t.exposeString('description', { description: 'The sentence of the server; may be empty.' }),
  }),
});

const sessionStatus = builder.enumType('TransferSessionStatus', {
  description: 'Where one session of a transfer stands.',
  values: describedValues<NodeTransferSession['status']>({
    RUNNING: 'It moves bytes, or tries to.',
    COMPLETED: 'It ended well.',
    FAILED: 'It ended with an error.',
    UNKNOWN: 'A state that the gateway has no name for.',
  }),
});

const precalculation = builder.objectRef<TransferPrecalculation>('TransferPrecalculation').implement({
  description: 'What the node expects of a session, counted before it began. Anything is null that it does not tell.',
  fields: (t) => {
    const counted = (name: keyof TransferPrecalculation, description: string) =>
      t.expose(name, { type: 'SafeInt', nullable: true, description });
    return {
      bytesExpected: counted('bytesExpected', 'Bytes to be transferred.'),
      filesExpected: counted('filesExpected', 'Files to be transferred.'),
      directoriesExpected: counted('directoriesExpected', 'Folders to be made.'),
      filesExcluded: counted('filesExcluded', 'Files that filters keep out.'),
      filesSpecial: counted('filesSpecial', 'Files that are no ordinary files, such as links and devices.'),
      filesFailed: counted('filesFailed', 'Files that could not be looked at.'),
    };
  },
});

const sourceStatistics = builder.objectRef<SourceStatistics>('TransferSourceStatistics').implement({
  description: 'What the sending side found and did. Anything is null that the node does not tell.',
  fields: (t) => {
    const counted = (name: keyof SourceStatistics, description: string) =>
      t.expose(name, { type: 'SafeInt', nullable: true, description });
    return {
      argumentsScanAttempted: counted('argumentsScanAttempted', 'Requested paths that were looked for.'),
      argumentsScanCompleted: counted('argumentsScanCompleted', 'Requested paths that were looked through.'),
      pathsScanAttempted: counted('pathsScanAttempted', 'Files and folders that were looked at.'),
      pathsScanFailed: counted('pathsScanFailed', 'Of these, those that could not be read.'),
      pathsScanSkipped: counted('pathsScanSkipped', 'Of these, those that were skipped.'),
      pathsScanExcluded: counted('pathsScanExcluded', 'Of these, those that filters keep out.'),
      directoriesScanCompleted: counted('directoriesScanCompleted', 'Folders that were looked through.'),
      filesScanCompleted: counted('filesScanCompleted', 'Files that were looked at.'),
      directoriesTransferAttempted: counted('directoriesTransferAttempted', 'Folders that were to be made.'),
      directoriesTransferFailed: counted('directoriesTransferFailed', 'Of these, those that could not be made.'),
      filesTransferAttempted: counted('filesTransferAttempted', 'Files that were to be transferred.'),
      filesTransferFailed: counted('filesTransferFailed', 'Of these, those that failed.'),
      filesNotTransferred: counted('filesNotTransferred', 'Files that did not have to be transferred.'),
    };
  },
});

/** One run of ascp for a transfer. */
export const transferSession = builder.objectRef<NodeTransferSession>('TransferSession').implement({
  description: 'One run of the transfer program. A transfer has several when it was retried, resumed or split.',
  fields: (t) => {
    const counted = (name: 'bytesWritten' | 'bytesLost' | 'filesCompleted' | 'directoriesCompleted', what: string) =>
      t.expose(name, { type: 'SafeInt', nullable: true, description: `${what}; null when the node does not tell.` });
    const rate = (name: 'targetRateKbps' | 'minRateKbps' | 'averageRateKbps', what: string) =>
      t.exposeFloat(name, { nullable: true, description: `${what} in kilobits per second; null when not told.` });
    return {
      sessionId: t.exposeString('sessionId', { description: 'Id that the node gave to the session.' }),
      status: t.expose('status', { type: sessionStatus, description: 'Where it stands.' }),
      vendorStatus: t.exposeString('vendorStatus', { description: 'The word of the server for the status.' }),
      clientNodeId: t.exposeString('clientNodeId', {
        nullable: true,
        description: 'Id of the node that connected; null when not known.',
      }),
      serverNodeId: t.exposeString('serverNodeId', {
        nullable: true,
        description: 'Id of the node that was connected to; null when not known.',
      }),
      clientAddress: t.exposeString('clientAddress', {
        nullable: true,
        description: 'Network address of the side that connected; null when not known.',
      }),
      serverAddress: t.exposeString('serverAddress', {
        nullable: true,
        description: 'Network address of the side that was connected to; null when not known.',
      }),
      bytesTransferred: t.expose('bytesTransferred', {
        type: 'SafeInt',
        description: 'Bytes that this session moved.',
      }),
      bytesWritten: counted('bytesWritten', 'Bytes written at the destination'),
      bytesLost: counted('bytesLost', 'Bytes lost on the way and sent again'),
      filesCompleted: counted('filesCompleted', 'Files that have arrived'),
      directoriesCompleted: counted('directoriesCompleted', 'Folders that have been made'),
      currentRateKbps: t.exposeFloat('currentRateKbps', {
        nullable: true,
        description: 'Rate of this moment in kilobits per second; null when it does not run.',
      }),
      averageRateKbps: rate('averageRateKbps', 'Average rate'),
      targetRateKbps: rate('targetRateKbps', 'Wanted rate'),
      minRateKbps: rate('minRateKbps', 'Lowest rate that is asked for'),
      networkDelayMs: t.exposeFloat('networkDelayMs', {
        nullable: true,
        description: 'Time that a packet takes to the other side and back, in milliseconds; null when not told.',
      }),
      retryCount: t.exposeInt('retryCount', {
        nullable: true,
        description: 'How often it was tried again; null when not told.',
      }),
      retryTimeoutSeconds: t.exposeInt('retryTimeoutSeconds', {
        nullable: true,
        description: 'For how long it is tried again after a failure, in seconds; null when not told.',
      }),
      stalled: t.exposeBoolean('stalled', { description: 'Whether it runs but makes no progress at the moment.' }),
      startedAt: t.expose('startedAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When it began; null when not known.',
      }),
      endedAt: t.expose('endedAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When it ended; null while it runs.',
      }),
      elapsedMs: t.expose('elapsedMs', {
        type: 'SafeInt',
        nullable: true,
        description: 'Milliseconds that it has run; null when not told.',
      }),
      precalculation: t.expose('precalculation', {
        type: precalculation,
        nullable: true,
        description: 'What is expected of it; null until the node has counted, which it does only when the spec asks.',
      }),
      sourceStatistics: t.expose('sourceStatistics', {
        type: sourceStatistics,
        nullable: true,
        description: 'What the sending side found and did; null when not told.',
      }),
      error: t.expose('error', {
        type: transferError,
        nullable: true,
        description: 'Why it failed; null when it did not.',
      }),
    };
  },
});
