/** The version of the tool, for `--version` and the report. It is written once, in package.json; the bundle holds a copy. */
import manifest from '../../package.json' with { type: 'json' };

export const version: string = manifest.version;
