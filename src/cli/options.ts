/** The flag that names the settings file, for every command that has settings. */
export const CONFIG_OPTION = {
  type: 'string',
  requiresArg: true,
  describe: 'The settings file; else aggregate.config.json of the working directory, where there is one',
} as const;

/** The run that a command is about, for every command that is about one. */
export const STAMP_OPTION = {
  type: 'string',
  describe: 'The stamp in the names of its files, such as 20260131-020000',
} as const;

/** The stamp that was given, or undefined. */
export const stampIn = ({ stamp }: Readonly<Record<string, unknown>>): string | undefined =>
  typeof stamp === 'string' ? stamp : undefined;

/** What the shells' scripts ask the program with, in the place of a command; see `complete`. */
export const COMPLETE_WORD = '__complete';
