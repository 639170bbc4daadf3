/**
 * How the servers of tests take operations in and carry them out: by the short way and compiled, as servers do where
 * nobody says otherwise. With DOOR=yoga in the environment all of it is left to yoga and graphql-js, and must be the same.
 */
export const doorSettings: { readonly fastDoor: boolean; readonly compile: boolean } =
  process.env.DOOR === 'yoga' ? { fastDoor: false, compile: false } : { fastDoor: true, compile: true };
