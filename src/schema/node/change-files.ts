import {
  createFile,
  createFolder,
  createSymlink,
  deleteFiles,
  type PathOutcome,
  type PathOutcomes,
  renameFile,
} from '../../resolvers/node/change-files.ts';
import { builder } from '../builder.ts';
import { errorInterface, resultUnion, shownError } from '../errors.ts';
import { needs } from '../scope.ts';

const pathResult = builder.objectRef<PathOutcome>('PathResult').implement({
  description: 'What became of one path. The others of the same mutation are not touched by its failure.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'The path; the new one where it was renamed.' }),
    ok: t.boolean({ description: 'Whether it was done.', resolve: ({ error }) => error === undefined }),
    error: t.field({
      type: errorInterface,
      nullable: true,
      description: 'Why it was not done; null when it was.',
      resolve: ({ error }) => shownError(error),
    }),
  }),
});

const pathsSuccess = (name: string, description: string) =>
  builder.objectRef<PathOutcomes>(name).implement({
    description,
    fields: (t) => ({
      results: t.expose('results', {
        type: [pathResult],
        description: 'What became of each path, in the order in which they were given.',
      }),
    }),
  });

const answered = 'The node has answered; each result says whether its path was done.';
const sourceArgument = 'Name of the node; may be left out when only one node is configured.';

const createFolderInput = builder.inputType('CreateFolderInput', {
  description: 'A folder to make.',
  fields: (t) => ({
    source: t.string({ description: sourceArgument }),
    path: t.string({ required: true, description: 'Its path. The folder above it must be there.' }),
  }),
});

const createFileInput = builder.inputType('CreateFileInput', {
  description: 'A small file to make. Large ones are transferred.',
  fields: (t) => ({
    source: t.string({ description: sourceArgument }),
    path: t.string({ required: true, description: 'Its path. The folder above it must be there.' }),
    contentsBase64: t.string({
      description: 'What is in it, as base64; nothing when left out. Nodes accept about a megabyte.',
    }),
  }),
});

const createSymlinkInput = builder.inputType('CreateSymlinkInput', {
  description: 'A link to make.',
  fields: (t) => ({
    source: t.string({ description: sourceArgument }),
    path: t.string({ required: true, description: 'Path of the link.' }),
    targetPath: t.string({ required: true, description: 'Path that it leads to.' }),
  }),
});

const renameFileInput = builder.inputType('RenameFileInput', {
  description: 'A file or folder to rename.',
  fields: (t) => ({
    source: t.string({ description: sourceArgument }),
    path: t.string({ required: true, description: 'Its path now.' }),
    newName: t.string({ required: true, description: 'Its new name, without folders: it stays where it is.' }),
  }),
});

const deleteFilesInput = builder.inputType('DeleteFilesInput', {
  description: 'Files and folders to delete.',
  fields: (t) => ({
    source: t.string({ description: sourceArgument }),
    paths: t.stringList({ required: true, description: 'Their paths.' }),
    recursive: t.boolean({
      defaultValue: false,
      description: 'Whether folders go with everything in them; without this a folder that is not empty stays.',
    }),
  }),
});

builder.mutationFields((t) => ({
  createFolder: t.field({
    type: pathsSuccess('CreateFolderSuccess', answered),
    nullable: true,
    description: 'Makes a folder on a node. One upstream call.',
    args: { input: t.arg({ type: createFolderInput, required: true, description: 'The folder.' }) },
    errors: resultUnion('CreateFolder'),
    ...needs('node.write'),
    resolve: (_root, { input }, context) => createFolder(input, context),
  }),
  createFile: t.field({
    type: pathsSuccess('CreateFileSuccess', answered),
    nullable: true,
    description: 'Makes a small file on a node, never over another one. One upstream call.',
    args: { input: t.arg({ type: createFileInput, required: true, description: 'The file.' }) },
    errors: resultUnion('CreateFile'),
    ...needs('node.write'),
    resolve: (_root, { input }, context) => createFile(input, context),
  }),
  createSymlink: t.field({
    type: pathsSuccess('CreateSymlinkSuccess', answered),
    nullable: true,
    description: 'Makes a link on a node. One upstream call.',
    args: { input: t.arg({ type: createSymlinkInput, required: true, description: 'The link.' }) },
    errors: resultUnion('CreateSymlink'),
    ...needs('node.write'),
    resolve: (_root, { input }, context) => createSymlink(input, context),
  }),
  renameFile: t.field({
    type: pathsSuccess('RenameFileSuccess', answered),
    nullable: true,
    description: 'Gives a file or folder another name in its folder, never over another one. One upstream call.',
    args: { input: t.arg({ type: renameFileInput, required: true, description: 'Which, and how it is called then.' }) },
    errors: resultUnion('RenameFile'),
    ...needs('node.write'),
    resolve: (_root, { input }, context) => renameFile(input, context),
  }),
  deleteFiles: t.field({
    type: pathsSuccess('DeleteFilesSuccess', answered),
    nullable: true,
    description: 'Deletes files and folders of a node, each for itself. One upstream call.',
    args: { input: t.arg({ type: deleteFilesInput, required: true, description: 'Which.' }) },
    errors: resultUnion('DeleteFiles'),
    ...needs('node.write'),
    resolve: (_root, { input }, context) => deleteFiles(input, context),
  }),
}));
