/** Listed actions that our simulator does not serve, and why it need not. */
export const unserved: Readonly<Record<string, string>> = {
  listCodePackages: 'no JavaScript is stored on the simulated server',
  describeCodePackages: 'no JavaScript is stored on the simulated server',
};

/** Where our simulator takes more or less than the list of actions says, and where that is told. */
export interface ParameterDifference {
  readonly action: string;
  readonly names: readonly string[];
  readonly isTaken: boolean;
  readonly source: string;
}

export const parameterDifferences: readonly ParameterDifference[] = [
  {
    action: 'createSession',
    names: ['transformBufferInitialBytes'],
    isTaken: true,
    source: 'faircom-netography-api.md §A4 createSession',
  },
  {
    action: 'alterSession',
    names: ['transformBufferInitialBytes'],
    isTaken: true,
    source: 'faircom-netography-api.md §A4: any default of createSession',
  },
  {
    action: 'createTable',
    names: [
      ...['folder', 'createRecByteIndex', 'fieldDelimiterValue', 'growthExtent', 'indexFileExtension', 'padValue'],
      ...['smallFile', 'tableFileExtension', 'transactionModel'],
    ],
    isTaken: true,
    source: 'faircom-netography-api.md §A7: options for folder, extension and growth, named as in the description',
  },
  {
    action: 'listIndexes',
    names: ['partialIndexName', 'skipRecords', 'maxRecords'],
    isTaken: true,
    source: 'faircom-netography-api.md §A7 Indexes',
  },
  {
    action: 'updateRecords',
    names: ['fieldNames'],
    isTaken: true,
    source: 'faircom-netography-api.md §A9: rows as arrays need the names of their fields',
  },
  {
    action: 'getRecordsUsingSQL',
    names: ['transactionId'],
    isTaken: true,
    source: 'faircom-netography-api.md §A11: a query in a transaction',
  },
  {
    action: 'truncateRecords',
    names: ['transactionId'],
    isTaken: false,
    source: 'faircom-netography-api.md §A9: not transactional',
  },
];
