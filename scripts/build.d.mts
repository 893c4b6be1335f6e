/** Writes `dist/` anew. Throws when a module does not resolve. */
export function build(): Promise<void>;
