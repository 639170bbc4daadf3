import type { AscpError } from '../ascp-error.ts';
import type { Precalculation } from './message.ts';

/** What a session tells whoever keeps the record of it; the sending and the receiving side call it alike. */
export interface SessionObserver {
  precalculated(total: Precalculation): void;
  directoryDone(): void;
  fileStarted(file: { readonly path: string; readonly size: number; readonly startByte: number }): void;
  /** The client asked for other rates while the session runs. */
  ratesChanged(targetRateKbps: number, minRateKbps: number): void;
  bytesMoved(count: number): void;
  /** Ends the file that was started last; a file that could not be started is named by `fileFailed`. */
  fileDone(): void;
  fileSkipped(): void;
  fileFailed(path: string, size: number, failure: AscpError): void;
}
