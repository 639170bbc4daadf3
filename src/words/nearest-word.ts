/** How many letters must be added, dropped or changed to make one word of the other (Levenshtein). */
function distance(one: string, two: string): number {
  let row = Array.from({ length: two.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= two.length; column += 1) {
      const kept = (row[column - 1] ?? 0) + (two[column - 1] === letter ? 0 : 1);
      next.push(Math.min(kept, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** The word that was probably meant; undefined when none is near. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const [nearest] = known
    .map((candidate) => ({ candidate, distance: distance(lower, candidate.toLowerCase()) }))
    .toSorted((one, two) => one.distance - two.distance);
  return nearest && nearest.distance <= Math.max(2, Math.floor(word.length / 3)) ? nearest.candidate : undefined;
}
