import type { z } from 'zod';
import { fromSchema } from '../../reading/reader.ts';
import { dateTime } from './date-time.ts';
import { share } from './share.ts';
import type {
  FaspexDownloadDetails,
  FaspexDownloader,
  FaspexEvent,
  FaspexPerson,
  FaspexUploadDetails,
} from './types.ts';
import { wireDownloadDetails, wireEvent, wireUploadDetails } from './wire.ts';

type WirePerson = z.output<typeof wireEvent>['user'][number];
type WireDownloader = z.output<typeof wireDownloadDetails>['full_downloads'][number];

const toPerson = (person: WirePerson): FaspexPerson => ({
  userId: person.id ?? undefined,
  name: person.name,
  firstName: person.first_name,
  lastName: person.last_name,
  email: person.email,
});

/** Seconds in every answer that was seen; the contract names no unit (aspera-apps-api.md §5.4). */
const milliseconds = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1000);

export const readUploadDetails = fromSchema(
  wireUploadDetails,
  (details): FaspexUploadDetails => ({
    uploadStatus: details.upload_status,
    progress: share(details.percentage_complete),
    startedAt: dateTime(details.start_time),
    completedAt: dateTime(details.completion_time),
    writtenBytes: details.bytes_written,
    totalBytes: details.bytes_total,
    elapsedMs: milliseconds(details.time_elapsed),
    remainingMs: milliseconds(details.time_remaining),
  }),
);

const toDownloader = (downloader: WireDownloader): FaspexDownloader => ({
  ...toPerson(downloader),
  count: downloader.count,
  progress: share(downloader.progress_percentage_complete),
});

export const readDownloadDetails = fromSchema(
  wireDownloadDetails,
  (details): FaspexDownloadDetails => ({
    receipts: details.all_downloads.map((receipt) => ({
      ...toPerson(receipt),
      address: receipt.ip,
      startedAt: dateTime(receipt.start),
      endedAt: dateTime(receipt.stop),
      vendorType: receipt.type,
    })),
    complete: details.full_downloads.map(toDownloader),
    partial: details.partial_downloads.map(toDownloader),
    active: details.active_downloads.map(toDownloader),
  }),
);

export const readEvent = fromSchema(
  wireEvent,
  (event): FaspexEvent => ({
    eventId: event.id,
    createdAt: dateTime(event.created_at),
    eventType: event.event_type,
    message: event.message,
    application: event.application,
    packageId: event.package_id ?? undefined,
    packageName: event.package_name,
    fileName: event.file_name,
    value: event.event_value,
    previousValue: event.event_value_old,
    users: event.user.map(toPerson),
  }),
);
