export const binaryFormats = ['hex', 'base64', 'byteArray'] as const;

/** How bytes are spelt in JSON (faircom-netography-api.md §A2). */
export type BinaryFormat = (typeof binaryFormats)[number];

const isByte = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255;

function fromText(text: string, format: 'hex' | 'base64'): Uint8Array | undefined {
  const pattern = format === 'hex' ? /^([0-9a-fA-F]{2})*$/ : /^[A-Za-z0-9+/]*={0,2}$/;
  return pattern.test(text) ? new Uint8Array(Buffer.from(text, format)) : undefined;
}

/** Reads bytes; undefined when the value is not spelt in this format. An array of bytes is read in any format. */
export function parseBinary(value: unknown, format: BinaryFormat): Uint8Array | undefined {
  if (Array.isArray(value)) return value.every(isByte) ? Uint8Array.from(value) : undefined;
  return typeof value === 'string' && format !== 'byteArray' ? fromText(value, format) : undefined;
}

export function formatBinary(bytes: Uint8Array, format: BinaryFormat): string | number[] {
  return format === 'byteArray' ? [...bytes] : Buffer.from(bytes).toString(format);
}
