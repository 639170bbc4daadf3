import { extname } from 'node:path';
import { createRandom, type Random } from '../../kit/random.ts';

const words = [
  'scene',
  'Schnitt',
  '撮影',
  'takeover',
  'délivré',
  'proxy',
  'colour',
  'Übergabe',
  'reel',
  'frame',
  'audio',
  '確認',
  'approved',
  'master',
];

const line: Readonly<Record<string, (random: Random) => string>> = {
  '.csv': (random) => `${random.integer(1, 9999)},${random.pick(words)},${random.next().toFixed(6)}`,
  '.json': (random) => `{"take":${random.integer(1, 99)},"note":"${random.pick(words)}"}`,
  '.md': (random) => `- ${random.pick(words)} ${random.pick(words)} ${random.pick(words)}`,
  '.txt': (random) => `${random.integer(1, 9999)} ${random.pick(words)} ${random.pick(words)}`,
  '.xml': (random) => `<cue at="${random.integer(0, 99_999)}">${random.pick(words)}</cue>`,
};

/** What files of these types start with, so that a look at the bytes tells the type. */
const signatures: Readonly<Record<string, Buffer>> = {
  '.docx': Buffer.from('PK\u0003\u0004'),
  '.dpx': Buffer.from('SDPX'),
  '.jpg': Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
  '.mov': Buffer.from('\0\0\0\u0014ftypqt  ', 'latin1'),
  '.mp4': Buffer.from('\0\0\0\u0018ftypmp42', 'latin1'),
  '.pdf': Buffer.from('%PDF-1.7\n'),
  '.png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  '.wav': Buffer.from('RIFF'),
  '.xlsx': Buffer.from('PK\u0003\u0004'),
  '.zip': Buffer.from('PK\u0003\u0004'),
};

function text(size: number, random: Random, next: (random: Random) => string): Buffer {
  const lines: string[] = [];
  for (let length = 0; length < size; ) {
    const written = `${next(random)}\n`;
    lines.push(written);
    length += Buffer.byteLength(written);
  }
  return Buffer.from(lines.join('')).subarray(0, size);
}

function noise(size: number, random: Random): Buffer {
  const bytes = Buffer.alloc(size + 4);
  for (let at = 0; at < size; at += 4) bytes.writeUInt32LE(Math.floor(random.next() * 2 ** 32), at);
  return bytes.subarray(0, size);
}

/** The bytes of a seeded file: the same for the same name, size and seed. */
export function seedContent(name: string, size: number, seed: number): Buffer {
  const random = createRandom(seed);
  const type = extname(name);
  const next = line[type];
  if (next) return text(size, random, next);
  const bytes = noise(size, random);
  signatures[type]?.copy(bytes);
  return bytes;
}
