/** A file to make: path below the docroot and the bounds of its size in bytes. */
export type PlannedFile = readonly [path: string, least: number, most: number];

const KIB = 1024;

/** Files of a media house and its offices; names hold what clients get wrong: scripts, accents, quotes, +, %, #. */
export const plannedFiles: readonly PlannedFile[] = [
  ['README.txt', 400, 900],
  ['Projects/Ōsaka 大阪 Launch/台本_最終版.docx', 20 * KIB, 60 * KIB],
  ['Projects/Ōsaka 大阪 Launch/予算 2026.xlsx', 15 * KIB, 40 * KIB],
  ['Projects/Ōsaka 大阪 Launch/ロゴ.png', 30 * KIB, 90 * KIB],
  ['Projects/Ōsaka 大阪 Launch/Rushes/A001_C003.mov', 200 * KIB, 400 * KIB],
  ['Projects/Ōsaka 大阪 Launch/Rushes/A001_C004.mov', 200 * KIB, 400 * KIB],
  ['Projects/Ōsaka 大阪 Launch/Rushes/カメラレポート.csv', 2 * KIB, 6 * KIB],
  ['Projects/Zürich Brücke/Übergabe/Prüfbericht Größe.pdf', 40 * KIB, 120 * KIB],
  ['Projects/Zürich Brücke/Übergabe/Straßenplan.jpg', 60 * KIB, 160 * KIB],
  ['Projects/Zürich Brücke/Übergabe/Lieferschein.xml', 1 * KIB, 4 * KIB],
  ['Projects/Zürich Brücke/Messung/Sensor A.csv', 8 * KIB, 30 * KIB],
  ['Projects/Zürich Brücke/Messung/Sensor B.csv', 8 * KIB, 30 * KIB],
  ['Projects/Zürich Brücke/Messung/kalibrierung.json', 500, 2 * KIB],
  ['Projects/Nordlys 🎬/Cut 01/nordlys_cut01_h264.mp4', 150 * KIB, 300 * KIB],
  ['Projects/Nordlys 🎬/Cut 01/nordlys_cut01.edl.txt', 1 * KIB, 3 * KIB],
  ['Projects/Nordlys 🎬/Cut 02/nordlys_cut02_h264.mp4', 150 * KIB, 300 * KIB],
  ['Projects/Nordlys 🎬/Cut 02/nordlys_cut02.edl.txt', 1 * KIB, 3 * KIB],
  ['Projects/Nordlys 🎬/Sound/mix 5.1 (final).wav', 120 * KIB, 260 * KIB],
  ['Projects/Nordlys 🎬/Sound/mix stereo (final) (2).wav', 80 * KIB, 160 * KIB],
  ['Projects/Nordlys 🎬/Subtitles/français.xml', 3 * KIB, 9 * KIB],
  ['Projects/Nordlys 🎬/Subtitles/日本語.xml', 3 * KIB, 9 * KIB],
  ['Projects/Nordlys 🎬/Subtitles/русский.xml', 3 * KIB, 9 * KIB],
  ['Projects/Nordlys 🎬/Subtitles/العربية.xml', 3 * KIB, 9 * KIB],
  ['プロジェクト/2026年第3四半期/報告書.pdf', 30 * KIB, 90 * KIB],
  ['プロジェクト/2026年第3四半期/売上.csv', 2 * KIB, 8 * KIB],
  ['プロジェクト/2026年第3四半期/会議メモ.md', 1 * KIB, 3 * KIB],
  ['プロジェクト/アーカイブ/古い契約.zip', 20 * KIB, 70 * KIB],
  ['Legal/"Final" contracts/O\'Neill & Söhne – signed.pdf', 50 * KIB, 140 * KIB],
  ['Legal/"Final" contracts/NDA #42 (100% signed).pdf', 30 * KIB, 80 * KIB],
  ['Legal/Drafts/v1/agreement.docx', 12 * KIB, 30 * KIB],
  ['Legal/Drafts/v2/agreement.docx', 12 * KIB, 30 * KIB],
  ['Legal/Drafts/v10/agreement.docx', 12 * KIB, 30 * KIB],
  ['Marketing/Crème brûlée 🍮/photo + retouche.jpg', 50 * KIB, 130 * KIB],
  ['Marketing/Crème brûlée 🍮/textes;brouillon?.md', 900, 2 * KIB],
  // The accents of these two are separate code points, as a Mac writes them.
  ['Marketing/Cafe\u0301 campaign/re\u0301sume\u0301.txt', 700, 2 * KIB],
  ['Marketing/Cafe\u0301 campaign/banner 728x90.png', 10 * KIB, 30 * KIB],
  ['Marketing/Social/2026-09/post_01.jpg', 20 * KIB, 60 * KIB],
  ['Marketing/Social/2026-09/post_02.jpg', 20 * KIB, 60 * KIB],
  ['Marketing/Social/2026-10/post_01.jpg', 20 * KIB, 60 * KIB],
  ['Marketing/Social/2026-10/captions.json', 600, 3 * KIB],
  ['Finance/2026/invoices/INV-2026-0117.pdf', 15 * KIB, 40 * KIB],
  ['Finance/2026/invoices/INV-2026-0118.pdf', 15 * KIB, 40 * KIB],
  ['Finance/2026/invoices/INV-2026-0119.pdf', 15 * KIB, 40 * KIB],
  ['Finance/2026/ledger.csv', 10 * KIB, 40 * KIB],
  ['Finance/2026/ledger.LOCK', 0, 0],
  ['Archive/checksums.md5.txt', 3 * KIB, 9 * KIB],
  ['Archive/manifest.json', 2 * KIB, 8 * KIB],
  ['.hidden settings.json', 100, 400],
];

/** Folders that stay empty until a transfer fills them. */
export const emptyFolders: readonly string[] = ['Inbound', 'Outbound', 'Projects/Zürich Brücke/Entwürfe (leer)'];

/** The folder with very many entries. */
export const frameFolder = 'Archive/Frames 2K';
export const FRAME_COUNT = 3000;

/** A file that takes no room on disk. */
export const sparseFile = { path: 'Archive/sensor dump 1GiB.bin', size: 1024 ** 3 };

export const seededLink = { path: 'Projects/latest cut', target: 'Nordlys 🎬/Cut 02' };
