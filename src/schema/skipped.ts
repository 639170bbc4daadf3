/**
 * The field of events that tells a slow reader so. An event is made once for all who see the same, so it says no; what
 * `afterSkips` declares is put in its place for those who missed something.
 */
export const skipped = {
  description: 'Whether states before this one were left out because you did not read fast enough; this is the newest.',
  resolve: () => false,
};
